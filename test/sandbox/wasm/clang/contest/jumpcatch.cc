#include <bits/stdc++.h>
#include <setjmp.h>
jmp_buf env;
int main() { try { throw 5; } catch (int x) { std::cout << x << '\n'; } if (int r = setjmp(env)) { std::cout << r << '\n'; return 0; } longjmp(env, 3); }
