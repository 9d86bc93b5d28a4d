#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    vector<double> x(n), y(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> y[i];
    double length = 0;
    for (int i = 0; i < n; i++) {
        int next = (i + 1) % n;
        length += hypot(x[next] - x[i], y[next] - y[i]);
    }
    cout << length << endl;  // six digits are not enough
}
