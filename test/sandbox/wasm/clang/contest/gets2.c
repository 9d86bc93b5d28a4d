#include <stdio.h>
int main() { char s[100]; while (gets(s)) printf("[%s]\n", s); return 0; }
