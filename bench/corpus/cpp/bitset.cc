// Bits: subset sums and transitive closure with std::bitset.
// Sizes: 600 6000 30000
#include <bits/stdc++.h>
using namespace std;
bitset<1000001> sums;
bitset<2000> reach[2000];
int main() {
  int n;
  cin >> n;
  mt19937 r(8);
  sums[0] = 1;
  for (int i = 0; i < n; i++) sums |= sums << (r() % 500 + 1);
  for (int i = 0; i < 5000; i++) reach[r() % 2000][r() % 2000] = 1;
  for (int k = 0; k < min(n / 3, 2000); k++)
    for (int i = 0; i < 2000; i++)
      if (reach[i][k]) reach[i] |= reach[k];
  size_t pairs = 0;
  for (auto& row : reach) pairs += row.count();
  cout << sums.count() << " " << pairs << endl;
}
