/* Limits of the process, which programs raise to get a larger stack: theirs is 256 MiB already, and calls succeed. */
#include_next <sys/resource.h>
#ifndef DIKAST_SYS_RESOURCE_H
#define DIKAST_SYS_RESOURCE_H

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_RSS 5
#define RLIMIT_NOFILE 7
#define RLIMIT_AS 9
#define RLIM_INFINITY (~0ull)

typedef unsigned long long rlim_t;

struct rlimit {
  rlim_t rlim_cur;
  rlim_t rlim_max;
};

static inline int getrlimit(int resource, struct rlimit* limit) {
  limit->rlim_cur = resource == RLIMIT_STACK ? 256ull << 20 : RLIM_INFINITY;
  limit->rlim_max = RLIM_INFINITY;
  return 0;
}

static inline int setrlimit(int resource, const struct rlimit* limit) {
  (void)resource;
  (void)limit;
  return 0;
}
#endif
