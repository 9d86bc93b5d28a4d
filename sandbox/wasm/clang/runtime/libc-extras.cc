// What contestants call although it is not there: `gets`, which C17 compilers still link, and `system`, which finds no shell.
#include <cstdio>

extern "C" char* gets(char* line) {
  char* at = line;
  int c;
  while ((c = getc_unlocked(stdin)) != EOF && c != '\n') *at++ = static_cast<char>(c);
  if (c == EOF && at == line) return nullptr;
  *at = 0;
  return line;
}

extern "C" int system(const char* command) { return command ? 127 << 8 : 0; }
