// Recursion: calls and nothing else.
#include <cstdio>
__attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
int main() { std::printf("%d\n", fib(38)); }
