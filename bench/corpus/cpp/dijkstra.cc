// Graph: shortest paths with a heap, 1.5e5 vertices, 7.5e5 edges.
// Sizes: 15000 150000 300000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  const int m = 5 * n;
  vector<vector<pair<int, int>>> g(n);
  mt19937 r(1);
  for (int i = 0; i < m; i++) {
    int a = r() % n, b = r() % n, w = r() % 1000 + 1;
    g[a].push_back({b, w});
    g[b].push_back({a, w});
  }
  vector<long long> d(n, LLONG_MAX);
  priority_queue<pair<long long, int>, vector<pair<long long, int>>, greater<>> q;
  q.push({d[0] = 0, 0});
  while (!q.empty()) {
    auto [x, u] = q.top();
    q.pop();
    if (x > d[u]) continue;
    for (auto [v, w] : g[u])
      if (x + w < d[v]) q.push({d[v] = x + w, v});
  }
  long long sum = 0;
  for (auto x : d)
    if (x != LLONG_MAX) sum += x;
  cout << sum << endl;
}
