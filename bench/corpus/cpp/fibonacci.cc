// Recursion: calls and nothing else.
// Sizes: 32 38 42
#include <cstdio>
__attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  std::printf("%d\n", fib(n));
}
