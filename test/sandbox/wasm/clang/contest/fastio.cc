#include <bits/stdc++.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
using namespace std;
static char buf[1 << 20]; size_t bl, bp;
inline int gc() { if (bp == bl) { bl = fread(buf, 1, sizeof buf, stdin); bp = 0; if (bl == 0) return -1; } return buf[bp++]; }
int main() { int x = 0, c = gc(); while (c >= '0') x = x * 10 + c - 48, c = gc(); struct stat st; int r = fstat(0, &st); cout << x << ' ' << (r == 0) << '\n'; char b2[100]; ssize_t n = read(0, b2, 100); cout << n << '\n'; fwrite("ok\n", 1, 3, stdout); string s; s.reserve(10); ostringstream os; os << 5 << "x"; fputs(os.str().c_str(), stdout); cout.flush(); istringstream is("1 2 3"); int t, k = 0; while (is >> t) k += t; cout << k << endl; cin.exceptions(ios::badbit); copy(istream_iterator<int>(is), istream_iterator<int>(), ostream_iterator<int>(cout, " ")); stringstream ss; ss << hex << 255; ss >> s; cout << s << setfill('*') << setw(6) << 42 << fixed << setprecision(3) << 2.0 / 3 << endl; }
