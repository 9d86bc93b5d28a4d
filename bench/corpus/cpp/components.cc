// Graph: union-find with path compression; strongly connected components by a deep recursive search.
// Sizes: 1 12 80
#include <bits/stdc++.h>
using namespace std;
const int N = 60000;
int parent[N], low[N], number_[N], component[N], counter, components;
vector<int> g[N], stack_;
int find(int x) { return parent[x] == x ? x : parent[x] = find(parent[x]); }
void visit(int u) {
  low[u] = number_[u] = ++counter;
  stack_.push_back(u);
  for (int v : g[u])
    if (!number_[v]) visit(v), low[u] = min(low[u], low[v]);
    else if (!component[v]) low[u] = min(low[u], number_[v]);
  if (low[u] == number_[u]) {
    components++;
    for (int v = -1; v != u;) component[v = stack_.back()] = components, stack_.pop_back();
  }
}
int main() {
  int rounds;
  cin >> rounds;
  mt19937 r(3);
  long long sum = 0;
  for (int round = 0; round < rounds; round++) {
    iota(parent, parent + N, 0);
    fill(number_, number_ + N, 0), fill(component, component + N, 0);
    counter = 0;
    for (int i = 0; i < N; i++) g[i].clear();
    for (int i = 0; i < 2 * N; i++) {
      int a = r() % N, b = r() % N;
      if (find(a) != find(b)) parent[find(a)] = find(b), sum++;
      if (i % 2) g[a].push_back(b);
    }
    for (int i = 0; i + 1 < N; i++)
      if (i % 1000) g[i].push_back(i + 1);
    for (int i = 0; i < N; i++)
      if (!number_[i]) visit(i);
  }
  cout << sum << " " << components << endl;
}
