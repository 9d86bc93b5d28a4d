// What the precompiled header is made from: the whole library, and the instances of its templates that most programs use,
// which are then read instead of made. More of them cost every program more than they save; see docs/toolchains.md.
#pragma once
#include <bits/stdc++.h>

// Compiled once with the runtime (text.cc): regular expressions and formatting are the largest parts of the library. A program
// that uses them spent three quarters of its compilation on them.
_LIBCPP_BEGIN_NAMESPACE_STD
using __dikast_results = match_results<const char*>;
extern template class basic_regex<char>;
extern template void basic_regex<char>::__init(const char*, const char*);
extern template void basic_regex<char>::__init(string::const_iterator, string::const_iterator);
extern template bool basic_regex<char>::__search(const char*, const char*, __dikast_results&, regex_constants::match_flag_type) const;
extern template class match_results<const char*>;
extern template class match_results<string::const_iterator>;
extern template class regex_iterator<string::const_iterator>;
extern template class regex_token_iterator<string::const_iterator>;
namespace __format {
template <>
format_context::iterator __vformat_to(format_parse_context&&, format_context&&);
}
_LIBCPP_END_NAMESPACE_STD

inline void __dikast_instances() {
  int number = 0;
  std::string text;
  std::cin >> text >> number;
  std::cout << "text" << text << 'c' << number << std::endl;
  std::vector<int> values(number);
  values.push_back(1);
  std::sort(values.begin(), values.end());
  std::map<std::string, int> counts;
  counts["text"]++;
  counts[text]++;
  for (auto& [key, count] : counts) number += count;
  std::map<int, int> totals;
  totals[1]++;
  for (auto& [key, count] : totals) number += count;
  std::set<int> distinct;
  distinct.insert(number);
}
