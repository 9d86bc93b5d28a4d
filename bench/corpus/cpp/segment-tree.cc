// Data structures: range additions and minima on a lazy segment tree; prefix sums on a Fenwick tree.
// Sizes: 15000 150000 1000000
#include <bits/stdc++.h>
using namespace std;
const int N = 1 << 18;
long long low[2 * N], lazy_[2 * N], fenwick[N + 1];
void add(int node, int l, int r, int a, int b, long long x) {
  if (b <= l || r <= a) return;
  if (a <= l && r <= b) {
    low[node] += x, lazy_[node] += x;
    return;
  }
  int m = (l + r) / 2;
  add(2 * node, l, m, a, b, x), add(2 * node + 1, m, r, a, b, x);
  low[node] = min(low[2 * node], low[2 * node + 1]) + lazy_[node];
}
long long query(int node, int l, int r, int a, int b) {
  if (b <= l || r <= a) return LLONG_MAX / 2;
  if (a <= l && r <= b) return low[node];
  int m = (l + r) / 2;
  return min(query(2 * node, l, m, a, b), query(2 * node + 1, m, r, a, b)) + lazy_[node];
}
int main() {
  int n;
  cin >> n;
  mt19937 r(5);
  long long sum = 0;
  for (int i = 0; i < n; i++) {
    int a = r() % N, b = r() % N;
    if (a > b) swap(a, b);
    add(1, 0, N, a, b + 1, (int)(r() % 2001) - 1000);
    sum += query(1, 0, N, a / 2, b / 2 + 1);
    for (int k = a + 1; k <= N; k += k & -k) fenwick[k] += b;
    for (int k = b; k; k -= k & -k) sum += fenwick[k] & 1023;
  }
  cout << sum << endl;
}
