// Recursion, deep: Ackermann's function.
// Sizes: 1 4 40
#include <iostream>
int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
int main() {
  int n;
  std::cin >> n;
  long long s = 0;
  for (int i = 0; i < n; i++) s += ack(3, 9) + ack(2, 2000 + i % 4);
  std::cout << s << std::endl;
}
