#include <bits/stdc++.h>
using namespace std;
struct Node { int v; unique_ptr<Node> l, r; };
generator<int> walk(const Node* n) { if (!n) co_return; co_yield ranges::elements_of(walk(n->l.get())); co_yield n->v; co_yield ranges::elements_of(walk(n->r.get())); }
generator<int> fib() { int a = 0, b = 1; for (;;) { co_yield a; tie(a, b) = pair(b, a + b); } }
generator<const string&> words() { string s = "ab"; co_yield s; s += "c"; co_yield s; co_yield "lit"s; }
generator<int> deep(int n) { if (n > 0) co_yield ranges::elements_of(deep(n - 1)); co_yield n; }
generator<int> fails() { co_yield 1; throw runtime_error("no"); }
generator<int> outer() { try { co_yield ranges::elements_of(fails()); } catch (exception& e) { cout << e.what() << ' '; } co_yield 2; co_yield ranges::elements_of(views::iota(7, 9)); }
generator<pair<int, int>> pairs() { for (int i = 0; i < 2; i++) co_yield {i, i * i}; }
int main() {
  Node n{2, make_unique<Node>(1), make_unique<Node>(3)};
  for (int x : walk(&n)) cout << x << ' ';
  for (int x : fib() | views::drop(5) | views::take(5)) cout << x << ' ';
  for (auto& w : words()) cout << w << ' ';
  long long s = 0; for (int x : deep(20000)) s += x; cout << s << ' ';
  for (int x : outer()) cout << x << ' ';
  for (auto [a, b] : pairs()) cout << a << b << ' ';
  try { for (int x : fails()) cout << x << ' '; } catch (runtime_error& e) { cout << e.what() << '\n'; }
  static_assert(ranges::input_range<generator<int>>);
  static_assert(!ranges::forward_range<generator<int>>);
}
