// Integer, memory-bound: primes up to 2e7 by the sieve of Eratosthenes.
#include <cstdio>
#include <vector>
int main() {
  const int n = 20000000;
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
