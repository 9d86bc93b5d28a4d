#include <bits/stdc++.h>
using namespace std;
int main() { regex r("(\\w+)@(\\w+)\\.com"); smatch m; string s = "mail bob@site.com now"; if (regex_search(s, m, r)) cout << m[1] << ' ' << m[2] << '\n'; cout << regex_replace(s, r, "[$1]") << regex_match("aaa", regex("a*")) << '\n'; try { regex("(("); } catch (regex_error& e) { cout << "bad\n"; } }
