// Hashing: an unordered_map with half a million keys.
#include <bits/stdc++.h>
using namespace std;
int main() {
  unordered_map<unsigned long long, int> m;
  unsigned long long x = 88172645463325252ull, sum = 0;
  for (int i = 0; i < 1000000; i++) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    m[x % 500000]++;
  }
  for (int i = 0; i < 500000; i++) {
    auto it = m.find(i);
    if (it != m.end()) sum += (unsigned long long)it->second * i;
  }
  cout << m.size() << " " << sum << endl;
}
