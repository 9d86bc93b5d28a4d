#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, k;
    string notes;
    cin >> n >> k >> notes;
    set<string> passages;
    for (int i = 0; i + k <= n;) {
        passages.insert(notes.substr(i, k));
        cout << "passage " << notes.substr(i, k) << "\n";  // and i stays where it is
    }
    cout << passages.size() << endl;
}
