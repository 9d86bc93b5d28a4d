// Integer, 64-bit division: modular powers and inverses.
// Sizes: 40000 400000 4000000
#include <bits/stdc++.h>
using namespace std;
const long long MOD = 998244353;
long long power(long long b, long long e) {
  long long r = 1;
  for (b %= MOD; e; e >>= 1, b = b * b % MOD)
    if (e & 1) r = r * b % MOD;
  return r;
}
int main() {
  int n;
  cin >> n;
  long long sum = 0;
  for (int i = 1; i <= n; i++) sum = (sum + power(i, MOD - 2) * i + power(3, i)) % MOD;
  cout << sum << endl;
}
