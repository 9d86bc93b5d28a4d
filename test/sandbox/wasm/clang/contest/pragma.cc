#pragma GCC optimize("Ofast,no-stack-protector,unroll-loops,fast-math")
#pragma GCC target("sse,sse2,sse3,ssse3,sse4,popcnt,abm,mmx,avx,avx2,tune=native")
#pragma GCC optimize "O3"
#pragma comment(linker, "/STACK:102400000,102400000")
#pragma GCC push_options
#pragma GCC ivdep
#pragma warning(disable:4996)
#define _CRT_SECURE_NO_WARNINGS
#include <bits/stdc++.h>
#pragma GCC pop_options
using namespace std;
__attribute__((optimize("O3"), target("avx2"))) int f(int x) { return x + 1; }
__attribute__((noinline)) __attribute__((optimize("unroll-loops"))) inline int g(int x) { return x * 2; }
__attribute__((always_inline)) inline int h(int x) { return x; }
[[gnu::pure]] int k(int x) { return x; }
__attribute__((constructor)) void init() { puts("init"); }
int main() {
#pragma GCC unroll 4
  for (int i = 0; i < 3; i++) { cout << f(i) << g(i) << h(i) << k(i) << ' '; }
#ifdef ONLINE_JUDGE
  cout << "oj";
#endif
#ifndef ONLINE_JUDGE
  freopen("input.txt", "r", stdin);
#endif
#pragma omp parallel for
  for (int i = 0; i < 1; i++) cout << '\n';
}
