// Integer with carries: 9000! by school multiplication; __int128.
// Sizes: 2000 9000 25000
#include <bits/stdc++.h>
using namespace std;
int main() {
  unsigned n;
  cin >> n;
  vector<unsigned> f{1};
  for (unsigned i = 2; i <= n; i++) {
    unsigned long long carry = 0;
    for (auto& d : f) carry += (unsigned long long)d * i, d = carry % 1000000000, carry /= 1000000000;
    if (carry) f.push_back(carry);
  }
  unsigned long long digits = 0;
  for (auto d : f)
    for (; d; d /= 10) digits += d % 10;
  unsigned __int128 x = 1;
  unsigned long long mix = 0;
  for (unsigned i = 1; i < n * 222; i++) {
    x = x * 6364136223846793005ull + i;
    mix ^= (unsigned long long)(x >> 64) + (unsigned long long)(x % 1000003);
  }
  cout << digits << " " << f.size() << " " << mix << endl;
}
