// The templates that the shipped library holds as compiled code, compiled anew. The library was built without
// optimization; taken from here, `std::sort` of numbers, strings and streams are as fast as a contestant expects. Linked
// before the library; what no program uses is left out function by function.
#include <bits/stdc++.h>

_LIBCPP_BEGIN_NAMESPACE_STD

// As the library defines it: `__less` of a number is `ranges::less`.
template <class Compare, class Iterator>
void __sort(Iterator first, Iterator last, Compare) {
  if (first == last) return;
  const auto depthMax = 2 * std::__bit_log2(static_cast<size_t>(last - first));
  std::__introsort<_ClassicAlgPolicy, ranges::less, Iterator, __use_branchless_sort<ranges::less, Iterator>>(
      first, last, ranges::less{}, depthMax);
}

#define DIKAST_SORT(type) template void __sort<__less<type>&, type*>(type*, type*, __less<type>&);
DIKAST_SORT(char)
DIKAST_SORT(wchar_t)
DIKAST_SORT(signed char)
DIKAST_SORT(unsigned char)
DIKAST_SORT(short)
DIKAST_SORT(unsigned short)
DIKAST_SORT(int)
DIKAST_SORT(unsigned)
DIKAST_SORT(long)
DIKAST_SORT(unsigned long)
DIKAST_SORT(long long)
DIKAST_SORT(unsigned long long)
DIKAST_SORT(float)
DIKAST_SORT(double)
DIKAST_SORT(long double)

template class basic_string<char>;
template string operator+(char const*, string const&);

template class basic_ios<char>;
template class basic_streambuf<char>;
template class basic_istream<char>;
template class basic_ostream<char>;
template class basic_iostream<char>;
template class basic_stringbuf<char>;
template class basic_istringstream<char>;
template class basic_ostringstream<char>;
template class basic_stringstream<char>;
template class basic_filebuf<char>;
template class basic_ifstream<char>;
template class basic_ofstream<char>;

template struct __num_get<char>;
template struct __num_put<char>;
template class num_get<char>;
template class num_put<char>;

_LIBCPP_END_NAMESPACE_STD

// Not a template, but hashes of strings go through it. The linker is told to find `std::__hash_memory` here.
extern "C" size_t __wrap__ZNSt3__213__hash_memoryEPKvm(const void* bytes, size_t length) {
  return std::__murmur2_or_cityhash<size_t>()(bytes, length);
}
