// Formatting: numbers written to and read back from a stream and with printf.
// Sizes: 15000 150000 600000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  ostringstream out;
  unsigned x = 1;
  for (int i = 0; i < n; i++) x = x * 1664525 + 1013904223, out << x << ' ' << x % 1000 * 0.25 << '\n';
  istringstream in(out.str());
  unsigned long long sum = 0;
  double total = 0, d;
  unsigned u;
  while (in >> u >> d) sum += u, total += d;
  char line[64];
  size_t length = 0;
  for (int i = 0; i < n; i++) length += snprintf(line, sizeof line, "%d %08x %.3f %s", i, i * 7, i / 3.0, "text");
  printf("%llu %.2f %zu\n", sum, total, length);
}
