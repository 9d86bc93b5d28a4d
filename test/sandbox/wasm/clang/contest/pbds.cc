#include <bits/stdc++.h>
#include <bits/extc++.h>
using namespace std;
using namespace __gnu_pbds;
typedef tree<pair<int,int>, null_type, less<pair<int,int>>, rb_tree_tag, tree_order_statistics_node_update> oset;
struct chash { size_t operator()(long long x) const { return x * 0x9E3779B97F4A7C15ull >> 20; } };
template<class T> using ordered_set = tree<T, null_type, less<T>, rb_tree_tag, tree_order_statistics_node_update>;
int main() { oset s; for (int i = 0; i < 1000; i++) s.insert({i * 7 % 1000, i}); cout << s.order_of_key({500, 0}) << ' ' << s.find_by_order(10)->first << ' ' << s.size() << '\n';
 gp_hash_table<long long, int, chash> h; for (int i = 0; i < 100; i++) h[i * 1000003LL]++; cout << h.size() << ' ' << (h.find(1000003LL) != h.end()) << '\n';
 cc_hash_table<int,int> c; c[4] = 2; cout << c[4] << '\n';
 ordered_set<string> t; t.insert("b"); t.insert("a"); cout << *t.find_by_order(0) << (t.find_by_order(5) == t.end()) << t.order_of_key("zz") << '\n';
 auto it = t.lower_bound("ab"); cout << *it << '\n'; t.erase("a"); cout << t.size() << '\n';
 __gnu_pbds::priority_queue<int, greater<int>, pairing_heap_tag> q; auto p = q.push(5); q.push(3); q.modify(p, 1); cout << q.top() << '\n'; q.pop(); cout << q.size() << q.top() << '\n';
 __gnu_pbds::priority_queue<int> a, b; a.push(1); b.push(9); a.join(b); cout << a.top() << a.size() << b.size() << '\n';
 tree<int, int, less<int>, rb_tree_tag, tree_order_statistics_node_update> m; m[3] = 4; m.insert({5, 6}); cout << m.find_by_order(1)->second << m.order_of_key(5) << '\n';
 ordered_set<int> x, y; for (int i = 0; i < 10; i++) x.insert(i); x.split(4, y); cout << x.size() << y.size() << '\n'; x.join(y); cout << x.size() << '\n';
}
