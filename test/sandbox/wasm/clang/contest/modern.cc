#include <bits/stdc++.h>
#include <ranges>
#include <print>
using namespace std;
struct P { int x = 1, y = 2; auto operator<=>(const P&) const = default; };
template<typename T> concept Num = integral<T> || floating_point<T>;
auto add(Num auto a, Num auto b) { return a + b; }
enum class C { a, b };
consteval int sq(int x) { return x * x; }
struct Gen { struct promise_type { int v; Gen get_return_object() { return {coroutine_handle<promise_type>::from_promise(*this)}; } suspend_always initial_suspend() { return {}; } suspend_always final_suspend() noexcept { return {}; } suspend_always yield_value(int x) { v = x; return {}; } void return_void() {} void unhandled_exception() {} }; coroutine_handle<promise_type> h; bool next() { h.resume(); return !h.done(); } };
Gen gen(int n) { for (int i = 0; i < n; i++) co_yield i * i; }
int main() {
  P p{.x = 5, .y = 6}; auto [a, b] = p; cout << a << b << (p > P{}) << add(1, 2.5) << sq(5) << '\n';
  vector<int> v{5, 3, 1, 4}; ranges::sort(v, greater{}); for (auto x : v | views::filter([](int x) { return x > 1; }) | views::transform([](int x) { return x * 2; }) | views::take(2)) cout << x << ' '; cout << '\n';
  for (auto [x, y] : views::zip(v, views::iota(1))) cout << x * y << ' '; cout << '\n';
  cout << format("{:>5}|{:<5}|{:^5}|{:05d}|{:x}|{:.3f}|{}", 1, 2, 3, 4, 255, 3.14159, "s") << '\n'; print("{} {}\n", 1, "two"); println("{}", 3.5);
  string s = "hello"; cout << s.starts_with("he") << s.ends_with('o') << s.contains("ll") << '\n'; 
  span<int> sp(v); cout << sp.size() << popcount(255u) << bit_width(8u) << countr_zero(8u) << has_single_bit(6u) << midpoint(1, 4) << lerp(0.0, 10.0, 0.5) << gcd(12, 18) << lcm(4, 6) << '\n';
  { using enum C; cout << (int)C::b << to_underlying(C::b) << "\n"; } cout << 1 << '\n'; auto g = gen(4); while (g.next()) cout << g.h.promise().v << ' '; cout << '\n';
  map<string, int> m{{"a", 1}}; if (auto it = m.find("a"); it != m.end()) cout << it->second << m.contains("b") << '\n'; erase_if(v, [](int x) { return x == 3; }); cout << v.size() << '\n';
  optional<int> o = 3; cout << o.transform([](int x) { return x + 1; }).value_or(0) << '\n'; variant<int, string> w = "x"; visit([](auto& x) { cout << x << '\n'; }, w); tuple t{1, 2.5, 'c'}; apply([](auto... x) { ((cout << x << ' '), ...); }, t); cout << '\n';
  auto rec = [&](this auto&& self, int n) -> int { return n ? n + self(n - 1) : 0; }; cout << rec(10) << '\n'; cout << ranges::max(v) << ranges::fold_left(v, 0, plus{}) << *ranges::find(v, 4) << '\n';
  vector<vector<int>> d(3, vector<int>(3)); int arr[2][2] = {{1, 2}, {3, 4}}; for (auto& r : arr) for (int x : r) cout << x; cout << '\n'; jthread* jt = nullptr; (void)jt; cout << reduce(v.begin(), v.end()) << '\n'; string_view sv = "abc"; cout << sv.substr(1) << stoi("12") << to_string(3.5) << '\n'; auto now = chrono::steady_clock::now(); cout << (chrono::duration_cast<chrono::milliseconds>(chrono::steady_clock::now() - now).count() >= 0) << '\n'; mt19937_64 r(chrono::high_resolution_clock::now().time_since_epoch().count()); uniform_int_distribution<int> u(1, 6); int z = u(r); cout << (z >= 1 && z <= 6) << '\n'; random_device rd; cout << (rd() >= 0) << '\n'; shuffle(v.begin(), v.end(), r); int si = ssize(v); cout << si << '\n'; complex<double> cx(1, 2); cout << cx * cx << abs(cx) << '\n'; valarray<int> va{1, 2, 3}; cout << va.sum() << '\n'; cout << quoted("q") << boolalpha << true << '\n'; iota(v.begin(), v.end(), 0); cout << accumulate(v.begin(), v.end(), 0ll) << '\n'; }
