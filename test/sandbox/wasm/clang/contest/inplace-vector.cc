#include <inplace_vector>
#include <iostream>
#include <memory>
#include <numeric>
#include <ranges>
#include <string>
#include <vector>
using namespace std;
template <class V> void show(const V& v) {
  for (auto& x : v) cout << x << ' ';
  cout << "| ";
}
constexpr int at_compile_time() {
  inplace_vector<int, 8> v{3, 1, 2};
  v.push_back(9);
  v.insert(v.begin() + 1, 7);
  v.erase(v.begin());
  int s = 0;
  for (int x : v) s = s * 10 + x;
  return s;
}
static_assert(at_compile_time() == 7129);
int main() {
  inplace_vector<int, 8> v{3, 1, 2};
  v.push_back(5);
  v.insert(v.begin() + 1, 2, 7);
  show(v);
  v.insert(v.begin(), {8, 9});
  show(v);
  cout << v.size() << v.capacity() << (v.try_push_back(1) == nullptr) << ' ';
  try { v.push_back(1); } catch (const bad_alloc&) { cout << "full "; }
  try { v.at(8); } catch (const out_of_range&) { cout << "out "; }
  erase_if(v, [](int x) { return x > 6; });
  show(v);
  cout << erase(v, 2) << ' ';
  v.erase(v.begin(), v.begin() + 1);
  show(v);
  v.resize(4);
  v.resize(6, -1);
  show(v);
  v.append_range(views::iota(1, 3));
  v.pop_back();
  show(v);
  cout << '\n';
  inplace_vector<string, 4> s{"aa", string(50, 'b')};
  auto t = s;
  s.emplace_back("cc");
  swap(s, t);
  show(s), show(t);
  t = std::move(s);
  t.insert(t.begin(), "first");
  t.emplace(t.end(), 3, 'z');
  show(t);
  cout << (t > inplace_vector<string, 4>{"first"}) << (t == t) << '\n';
  inplace_vector<unique_ptr<int>, 3> u;
  u.push_back(make_unique<int>(4));
  u.emplace_back(new int(5));
  auto w = std::move(u);
  cout << *w[0] + *w.back() << w.size() << ' ';
  inplace_vector<int, 0> none;
  cout << none.empty() << none.max_size() << ' ' << (none.try_push_back(1) == nullptr) << ' ';
  static_assert(is_trivially_copyable_v<inplace_vector<int, 5>> && sizeof(inplace_vector<int, 5>) == 6 * sizeof(int));
  vector<inplace_vector<int, 4>> graph(3);
  graph[1].push_back(2), graph[2] = {1, 0};
  auto copy = graph;
  copy[2][0] = 6;
  cout << graph[2][0] << copy[2][0] << copy[2].size() << ' ';
  inplace_vector<int, 5> r(from_range, views::iota(0, 5)), q(r.rbegin(), r.rend());
  show(q);
  vector<int> many{1, 2, 3, 4, 5, 6};
  inplace_vector<int, 4> some;
  cout << some.try_append_range(many) - many.begin() << some.size() << accumulate(some.begin(), some.end(), 0) << '\n';
}
