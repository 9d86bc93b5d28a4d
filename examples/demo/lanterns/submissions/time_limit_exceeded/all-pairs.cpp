#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    long long d;
    cin >> n >> d;
    vector<long long> x(n);
    for (auto &each : x) cin >> each;
    long long pairs = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            if (abs(x[i] - x[j]) <= d) pairs++;
        }
    }
    cout << pairs << endl;
}
