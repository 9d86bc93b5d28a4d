// DP over subsets: shortest tour through 19 towns.
// Sizes: 15 19 20
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  vector<vector<int>> d(n, vector<int>(n));
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) d[i][j] = (i * 7919 + j * 104729) % 997 + 1;
  vector<int> best((1 << n) * n, INT_MAX / 2);
  best[1 * n + 0] = 0;
  for (int s = 1; s < 1 << n; s += 2)
    for (int u = 0; u < n; u++) {
      if (!(s >> u & 1)) continue;
      int here = best[s * n + u];
      for (int v = 0; v < n; v++)
        if (!(s >> v & 1)) best[(s | 1 << v) * n + v] = min(best[(s | 1 << v) * n + v], here + d[u][v]);
    }
  int answer = INT_MAX;
  for (int u = 1; u < n; u++) answer = min(answer, best[((1 << n) - 1) * n + u] + d[u][0]);
  cout << answer << endl;
}
