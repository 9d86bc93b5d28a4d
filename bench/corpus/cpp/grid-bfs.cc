// Graph: breadth-first search over a 1800x1800 maze.
// Sizes: 500 1800 3000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  vector<string> maze(n, string(n, '.'));
  unsigned x = 17;
  for (auto& row : maze)
    for (auto& c : row) {
      x = x * 1664525 + 1013904223;
      if (x >> 30 == 0) c = '#';
    }
  maze[0][0] = '.';
  vector<vector<int>> dist(n, vector<int>(n, -1));
  queue<pair<int, int>> q;
  q.push({0, 0});
  dist[0][0] = 0;
  long long sum = 0;
  int far = 0;
  const int dx[] = {0, 1, 0, -1}, dy[] = {1, 0, -1, 0};
  while (!q.empty()) {
    auto [r, c] = q.front();
    q.pop();
    sum += dist[r][c];
    far = max(far, dist[r][c]);
    for (int k = 0; k < 4; k++) {
      int a = r + dx[k], b = c + dy[k];
      if (a < 0 || b < 0 || a >= n || b >= n || maze[a][b] == '#' || dist[a][b] >= 0) continue;
      dist[a][b] = dist[r][c] + 1;
      q.push({a, b});
    }
  }
  cout << far << " " << sum << "\n";
}
