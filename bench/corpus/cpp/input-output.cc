// Formatting: numbers written to and read back from a stream and with printf.
#include <bits/stdc++.h>
using namespace std;
int main() {
  ostringstream out;
  unsigned x = 1;
  for (int i = 0; i < 150000; i++) x = x * 1664525 + 1013904223, out << x << ' ' << x % 1000 * 0.25 << '\n';
  istringstream in(out.str());
  unsigned long long sum = 0;
  double total = 0, d;
  unsigned u;
  while (in >> u >> d) sum += u, total += d;
  char line[64];
  size_t length = 0;
  for (int i = 0; i < 150000; i++) length += snprintf(line, sizeof line, "%d %08x %.3f %s", i, i * 7, i / 3.0, "text");
  printf("%llu %.2f %zu\n", sum, total, length);
}
