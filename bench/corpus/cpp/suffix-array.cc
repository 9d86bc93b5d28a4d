// Strings and sorting: suffix array by doubling with radix sort, and LCP.
// Sizes: 60000 600000 1000000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  string s(n, ' ');
  unsigned x = 9;
  for (auto& c : s) x = x * 69069 + 1, c = 'a' + (x >> 30);
  vector<int> sa(n), rank(n), next(n), count(max(n, 256) + 1), by(n);
  for (int i = 0; i < n; i++) count[s[i]]++;
  for (int i = 1; i < 256; i++) count[i] += count[i - 1];
  for (int i = n; i--;) sa[--count[s[i]]] = i;
  for (int i = 1; i < n; i++) rank[sa[i]] = rank[sa[i - 1]] + (s[sa[i]] != s[sa[i - 1]]);
  for (int k = 1; k < n && rank[sa[n - 1]] < n - 1; k <<= 1) {
    int m = 0;
    for (int i = n - k; i < n; i++) by[m++] = i;
    for (int i = 0; i < n; i++)
      if (sa[i] >= k) by[m++] = sa[i] - k;
    fill(count.begin(), count.end(), 0);
    for (int i = 0; i < n; i++) count[rank[i]]++;
    for (int i = 1; i <= n; i++) count[i] += count[i - 1];
    for (int i = n; i--;) sa[--count[rank[by[i]]]] = by[i];
    next[sa[0]] = 0;
    auto second = [&](int i) { return i + k < n ? rank[i + k] : -1; };
    for (int i = 1; i < n; i++)
      next[sa[i]] = next[sa[i - 1]] + (rank[sa[i]] != rank[sa[i - 1]] || second(sa[i]) != second(sa[i - 1]));
    swap(rank, next);
  }
  long long lcp = 0;
  for (int i = 0, h = 0; i < n; i++) {
    if (!rank[i]) { h = 0; continue; }
    int j = sa[rank[i] - 1];
    while (i + h < n && j + h < n && s[i + h] == s[j + h]) h++;
    lcp += h;
    if (h) h--;
  }
  cout << sa[0] << " " << sa[n / 2] << " " << lcp << "\n";
}
