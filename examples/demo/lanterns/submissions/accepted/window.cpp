#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n;
    long long d;
    if (scanf("%d %lld", &n, &d) != 2) return 1;
    std::vector<long long> x(n);
    for (auto &each : x) {
        if (scanf("%lld", &each) != 1) return 1;
    }
    std::sort(x.begin(), x.end());
    long long pairs = 0;
    for (int left = 0, right = 0; right < n; right++) {
        while (x[right] - x[left] > d) left++;
        pairs += right - left;
    }
    printf("%lld\n", pairs);
}
