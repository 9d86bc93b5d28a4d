// Float, library functions: sin, cos, exp, log, atan2, pow.
// Sizes: 100000 1000000 8000000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  if (scanf("%d", &n) != 1) return 1;
  double s = 0;
  for (int i = 1; i <= n; i++) {
    double x = i * 0.0017;
    s += sin(x) * cos(x / 2) + log(x + 1) - exp(-x / 100) + atan2(x, 3.0) + pow(x, 0.3);
  }
  printf("%.4f\n", s);
}
