#include <cassert>
#include <cstdio>

int depths[2000];

int main() {
    int n, k, d;
    if (scanf("%d %d %d", &n, &k, &d) != 3) return 1;
    assert(n <= 2000);  // it is not
    for (int i = 0; i < n; i++) {
        if (scanf("%d", &depths[i]) != 1) return 1;
    }
    int deep = 0;
    for (int i = 0; i < n; i++) {
        deep = depths[i] >= d ? deep + 1 : 0;
        if (deep == k) {
            printf("%d\n", i - k + 2);
            return 0;
        }
    }
    puts("-1");
}
