#include <cstdio>

int main() {
    int n, k, d;
    if (scanf("%d %d %d", &n, &k, &d) != 3) return 1;
    int deep = 0;
    for (int hour = 1; hour <= n; hour++) {
        int depth;
        if (scanf("%d", &depth) != 1) return 1;
        deep = depth >= d ? deep + 1 : 0;
        if (deep == k) {
            printf("%d\n", hour - k + 1);
            return 0;
        }
    }
    puts("-1");
}
