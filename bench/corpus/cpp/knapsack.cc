// DP over an array: 0/1 knapsack.
// Sizes: 300 3000 20000
#include <cstdio>
#include <algorithm>
int best[100001];
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  unsigned x = 7;
  for (int i = 0; i < n; i++) {
    x = x * 1664525 + 1013904223;
    int weight = (x >> 16) % 900 + 100, value = (x >> 5) % 1000 + 1;
    for (int w = 100000; w >= weight; w--) best[w] = std::max(best[w], best[w - weight] + value);
  }
  std::printf("%d\n", best[100000]);
}
