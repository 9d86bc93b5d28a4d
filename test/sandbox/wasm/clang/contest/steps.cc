#include <bits/stdc++.h>
using namespace std;
constexpr auto sieve = [] { array<bool, 20000> c{}; for (int i = 2; i < 20000; i++) if (!c[i]) for (int j = 2 * i; j < 20000; j += i) c[j] = true; return c; }();
int main() { int n = 0; for (int i = 2; i < 20000; i++) n += !sieve[i]; cout << n << endl; }
