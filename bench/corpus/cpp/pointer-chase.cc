// Memory-bound: a random cycle through 8 MB.
// Sizes: 262144 2097152 4194304
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  std::vector<int> next(n), order(n);
  std::iota(order.begin(), order.end(), 0);
  unsigned x = 1;
  for (int i = n - 1; i > 0; i--) x = x * 1664525 + 1013904223, std::swap(order[i], order[(x >> 4) % i]);
  for (int i = 0; i < n; i++) next[order[i]] = order[(i + 1) % n];
  int at = 0;
  long long sum = 0;
  for (int i = 0; i < n / 2 * 3; i++) sum += at = next[at];
  std::printf("%lld\n", sum);
}
