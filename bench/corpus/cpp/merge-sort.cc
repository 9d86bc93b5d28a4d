// Sorting by hand: inversions by merge sort, heap sort, quicksort.
// Sizes: 100000 1000000 3000000
#include <cstdio>
#include <cstdlib>
#include <vector>
using namespace std;
vector<int> buffer;
long long inversions(vector<int>& a, int l, int r) {
  if (r - l < 2) return 0;
  int m = (l + r) / 2, k = l, i = l, j = m;
  long long c = inversions(a, l, m) + inversions(a, m, r);
  while (i < m || j < r)
    if (j == r || (i < m && a[i] <= a[j])) buffer[k++] = a[i++];
    else buffer[k++] = a[j++], c += m - i;
  for (k = l; k < r; k++) a[k] = buffer[k];
  return c;
}
void quick(vector<int>& a, int l, int r) {
  while (l < r) {
    int p = a[(l + r) / 2], i = l, j = r;
    while (i <= j) {
      while (a[i] < p) i++;
      while (a[j] > p) j--;
      if (i <= j) swap(a[i++], a[j--]);
    }
    if (j - l < r - i) quick(a, l, j), l = i;
    else quick(a, i, r), r = j;
  }
}
int main() {
  int n;
  if (scanf("%d", &n) != 1) return 1;
  vector<int> a(n), b;
  unsigned x = 3;
  for (auto& v : a) x = x * 1664525 + 1013904223, v = x >> 8;
  b = a;
  buffer.resize(n);
  long long c = inversions(a, 0, n);
  quick(b, 0, n - 1);
  printf("%lld %d %d\n", c, a == b, b[n / 3]);
}
