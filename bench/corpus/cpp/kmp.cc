// Strings: prefix function, Z function, palindromes over 6e6 characters.
// Sizes: 600000 6000000 12000000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int size;
  cin >> size;
  string s;
  unsigned x = 5;
  for (int i = 0; i < size; i++) x = x * 1103515245 + 12345, s += "ab"[(x >> 28 & 1) & (i % 64 < 40)];
  int n = s.size();
  vector<int> pi(n), z(n), d(n);
  for (int i = 1; i < n; i++) {
    int k = pi[i - 1];
    while (k && s[i] != s[k]) k = pi[k - 1];
    pi[i] = k + (s[i] == s[k]);
  }
  for (int i = 1, l = 0, r = 0; i < n; i++) {
    if (i < r) z[i] = min(r - i, z[i - l]);
    while (i + z[i] < n && s[z[i]] == s[i + z[i]]) z[i]++;
    if (i + z[i] > r) l = i, r = i + z[i];
  }
  long long palindromes = 0;
  for (int i = 0, l = 0, r = -1; i < n; i++) {
    int k = i > r ? 1 : min(d[l + r - i], r - i + 1);
    while (i + k < n && i >= k && s[i + k] == s[i - k]) k++;
    palindromes += d[i] = k;
    if (i + k - 1 > r) l = i - k + 1, r = i + k - 1;
  }
  cout << *max_element(pi.begin(), pi.end()) << " " << accumulate(z.begin(), z.end(), 0ll) << " " << palindromes << endl;
}
