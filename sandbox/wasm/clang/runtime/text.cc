// Regular expressions and formatting for every type that the library can format: what `precompiled.h` declares to be here.
// Linked only where a program uses them.
#include <bits/stdc++.h>

_LIBCPP_BEGIN_NAMESPACE_STD

template class basic_regex<char>;
template void basic_regex<char>::__init(const char*, const char*);
template void basic_regex<char>::__init(string::const_iterator, string::const_iterator);
template bool basic_regex<char>::__search(const char*, const char*, __dikast_results&, regex_constants::match_flag_type) const;
template class match_results<const char*>;
template class match_results<string::const_iterator>;
template class regex_iterator<string::const_iterator>;
template class regex_token_iterator<string::const_iterator>;

namespace __format {

// A type of its own, without members: with it the library's template is instantiated, which is specialized for its base.
struct __parsing : format_parse_context {};

template <>
format_context::iterator __vformat_to(format_parse_context&& parsing, format_context&& formatting) {
  return __format::__vformat_to(static_cast<__parsing&&>(parsing), std::move(formatting));
}

}  // namespace __format

_LIBCPP_END_NAMESPACE_STD
