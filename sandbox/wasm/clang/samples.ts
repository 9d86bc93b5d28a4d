/** Ordinary programs that make V8 compile what ordinary programs use. The first of each language is the most ordinary one. */
import type { SourceFile } from "../../sandbox.ts";

const source = (name: string, text: string): SourceFile => ({ name, bytes: new TextEncoder().encode(text) });
const cpp = (body: string) => source("main.cpp", `#include <bits/stdc++.h>\nusing namespace std;\n${body}`);

const COUNTING = cpp(`int main() {
  int n;
  cin >> n;
  vector<int> v(n);
  for (int& x : v) cin >> x;
  sort(v.begin(), v.end());
  map<int, int> m;
  for (int x : v) m[x]++;
  for (auto [x, k] : m) cout << x << " " << k << endl;
}
`);

const SHORTEST_PATHS = cpp(`struct Edge { int to; long long length; };
int main() {
  int n, m;
  scanf("%d %d", &n, &m);
  vector<vector<Edge>> graph(n);
  for (int i = 0; i < m; i++) {
    int a, b, c;
    scanf("%d %d %d", &a, &b, &c);
    graph[a].push_back({b, c});
  }
  priority_queue<pair<long long, int>, vector<pair<long long, int>>, greater<>> queue;
  vector<long long> far(n, LLONG_MAX);
  queue.push({0, 0});
  while (!queue.empty()) {
    auto [d, u] = queue.top();
    queue.pop();
    if (d >= far[u]) continue;
    far[u] = d;
    for (const Edge& e : graph[u]) queue.emplace(d + e.length, e.to);
  }
  for (long long d : far) printf("%lld\\n", d);
}
`);

const WORDS = cpp(`int main() {
  ios::sync_with_stdio(false);
  string line, word;
  unordered_map<string, int> counts;
  set<pair<int, string>> order;
  while (getline(cin, line)) {
    stringstream words(line);
    while (words >> word) counts[word]++;
  }
  for (auto& [key, count] : counts) order.insert({-count, key});
  vector<string> names;
  for (auto& [count, key] : order) names.push_back(key + to_string(-count));
  sort(names.begin(), names.end(), [](const string& a, const string& b) { return a.size() < b.size(); });
  names.erase(unique(names.begin(), names.end()), names.end());
  for (auto& each : names) cout << setw(8) << fixed << setprecision(3) << each.size() / 2.0 << each << '\\n';
}
`);

const GRID = cpp(`template <class T> T power(T base, long long exponent, T one) {
  for (; exponent; exponent >>= 1, base = base * base) if (exponent & 1) one = one * base;
  return one;
}
struct Matrix {
  array<array<double, 4>, 4> at{};
  Matrix operator*(const Matrix& other) const {
    Matrix product;
    for (int i = 0; i < 4; i++) for (int j = 0; j < 4; j++) for (int k = 0; k < 4; k++) product.at[i][j] += at[i][k] * other.at[k][j];
    return product;
  }
};
int dp[1005][1005];
int main() {
  int h, w;
  cin >> h >> w;
  deque<array<int, 2>> queue{{0, 0}};
  function<int(int, int)> best = [&](int i, int j) { return i < 0 || j < 0 ? 0 : max(best(i - 1, j), best(i, j - 1)) + dp[i][j]; };
  for (int i = 0; i < h; i++) for (int j = 0; j < w; j++) dp[i][j] = abs(i - j) % 7;
  Matrix m;
  cout << power(m, 10, m).at[0][0] << sqrt(hypot(h, w)) << best(3, 3) << bitset<32>(h).count() << endl;
  assert(accumulate(dp[0], dp[0] + w, 0LL) >= *max_element(dp[0], dp[0] + 5));
}
`);

const SORTING_IN_C = source(
  "main.c",
  `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  int n;
  static int v[1000];
  if (scanf("%d", &n) != 1) return 1;
  for (int i = 0; i < n; i++) scanf("%d", &v[i]);
  qsort(v, n, sizeof *v, order);
  for (int i = 0; i < n; i++) printf("%d ", v[i]);
  return 0;
}
`,
);

export const SAMPLES: Readonly<Record<"c" | "cpp", readonly [SourceFile, ...SourceFile[]]>> = {
  c: [SORTING_IN_C],
  cpp: [COUNTING, SHORTEST_PATHS, WORDS, GRID],
};
