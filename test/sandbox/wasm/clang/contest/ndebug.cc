#define NDEBUG
#define _CRT_SECURE_NO_WARNINGS
#include <bits/stdc++.h>
int main() { assert(false); std::cout << 1; }
