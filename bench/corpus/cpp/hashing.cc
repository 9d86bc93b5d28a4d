// Hashing: an unordered_map with half a million keys.
// Sizes: 100000 1000000 2000000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  unordered_map<unsigned long long, int> m;
  unsigned long long x = 88172645463325252ull, sum = 0;
  for (int i = 0; i < n; i++) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    m[x % (n / 2)]++;
  }
  for (int i = 0; i < n / 2; i++) {
    auto it = m.find(i);
    if (it != m.end()) sum += (unsigned long long)it->second * i;
  }
  cout << m.size() << " " << sum << endl;
}
