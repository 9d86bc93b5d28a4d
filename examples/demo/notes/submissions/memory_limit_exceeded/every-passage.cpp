#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, k;
    string notes;
    cin >> n >> k >> notes;
    vector<string> passages;  // 25,000 passages of 25,000 letters
    for (int i = 0; i + k <= n; i++) passages.push_back(notes.substr(i, k));
    sort(passages.begin(), passages.end());
    cout << unique(passages.begin(), passages.end()) - passages.begin() << endl;
}
