// Sorting: std::sort, stable_sort with a comparison, nth_element.
// Sizes: 150000 1500000 4000000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  mt19937 r(42);
  vector<int> v(n);
  for (auto& x : v) x = r();
  auto w = v;
  sort(v.begin(), v.end());
  stable_sort(w.begin(), w.end(), [](int a, int b) { return (a & 1023) < (b & 1023); });
  auto u = w;
  nth_element(u.begin(), u.begin() + 12345, u.end());
  cout << v[0] << " " << v[n / 2] << " " << w[0] << " " << w[n - 1] << " " << u[12345] << "\n";
}
