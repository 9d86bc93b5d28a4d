// Integer, memory-bound: primes up to 2e7 by the sieve of Eratosthenes.
// Sizes: 2000000 20000000 50000000
#include <cstdio>
#include <vector>
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  std::vector<char> composite(n + 1);
  long long sum = 0;
  int count = 0;
  for (int i = 2; i <= n; i++) {
    if (composite[i]) continue;
    count++;
    sum += i;
    if ((long long)i * i <= n)
      for (int j = i * i; j <= n; j += i) composite[j] = 1;
  }
  std::printf("%d %lld\n", count, sum);
}
