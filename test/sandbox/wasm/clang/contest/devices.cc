// The standard streams by name, as on Linux with pipes.
#include <bits/stdc++.h>
#include <unistd.h>
#include <fcntl.h>
using namespace std;
int main() {
  ifstream in("/dev/stdin");
  string word;
  char c;
  while (in.get(c) && c != '\n') word += c;
  ofstream out("/dev/stdout");
  out << word << endl;
  out.close();
  cout << "still here" << endl;
  if (!freopen("/dev/stdin", "r", stdin)) return 1;
  int fd = open("/dev/fd/1", O_WRONLY);
  if (fd < 0 || write(fd, "fd\n", 3) != 3 || close(fd) != 0) return 2;
  if (open("/dev/tty2", O_RDONLY) >= 0 || open("/dev/fd/7", O_RDONLY) >= 0 || fopen("/etc/passwd", "r")) return 3;
  ofstream("/dev/stderr") << "noise";
  for (int i = 0; i < 5000; i++) open("/dev/stdin", O_RDONLY);
  cout << "end" << endl;
}
