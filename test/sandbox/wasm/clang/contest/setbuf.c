#include <stdio.h>
int main() { printf("a\n"); fflush(stdout); setbuf(stdout, NULL); putchar('x'); fputs("y\n", stdout); fputc('z', stdout); putc('\n', stdout); printf("%d\n", 5); puts("end"); return 0; }
