#include <bits/stdc++.h>
#include <ext/pb_ds/priority_queue.hpp>
using namespace std;
typedef __gnu_pbds::priority_queue<pair<long long,int>, greater<pair<long long,int>>, __gnu_pbds::pairing_heap_tag> heap;
int main() { mt19937 r(4); heap h; vector<heap::point_iterator> its; multiset<pair<long long,int>> ref; vector<pair<long long,int>> val; vector<bool> alive;
 for (int i = 0; i < 50000; i++) { int op = r() % 5; if (op < 2 || ref.empty()) { pair<long long,int> p(r() % 1000000, i); its.push_back(h.push(p)); val.push_back(p); alive.push_back(true); ref.insert(p); }
  else if (op == 2) { if (h.top() != *ref.begin()) return 1; auto t = h.top(); h.pop(); ref.erase(ref.begin()); for (size_t k = 0; k < val.size(); k++) if (alive[k] && val[k] == t) { alive[k] = false; break; } }
  else { size_t k = r() % val.size(); if (!alive[k]) continue; if (op == 3) { auto p = val[k]; p.first = r() % 1000000; h.modify(its[k], p); ref.erase(ref.find(val[k])); ref.insert(p); val[k] = p; } else { h.erase(its[k]); ref.erase(ref.find(val[k])); alive[k] = false; } }
  if (h.size() != ref.size()) return 2; }
 long long s = 0, t = 0; for (auto& p : h) s += p.first; for (auto& p : ref) t += p.first; heap g = h; heap e; e.push({-5, 1}); g.join(e); cout << (s == t) << g.size() - h.size() << e.empty() << g.top().first << '\n'; while (!h.empty()) { if (h.top() != *ref.begin()) return 3; h.pop(); ref.erase(ref.begin()); } cout << "ok\n"; }
