#include <bits/stdc++.h>
using namespace std;
int main() {
  vector<int> a{5, 3, 8, 1, 9, 2};
  for (auto [i, x] : views::enumerate(a)) { cout << i << x << ' '; x += 1; }
  cout << a[0] << '\n';
  for (auto&& [i, x] : a | views::enumerate | views::reverse) cout << i << x << ' ';
  for (const auto& [i, x] : a | views::filter([](int y) { return y % 2; }) | views::enumerate) cout << i << ':' << x << ' ';
  cout << '\n';
  for (auto part : a | views::chunk(4)) { for (int x : part) cout << x; cout << '|'; }
  for (auto part : a | views::slide(3)) cout << ranges::max(part) << accumulate(part.begin(), part.end(), 0) << ' ';
  for (auto part : views::slide(a, 9)) cout << "never" << part.size();
  cout << '\n' << ranges::size(a | views::chunk(4)) << ranges::size(a | views::slide(2)) << ranges::size(a | views::stride(4)) << '\n';
  for (int& x : a | views::stride(2)) x *= 2;
  for (int x : views::iota(0, 20) | views::stride(7)) cout << x << ' ';
  for (int x : list<int>{1, 2, 3, 4, 5} | views::stride(2) | views::transform([](int y) { return y * y; })) cout << x << ' ';
  cout << '\n';
  for (auto [x, y, c] : views::cartesian_product(a | views::take(2), views::iota(0, 2), string("ab"))) cout << x * 10 + y << c << ' ';
  cout << ranges::distance(views::cartesian_product(a, a)) << ranges::empty(views::cartesian_product(a, vector<int>{})) << '\n';
  for (auto row : string("abcdefg") | views::chunk(3)) cout << string_view(row.begin(), row.end()) << ' ';
  auto v = a | views::chunk(2) | views::transform([](auto r) { return ranges::fold_left(r, 0, plus{}); }) | ranges::to<vector>();
  cout << v.size() << v[0] << ' ' << ranges::max(v) << '\n';
}
