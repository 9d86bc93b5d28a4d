#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    long long d;
    cin >> n >> d;
    vector<long long> x(n);
    for (auto &each : x) cin >> each;
    sort(x.begin(), x.end());
    long long pairs = 0;
    for (int left = 0, right = 0; right < n; right++) {
        while (x[right] - x[left] > d) left++;
        pairs += right - left;
    }
    cout << pairs << "\n";
}
