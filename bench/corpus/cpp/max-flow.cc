// Graph: Dinic's maximum flow on a layered network.
// Sizes: 40 120 300
#include <bits/stdc++.h>
using namespace std;
struct Edge { int to, capacity; };
vector<Edge> edges;
vector<vector<int>> g;
vector<int> level, at;
void add(int a, int b, int c) {
  g[a].push_back(edges.size()), edges.push_back({b, c});
  g[b].push_back(edges.size()), edges.push_back({a, 0});
}
int push(int u, int t, int f) {
  if (u == t || !f) return f;
  for (int& i = at[u]; i < (int)g[u].size(); i++) {
    Edge& e = edges[g[u][i]];
    if (level[e.to] != level[u] + 1) continue;
    if (int d = push(e.to, t, min(f, e.capacity))) {
      e.capacity -= d, edges[g[u][i] ^ 1].capacity += d;
      return d;
    }
  }
  return 0;
}
int main() {
  int width;
  cin >> width;
  const int layers = 60, n = layers * width + 2, s = n - 2, t = n - 1;
  g.resize(n);
  mt19937 r(11);
  for (int i = 0; i < width; i++) add(s, i, 1000), add((layers - 1) * width + i, t, 1000);
  for (int l = 0; l + 1 < layers; l++)
    for (int i = 0; i < width; i++)
      for (int k = 0; k < 6; k++) add(l * width + i, (l + 1) * width + r() % width, r() % 60 + 1);
  long long flow = 0;
  for (;;) {
    level.assign(n, -1);
    level[s] = 0;
    queue<int> q;
    q.push(s);
    while (!q.empty()) {
      int u = q.front();
      q.pop();
      for (int i : g[u])
        if (edges[i].capacity && level[edges[i].to] < 0) level[edges[i].to] = level[u] + 1, q.push(edges[i].to);
    }
    if (level[t] < 0) break;
    at.assign(n, 0);
    while (int d = push(s, t, INT_MAX)) flow += d;
  }
  cout << flow << endl;
}
