#include <stdio.h>
main() { int n = 3; int x; printf("%d\n", abs(-n)); x = strlen("abc"); printf("%d\n", x); char *p = malloc(10); strcpy(p, "hi"); puts(p); return 0; }
