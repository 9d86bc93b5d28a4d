// Float and sort: convex hull and rotating calipers over 7e5 points.
// Sizes: 60000 700000 2500000
#include <bits/stdc++.h>
using namespace std;
struct P { long long x, y; bool operator<(const P& o) const { return x != o.x ? x < o.x : y < o.y; } };
long long cross(P o, P a, P b) { return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x); }
int main() {
  int points;
  cin >> points;
  mt19937 r(7);
  vector<P> p(points);
  for (auto& q : p) {
    long long x = r() % 2000001 - 1000000ll, y = r() % 2000001 - 1000000ll;
    q = {x * 3 + y, y * 2 - x};
  }
  sort(p.begin(), p.end());
  vector<P> h(2 * p.size());
  int k = 0;
  for (size_t i = 0; i < p.size(); i++) {
    while (k >= 2 && cross(h[k - 2], h[k - 1], p[i]) <= 0) k--;
    h[k++] = p[i];
  }
  for (int i = p.size() - 2, t = k + 1; i >= 0; i--) {
    while (k >= t && cross(h[k - 2], h[k - 1], p[i]) <= 0) k--;
    h[k++] = p[i];
  }
  h.resize(k - 1);
  long long best = 0, area = 0;
  for (size_t i = 0, j = 1; i < h.size(); i++) {
    size_t n = (i + 1) % h.size();
    area += h[i].x * h[n].y - h[i].y * h[n].x;
    while (llabs(cross(h[i], h[n], h[(j + 1) % h.size()])) > llabs(cross(h[i], h[n], h[j]))) j = (j + 1) % h.size();
    for (size_t a : {i, n}) best = max(best, (h[a].x - h[j].x) * (h[a].x - h[j].x) + (h[a].y - h[j].y) * (h[a].y - h[j].y));
  }
  cout << h.size() << " " << area << " " << best << endl;
}
