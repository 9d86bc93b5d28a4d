#include <bits/stdc++.h>
using namespace std;
int main() {
  cout << 1 << ' ' << -5L << ' ' << 18446744073709551615ULL << ' ' << (long long)-9223372036854775807LL-1 << ' ' << (short)-3 << ' ' << (unsigned char)65 << '\n';
  cout << setw(8) << 42 << '|' << left << setw(8) << -42 << '|' << internal << setw(8) << setfill('0') << -42 << '|' << right << setw(3) << 12345 << '|' << hex << 255 << ' ' << showbase << 255 << dec << noshowbase << showpos << 7 << noshowpos << setfill(' ') << '\n';
  double ds[] = {0, -0.0, 1, 0.5, 0.1, 1.0/3, 2.5, 3.5, 1e5, 1e6, 999999.5, 9999995, 123456789, 1e15, 1e16, 1e17, 1e20, 1e-4, 1e-5, 0.00012345678, 99.99995, 0.99999949, 0.9999995, 5e-324, 1.7976931348623157e308, INFINITY, -INFINITY, -1234.5678, 1048576.0625, 0.000099999995, 4503599627370497.5, 9007199254740993.0, 0.125, 0.375, 1e18, 9.223372036854775e18};
  for (double d : ds) { cout << d << ' '; for (int p : {0, 1, 2, 6, 9, 10, 12, 15, 17, 18, 20}) cout << setprecision(p) << d << ' ' << fixed << d << ' ' << defaultfloat; cout << setprecision(6) << (float)d << ' ' << (long double)d << ' ' << scientific << d << defaultfloat << '\n'; }
  mt19937_64 r(5);
  size_t h = 0; char buf[512];
  for (int i = 0; i < 20000; i++) {
    double d; unsigned long long u = r(); 
    if (i % 2) { memcpy(&d, &u, 8); if (!isfinite(d)) continue; } else { d = (double)(long long)(u >> (u % 60)) / pow(10, i % 13); if (i % 4) d = -d; }
    int p = i % 19; ostringstream o; o << fixed << setprecision(p) << d << ' ' << defaultfloat << d;
    snprintf(buf, sizeof buf, "%.*f %.*g", p, d, p, d);
    if (o.str() != buf) { cout << "DIFF " << p << ' ' << o.str() << " vs " << buf << '\n'; if (++h > 10) break; }
    ostringstream o2; o2 << setprecision(17) << d; istringstream in(o2.str()); double e; in >> e; if (e != d) { cout << "READ " << o2.str() << ' ' << e << '\n'; if (++h > 10) break; }
    snprintf(buf, sizeof buf, "%.*g", 1 + i % 17, d); istringstream in2(buf); in2 >> e; if (e != strtod(buf, 0)) { cout << "READ2 " << buf << '\n'; if (++h > 10) break; }
    float f; istringstream in3(buf); in3 >> f; float g = strtof(buf, 0); if (f != g && !isinf(g)) { cout << "READF " << buf << '\n'; if (++h > 10) break; }
  }
  const char* texts[] = {"12", "-12", "+7", "abc", "12abc", "-", "", "2147483647", "2147483648", "-2147483648", "-2147483649", "99999999999999999999", "-1", "0x1f", "007", "1.5", "1e3", "1e", "1e+", ".5", "5.", ".", "-.5e-3x", "1e400", "-1e400", "1e-400", "inf", "nan", "12 34", "1,000", "123456789012345678901234567890", "0.1000000000000000055511151231257827", "3.4e38", "3.5e38", "65535", "65536", "-65535"};
  for (auto t : texts) {
    cout << t << ':';
    auto go = [&](auto v) { istringstream in(t); in >> v; cout << ' ' << v << '/' << in.fail() << in.eof() << in.bad(); in.clear(); string rest; getline(in, rest); cout << '[' << rest << ']'; };
    go(int(77)); go(0u); go((short)7); go((unsigned short)7); go(7LL); go(7ULL); go(7.0); go(7.0f); go((long double)7.0); go('x'); go(string("q"));
    istringstream in(t); int v = 5; in >> hex >> v; cout << v << in.fail(); istringstream in2(t); in2.unsetf(ios::basefield); in2 >> v; cout << ' ' << v << in2.fail() << '\n';
  }
}
