// Integer, branches: longest Collatz chain below 1.5e6.
#include <iostream>
int main() {
  int best = 0, bestLength = 0;
  for (int i = 1; i < 1500000; i++) {
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
