// DP over a table: edit distance of two strings of 9000 characters; longest increasing subsequence.
// Sizes: 2500 9000 25000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  string a(n, 0), b(n, 0);
  unsigned x = 1;
  for (auto& c : a) x = x * 69069 + 5, c = 'a' + (x >> 29);
  for (auto& c : b) x = x * 69069 + 5, c = 'a' + (x >> 29);
  vector<int> d(n + 1), e(n + 1);
  iota(d.begin(), d.end(), 0);
  for (int i = 1; i <= n; i++) {
    e[0] = i;
    for (int j = 1; j <= n; j++) e[j] = min({d[j] + 1, e[j - 1] + 1, d[j - 1] + (a[i - 1] != b[j - 1])});
    swap(d, e);
  }
  vector<unsigned> tails;
  for (int i = 0; i < n * 55; i++) {
    x = x * 69069 + 5;
    auto it = lower_bound(tails.begin(), tails.end(), x);
    if (it == tails.end()) tails.push_back(x);
    else *it = x;
  }
  cout << d[n] << " " << tails.size() << "\n";
}
