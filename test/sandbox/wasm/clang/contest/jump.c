#include <setjmp.h>
#include <stdio.h>
static jmp_buf env;
static void deep(int n) { if (n == 0) longjmp(env, 7); deep(n - 1); }
int main(void) { volatile int k = 1; int r = setjmp(env); printf("%d %d\n", r, k); if (r == 0) { k = 5; deep(100); } return 0; }
