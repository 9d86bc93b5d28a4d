// Number-theoretic transform: square of a polynomial of 2^20 coefficients.
// Sizes: 16 19 21
#include <bits/stdc++.h>
using namespace std;
typedef unsigned long long ull;
const ull MOD = 998244353;
ull power(ull b, ull e) {
  ull r = 1;
  for (; e; e >>= 1, b = b * b % MOD)
    if (e & 1) r = r * b % MOD;
  return r;
}
void transform(vector<unsigned>& a, bool inverse) {
  int n = a.size();
  for (int i = 1, j = 0; i < n; i++) {
    int bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) swap(a[i], a[j]);
  }
  for (int length = 2; length <= n; length <<= 1) {
    ull root = power(3, (MOD - 1) / length);
    if (inverse) root = power(root, MOD - 2);
    vector<unsigned> roots(length / 2, 1);
    for (int i = 1; i < length / 2; i++) roots[i] = roots[i - 1] * root % MOD;
    for (int i = 0; i < n; i += length)
      for (int j = 0; j < length / 2; j++) {
        unsigned u = a[i + j], v = a[i + j + length / 2] * (ull)roots[j] % MOD;
        a[i + j] = u + v < MOD ? u + v : u + v - MOD;
        a[i + j + length / 2] = u >= v ? u - v : u + MOD - v;
      }
  }
  if (inverse) {
    ull scale = power(n, MOD - 2);
    for (auto& x : a) x = x * scale % MOD;
  }
}
int main() {
  int n;
  cin >> n;
  n = 1 << n;
  vector<unsigned> a(2 * n);
  for (int i = 0; i < n; i++) a[i] = (i * 7919ull + 13) % 1000;
  transform(a, false);
  for (auto& x : a) x = (ull)x * x % MOD;
  transform(a, true);
  ull h = 0;
  for (auto x : a) h = (h * 31 + x) % 1000000007;
  cout << h << "\n";
}
