#include <bits/stdc++.h>
#include <ext/rope>
using namespace std; using namespace __gnu_cxx;
int main() { rope<int> r; for (int i = 0; i < 10; i++) r.push_back(i); rope<int> c = r.substr(2, 3); r.erase(2, 3); r.insert(0, c); for (size_t i = 0; i < r.size(); i++) cout << r[i] << ' '; cout << '\n'; crope s = "hello"; s += " world"; cout << s.substr(3, 4) << s.length() << '\n'; r.mutable_reference_at(1) = 99; cout << r[1] << r.at(0) << '\n'; rope<int> q = r + c; cout << q.size() << '\n'; for (auto it = q.mutable_begin(); it != q.mutable_end(); ++it) cout << *it << ','; }
