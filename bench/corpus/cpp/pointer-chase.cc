// Memory-bound: a random cycle through 8 MB.
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>
int main() {
  const int n = 1 << 21;
  std::vector<int> next(n), order(n);
  std::iota(order.begin(), order.end(), 0);
  unsigned x = 1;
  for (int i = n - 1; i > 0; i--) x = x * 1664525 + 1013904223, std::swap(order[i], order[(x >> 4) % i]);
  for (int i = 0; i < n; i++) next[order[i]] = order[(i + 1) % n];
  int at = 0;
  long long sum = 0;
  for (int i = 0; i < 3000000; i++) sum += at = next[at];
  std::printf("%lld\n", sum);
}
