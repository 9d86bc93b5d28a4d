#include <bits/stdc++.h>
using namespace std;
generator<int> counting(int n) {
  for (int i = 0; i < n; i++) co_yield i;
}
generator<pair<long long, int>> fibonacci() {
  long long a = 0, b = 1;
  for (int i = 0;; i++) {
    co_yield {a, i};
    a = exchange(b, a + b);
  }
}
struct Node { int value; unique_ptr<Node> left, right; };
generator<const int&> inorder(const Node* node) {
  if (!node) co_return;
  co_yield ranges::elements_of(inorder(node->left.get()));
  co_yield node->value;
  co_yield ranges::elements_of(inorder(node->right.get()));
}
unique_ptr<Node> tree(int lo, int hi) {
  if (lo >= hi) return nullptr;
  int mid = (lo + hi) / 2;
  return unique_ptr<Node>(new Node{mid, tree(lo, mid), tree(mid + 1, hi)});
}
generator<int&> references(vector<int>& v) {
  for (int& x : v) co_yield x;
}
generator<string> words(string text) {
  string word;
  for (char c : text)
    if (c == ' ') co_yield exchange(word, "");
    else word += c;
  co_yield word;
  vector<string> more{"and", "more"};
  co_yield ranges::elements_of(more | views::as_rvalue);
}
generator<int> chain(int depth) {
  co_yield depth;
  if (depth) co_yield ranges::elements_of(chain(depth - 1));
}
generator<int> failing(int n) {
  co_yield n;
  if (n == 0) throw runtime_error("end");
  bool failed = false;
  try {
    co_yield ranges::elements_of(failing(n - 1));
  } catch (const runtime_error& e) {
    if (n != 2) throw;
    failed = true;
  }
  if (failed) co_yield 100;
}
generator<string_view, string> views_of(const vector<string>& all) {
  for (auto& each : all) co_yield each;
}
struct Loud { int id; Loud(int i) : id(i) {} ~Loud() { cout << '~' << id; } };
generator<int> cleaning() {
  Loud a(1);
  co_yield 1;
  Loud b(2);
  co_yield 2;
}
int main() {
  for (int x : counting(4)) cout << x << ' ';
  for (auto [f, i] : fibonacci() | views::drop(10) | views::take(3)) cout << f << '@' << i << ' ';
  auto root = tree(0, 20);
  for (const int& x : inorder(root.get())) cout << x << ' ';
  cout << '\n';
  vector<int> v{1, 2, 3};
  for (int& x : references(v)) x *= 10;
  cout << v[0] + v[1] + v[2] << '\n';
  for (string&& w : words("one two three")) cout << string(std::move(w)) << ',';
  cout << ranges::fold_left(counting(1000), 0, plus{}) << ' ' << ranges::distance(chain(20000)) << '\n';
  for (int x : failing(3)) cout << x << ' ';
  try {
    for (int x : failing(1)) cout << x << ' ';
  } catch (const exception& e) {
    cout << e.what() << '\n';
  }
  vector<string> names{"x", "yy"};
  static_assert(is_same_v<ranges::range_value_t<generator<string_view, string>>, string>);
  for (string_view s : views_of(names)) cout << s.size();
  auto g = cleaning();
  auto it = g.begin();
  cout << *it;
  ++it;
  { auto moved = std::move(g); cout << *it; }
  auto squares = counting(5) | views::transform([](int x) { return x * x; }) | ranges::to<vector>();
  cout << ' ' << squares.size() << squares[4];
  auto lambda = [](int n) -> generator<int> { while (n) { co_yield n % 10; n /= 10; } };
  for (int d : lambda(1234)) cout << d;
  static_assert(ranges::input_range<generator<int>> && ranges::view<generator<int>> && !copyable<generator<int>>);
  cout << '\n';
}
