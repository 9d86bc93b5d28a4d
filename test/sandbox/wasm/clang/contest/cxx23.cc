#include <bits/stdc++.h>
#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/list_update_policy.hpp>
#include <ext/pb_ds/tree_policy.hpp>
#include <ext/pb_ds/trie_policy.hpp>
using namespace std;
int main() {
  vector<int> v{1, 2, 3, 4, 5};
  cout << ranges::fold_right(v, 0, minus{}) << ranges::fold_right(vector<string>{"a", "b"}, "!"s, plus{}) << *ranges::fold_left_first(v, minus{}) << *ranges::fold_right_last(v, minus{})
       << ranges::fold_left_first(vector<int>{}, plus{}).has_value() << ranges::fold_right_last(vector<int>{}, plus{}).has_value() << ' ';
  auto left = v;
  cout << ranges::distance(ranges::shift_left(left, 2)) << left[0] << left[2] << ranges::distance(ranges::shift_left(left, 5)) << ' ';
  auto right = v;
  cout << ranges::distance(ranges::shift_right(right, 2)) << right[2] << right[4] << ranges::distance(ranges::shift_right(right, 9)) << '\n';
  for (auto& x : v | views::as_const) { static_assert(is_const_v<remove_reference_t<decltype(x)>>); cout << x; }
  for (auto& x : v | views::filter([](int y) { return y % 2; }) | views::as_const) { static_assert(is_const_v<remove_reference_t<decltype(x)>>); cout << x; }
  for (auto x : views::iota(0, 3) | views::as_const) cout << x;
  cout << '\n';
  move_only_function<int(int) const> f = [p = make_unique<int>(5)](int x) { return *p + x; };
  auto g = std::move(f);
  cout << g(3) << !f << (g != nullptr);
  move_only_function<void(unique_ptr<int>)> take = [n = 0](unique_ptr<int> p) mutable { cout << *p + n++; };
  take(make_unique<int>(1)), take(make_unique<int>(1));
  move_only_function<int() && noexcept> once = []() noexcept { return 7; };
  cout << std::move(once)();
  vector<move_only_function<int()>> tasks;
  for (int i = 0; i < 3; i++) tasks.push_back([i] { return i * i; });
  for (auto& each : tasks) cout << each();
  int (*none)() = nullptr;
  cout << bool(move_only_function<int()>(none)) << move_only_function<size_t(const string&)>(&string::size)("four") << '\n';
  flat_map<string, int> m{{"b", 2}, {"a", 1}};
  m["c"] = 3;
  flat_set<int> s{3, 1, 2, 3};
  for (auto [k, x] : m) cout << k << x;
  cout << s.size() << *s.lower_bound(2) << ' ';
  mdspan grid(v.data(), 2, 2);
  cout << grid[1, 0] << grid.extent(0) << '\n';
  const char text[] = "12 34 x";
  ispanstream in(span(text, 7));
  int a, b;
  in >> a >> b;
  cout << a + b << in.good();
  in.clear();
  in.seekg(3);
  in >> a;
  char place[6];
  ospanstream out(place);
  out << a << "ab" << 'c';
  cout << a << string_view(out.span().data(), out.span().size()) << out.good();
  out << "too long";
  cout << out.good() << out.span().size() << '\n';
  std::float64_t d = 1.5;
  std::float32_t e = 0.25f;
  cout << d + e << '\n';
  generator<const int&> all = []() -> generator<const int&> { co_yield ranges::elements_of(vector{4, 5}); }();
  for (const int& x : all) cout << x;
  inplace_vector<int, 3> few{1, 2};
  cout << few.size() << '\n';
}
