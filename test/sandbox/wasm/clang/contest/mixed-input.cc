#include <bits/stdc++.h>
using namespace std;
int main() {
  int a, b; char c; string s;
  cin >> a; scanf("%d", &b); cout << a << ' '; printf("%d ", b); cin >> c; cout << c; c = getchar(); printf("[%c]", c); cin.putback(c); c = cin.get(); cin >> s; cout << s; char line[100]; fgets(line, 100, stdin); printf("<%s>", line);
  getline(cin, s); cout << "{" << s << "}"; printf("!"); cout << cin.peek() << ' ' << getchar() << endl; fprintf(stderr, "err "); cerr << "cerr " << 5 << endl; clog << "clog" << endl;
  cin.read(line, 3); cout << cin.gcount() << string(line, 3); cin.unget(); cout << (char)cin.get(); ungetc('Q', stdin); cout << (char)cin.get(); cin.ignore(100, '\n'); getline(cin, s); cout << s << cin.eof(); getline(cin, s); cout << cin.eof() << cin.fail() << '\n';
  putchar('p'); puts("uts"); cout.put('q').write("rst", 3) << endl; cout << "last";
}
