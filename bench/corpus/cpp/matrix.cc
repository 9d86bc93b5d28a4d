// Float, cache: product of two 500x500 matrices.
// Sizes: 200 500 1000
#include <cstdio>
#include <vector>
using namespace std;
int main() {
  int n;
  if (scanf("%d", &n) != 1) return 1;
  vector<vector<double>> a(n, vector<double>(n)), b = a, c = a;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) a[i][j] = (i * j % 17) / 8.0, b[i][j] = (i + 2 * j) % 13 - 6;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++) c[i][j] += a[i][k] * b[k][j];
  double trace = 0, sum = 0;
  for (int i = 0; i < n; i++) {
    trace += c[i][i];
    for (int j = 0; j < n; j++) sum += c[i][j] * ((i ^ j) & 1 ? 1 : -1);
  }
  printf("%.3f %.3f\n", trace, sum);
}
