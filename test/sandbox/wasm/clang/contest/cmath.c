#include <stdio.h>
#include <math.h>
#include <complex.h>
#include <tgmath.h>
#include <stdint.h>
#include <inttypes.h>
#include <threads.h>
#include <stdatomic.h>
int main(void) { double complex z = 1 + 2*I; printf("%.2f %.2f %" PRIu64 " %d\n", creal(z * z), sqrt(2.0), (uint64_t)1 << 63, (int)isnan(NAN)); printf("%s %.10f %.2lf %d\n", M_PI > 3 ? "pi" : "", M_PI, exp(1), fpclassify(0.0) == FP_ZERO); __int128 x = 1; x <<= 100; printf("%llu\n", (unsigned long long)(x >> 64)); return 0; }
