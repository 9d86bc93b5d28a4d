// Integer, branches: longest Collatz chain below 1.5e6.
// Sizes: 100000 1500000 8000000
#include <iostream>
int main() {
  int n;
  std::cin >> n;
  int best = 0, bestLength = 0;
  for (int i = 1; i < n; i++) {
    unsigned long long x = i;
    int length = 1;
    while (x != 1) {
      x = x % 2 ? 3 * x + 1 : x / 2;
      length++;
    }
    if (length > bestLength) bestLength = length, best = i;
  }
  std::cout << best << " " << bestLength << "\n";
}
