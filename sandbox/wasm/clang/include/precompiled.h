// What the precompiled header is made from: the whole library, and the instances of its templates that most programs use,
// which are then read instead of made. More of them cost every program more than they save; see docs/toolchains.md.
#pragma once
#include <bits/stdc++.h>

// Compiled once with the runtime (library.cc): regular expressions are the largest part of the library.
extern template class std::basic_regex<char>;

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
