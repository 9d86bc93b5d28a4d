// Float, data-dependent loops: area of the Mandelbrot set by a grid.
// Sizes: 150 500 1800
#include <iostream>
int main() {
  int n;
  std::cin >> n;
  const int limit = 400;
  long long inside = 0, total = 0;
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      double cr = 3.0 * x / n - 2, ci = 2.4 * y / n - 1.2, zr = 0, zi = 0;
      int k = 0;
      for (; k < limit && zr * zr + zi * zi < 4; k++) {
        double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
      }
      inside += k == limit;
      total += k;
    }
  std::cout << inside << " " << total << "\n";
}
