// The constructors that contestants know from KACTL and others.
#include <bits/stdc++.h>
#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/hash_policy.hpp>
using namespace std;
struct chash {
  const uint64_t C = (long long)(4e18 * acos(0)) | 71;
  size_t operator()(long long x) const { return __builtin_bswap64(x * C); }
};
int main() {
  __gnu_pbds::gp_hash_table<long long, int, chash> h({}, {}, {}, {}, {1 << 16});
  h[5] = 6;
  h.insert({7, 8});
  cout << h[5] + h[7] << (h.find(9) == h.end()) << h.size() << '\n';
  __gnu_pbds::gp_hash_table<int, __gnu_pbds::null_type> t;
  t.insert(3);
  cout << t.size() << '\n';
  __gnu_pbds::gp_hash_table<long long, int, chash> g{chash()};
  g[1] = 2;
  cout << g.size() << '\n';
  __gnu_pbds::cc_hash_table<int, int> c;
  c[1]++;
  cout << c[1] << '\n';
}
