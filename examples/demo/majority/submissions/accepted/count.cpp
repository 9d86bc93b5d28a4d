#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    map<int, int> votes;
    for (int i = 0, token; i < n; i++) {
        cin >> token;
        votes[token]++;
    }
    for (auto [party, count] : votes) {
        if (2 * count > n) {
            cout << party << endl;
            return 0;
        }
    }
    cout << "split" << endl;
}
