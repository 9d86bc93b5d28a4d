#include <bits/stdc++.h>
using namespace std;
vector<int> g[1000005]; int d[1000005];
void dfs(int u, int p) { for (int v : g[u]) if (v != p) { d[v] = d[u] + 1; dfs(v, u); } }
int main() { int n = 1000000; for (int i = 1; i < n; i++) g[i].push_back(i + 1), g[i + 1].push_back(i); dfs(1, 0); cout << d[n] << '\n'; }
