/*
 * PID 1 of a sandbox container: runs programs for the judge outside, one job at a time, and leaves nothing of them.
 *
 * Jobs come on standard input, replies go to standard output, both as lists of byte strings:
 *   u32 count, then for each: u32 length, bytes        (big-endian; numbers are decimal strings)
 * Jobs:
 *   install  (name bytes executable)*                  into /work, read-only for programs; an interactor's are named b/...
 *   run      SPEC                                      -> status code cpu_us memory stdout stderr (name bytes)*
 *   pair     SPEC SPEC                                 -> the same for submission and interactor, each led by its number of files,
 *                                                         after "submission" or "interactor": which ended first
 *   build    SPEC                                      as run, in /build; the files are what lies there afterwards
 * SPEC = uid cpu_us wall_ms memory stdout_max stderr_max files_max argc argv* nfiles (path bytes)* stdin
 * Status: exited, signalled, cpu, wall, memory, output; code: exit code or signal.
 *
 * The runner is root without any capability but SETUID, SETGID and KILL; programs are users that have none. As PID 1 it cannot be
 * signalled from inside, it is not dumpable, and its descriptors are closed on exec: no program reaches it. It ends when its
 * standard input does: a container does not outlive its judge.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 4
#define ARGS_MAX 512
#define COUNT_MAX 65536
#define SUBMISSION_UID 10001
#define VALIDATOR_UID 10002

static void die(const char *why) {
  dprintf(2, "runner: %s: %s\n", why, strerror(errno));
  _exit(1);
}

/* --- byte strings --- */

typedef struct {
  unsigned char *data;
  size_t size;
} Bytes;

static Bytes *list;
static uint32_t listed, taken;

static int read_all(void *target, size_t size) {
  unsigned char *at = target;
  while (size > 0) {
    ssize_t n = read(0, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return 0;
    at += n;
    size -= (size_t)n;
  }
  return 1;
}

static void write_all(int fd, const void *source, size_t size) {
  const unsigned char *at = source;
  while (size > 0) {
    ssize_t n = write(fd, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) die("reply");
    at += n;
    size -= (size_t)n;
  }
}

static uint32_t number32(const unsigned char *b) { return (uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]; }

static void free_list(void) {
  for (uint32_t i = 0; i < listed; i++) free(list[i].data);
  free(list);
  list = NULL;
  listed = taken = 0;
}

static int read_list(void) {
  unsigned char head[4];
  free_list();
  if (!read_all(head, 4)) return 0;
  uint32_t count = number32(head);
  if (count > COUNT_MAX) die("too many parts");
  list = calloc(count, sizeof *list);
  if (list == NULL) die("memory");
  for (; listed < count; listed++) {
    if (!read_all(head, 4)) return 0;
    Bytes *b = &list[listed];
    b->size = number32(head);
    b->data = malloc(b->size + 1);
    if (b->data == NULL) die("memory");
    b->data[b->size] = 0;
    if (!read_all(b->data, b->size)) return 0;
  }
  return 1;
}

static Bytes *next(void) {
  if (taken >= listed) die("a part is missing");
  return &list[taken++];
}
static char *next_text(void) { return (char *)next()->data; }
static long long next_number(void) { return atoll(next_text()); }

typedef struct {
  unsigned char *data;
  size_t size, room;
  uint32_t count;
} Reply;

static void append(Reply *r, const void *data, size_t size) {
  if (r->size + size > r->room) {
    r->room = (r->size + size) * 2;
    r->data = realloc(r->data, r->room);
    if (r->data == NULL) die("memory");
  }
  memcpy(r->data + r->size, data, size);
  r->size += size;
}
static void add(Reply *r, const void *data, size_t size) {
  unsigned char head[4] = {size >> 24 & 255, size >> 16 & 255, size >> 8 & 255, size & 255};
  append(r, head, 4);
  append(r, data, size);
  r->count++;
}
static void add_text(Reply *r, const char *text) { add(r, text, strlen(text)); }
static void add_number(Reply *r, long long value) {
  char text[32];
  snprintf(text, sizeof text, "%lld", value);
  add_text(r, text);
}
static void send_reply(Reply *r) {
  unsigned char head[4] = {r->count >> 24 & 255, r->count >> 16 & 255, r->count >> 8 & 255, r->count & 255};
  write_all(1, head, 4);
  write_all(1, r->data, r->size);
  free(r->data);
  memset(r, 0, sizeof *r);
}

/* --- files: written and read as the user they belong to, so that no link leads anywhere else --- */

static void become(uid_t uid) {
  if (seteuid(0) != 0 || (uid != 0 && seteuid(uid) != 0)) die("seteuid");
}

static void write_file(const char *path, const Bytes *b, mode_t mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) die(path);
  write_all(fd, b->data, b->size);
  if (fchmod(fd, mode) != 0) die("fchmod");
  close(fd);
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *ftw) {
  (void)s;
  if (ftw->level > 0) (void)(type == FTW_DP ? rmdir(path) : unlink(path));
  return 0;
}
static int open_entry(const char *path, const struct stat *s, int type, struct FTW *ftw) {
  (void)s, (void)ftw;
  if (type == FTW_D || type == FTW_DNR) (void)!chmod(path, 0700);
  return 0;
}

static void clean(const char *directory, uid_t uid) {
  become(uid);
  /* What a program made unreadable is made readable first: a folder without rights hides its content. */
  for (int i = 0; i < 3; i++) {
    nftw(directory, open_entry, 16, FTW_PHYS);
    nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  }
  become(0);
}

/* Every regular file directly inside of a folder, up to `bytes_max` together; everything else is left out. */
static uint32_t collect(Reply *r, const char *directory, uid_t uid, size_t bytes_max) {
  uint32_t count = 0;
  become(uid);
  DIR *dir = opendir(directory);
  struct dirent *entry;
  while (dir != NULL && (entry = readdir(dir)) != NULL) {
    int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat s;
    if (fd < 0) continue;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && (size_t)s.st_size <= bytes_max && count < 1024) {
      unsigned char *data = malloc((size_t)s.st_size + 1);
      ssize_t n, size = 0;
      while (data != NULL && (n = read(fd, data + size, (size_t)(s.st_size - size))) > 0) size += n;
      if (data != NULL) {
        add(r, entry->d_name, strlen(entry->d_name));
        add(r, data, (size_t)size);
        bytes_max -= (size_t)size;
        count++;
      }
      free(data);
    }
    close(fd);
  }
  if (dir != NULL) closedir(dir);
  become(0);
  return count;
}

/* --- the container's cgroup, version 2 or 1 --- */

static long long value_in(const char *path, const char *key) {
  char text[4096];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return -1;
  text[n] = 0;
  if (key == NULL) return atoll(text);
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
    if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ' ') return atoll(line + strlen(key) + 1);
  return -1;
}
static long long cpu_us(void) {
  long long us = value_in("/sys/fs/cgroup/cpu.stat", "usage_usec");
  if (us >= 0) return us;
  long long ns = value_in("/sys/fs/cgroup/cpuacct/cpuacct.usage", NULL);
  if (ns < 0) ns = value_in("/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", NULL);
  return ns < 0 ? -1 : ns / 1000;
}
static long long memory_bytes(void) {
  long long bytes = value_in("/sys/fs/cgroup/memory.current", NULL);
  return bytes >= 0 ? bytes : value_in("/sys/fs/cgroup/memory/memory.usage_in_bytes", NULL);
}
static long long oom_kills(void) {
  long long kills = value_in("/sys/fs/cgroup/memory.events", "oom_kill");
  return kills >= 0 ? kills : value_in("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill");
}

/* --- running --- */

static long long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}
static long long time_us(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }
static long long own_us(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return time_us(u.ru_utime) + time_us(u.ru_stime);
}

typedef struct {
  uid_t uid;
  long long cpu_max, wall_max, memory_max, out_max, err_max, files_max;
  char *argv[ARGS_MAX];
  Bytes *input;
  pid_t pid;
  int ended, building;
  const char *status;
  int code;
  long long cpu, memory;
  Bytes out, err;
  /* A file, as on most judges: a pipe that is full makes some runtimes keep their output. */
  int out_file;
  int err_fd;
} Run;

static void read_spec(Run *r) {
  memset(r, 0, sizeof *r);
  r->out_file = r->err_fd = -1;
  r->uid = (uid_t)next_number();
  if (r->uid != SUBMISSION_UID && r->uid != VALIDATOR_UID) die("no such user");
  r->cpu_max = next_number();
  r->wall_max = next_number();
  r->memory_max = next_number();
  r->out_max = next_number();
  r->err_max = next_number();
  r->files_max = next_number();
  long long argc = next_number();
  if (argc < 1 || argc >= ARGS_MAX) die("arguments");
  for (long long i = 0; i < argc; i++) r->argv[i] = next_text();
  long long files = next_number();
  become(r->uid);
  for (long long i = 0; i < files; i++) {
    char *path = next_text();
    write_file(path, next(), 0600);
  }
  become(0);
  r->input = next();
}

static void limit(int resource, rlim_t value) {
  struct rlimit l = {value, value};
  setrlimit(resource, &l);
}

static void start(Run *r, const char *directory, int in, int out, int err) {
  r->pid = fork();
  if (r->pid < 0) die("fork");
  if (r->pid > 0) return;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setsid();
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_STACK, RLIM_INFINITY);
  limit(RLIMIT_FSIZE, r->building ? 256u << 20 : (rlim_t)r->out_max + 1);
  limit(RLIMIT_NOFILE, 512);
  if (setgroups(0, NULL) != 0 || setresgid(r->uid, r->uid, r->uid) != 0 || setresuid(r->uid, r->uid, r->uid) != 0) _exit(126);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (chdir(directory) != 0) _exit(126);
  /* Compilers need more than programs, which learn nothing from theirs. */
  char *environment[] = {"LANG=C.UTF-8", "PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1", r->building ? "HOME=/tmp" : NULL,
                         "PATH=/usr/local/bin:/usr/bin:/bin", "TMPDIR=/build", "GOCACHE=/build/.go", "GO111MODULE=off", NULL};
  execvpe(r->argv[0], r->argv, environment);
  dprintf(2, "%s: %s\n", r->argv[0], strerror(errno));
  _exit(127);
}

static void settle(Run *r, const char *status, int code) {
  if (r->status != NULL) return;
  r->status = status;
  r->code = code;
}

static void pipe_or_die(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) die("pipe");
}

static int input_file(const Bytes *b) {
  int fd = memfd_create("stdin", MFD_CLOEXEC);
  if (fd < 0) die("memfd");
  write_all(fd, b->data, b->size);
  lseek(fd, 0, SEEK_SET);
  /* Opened anew, read-only. */
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int again = open(path, O_RDONLY | O_CLOEXEC);
  if (again < 0) return fd;
  close(fd);
  return again;
}

static int flooded(Run *r) {
  struct stat s;
  return r->out_file >= 0 && fstat(r->out_file, &s) == 0 && s.st_size > r->out_max;
}

/* Errors that have come; what exceeds their bound is not kept. */
static void drain(Run *r) {
  static unsigned char buffer[65536];
  while (r->err_fd >= 0) {
    ssize_t n = read(r->err_fd, buffer, sizeof buffer);
    if (n < 0) return;
    if (n == 0) {
      close(r->err_fd);
      r->err_fd = -1;
      return;
    }
    size_t room = (size_t)(r->err_max - (long long)r->err.size), keep = (size_t)n < room ? (size_t)n : room;
    unsigned char *grown = realloc(r->err.data, r->err.size + keep + 1);
    if (grown == NULL) die("memory");
    memcpy(grown + r->err.size, buffer, keep);
    r->err.data = grown;
    r->err.size += keep;
    /* Others wait. */
    if (keep < (size_t)n) return;
  }
}

static void read_output(Run *r) {
  struct stat s;
  if (r->out_file < 0 || fstat(r->out_file, &s) != 0) return;
  size_t size = (size_t)(s.st_size < r->out_max ? s.st_size : r->out_max);
  r->out.data = malloc(size + 1);
  if (r->out.data == NULL) die("memory");
  ssize_t n;
  while (r->out.size < size && (n = pread(r->out_file, r->out.data + r->out.size, size - r->out.size, (off_t)r->out.size)) > 0)
    r->out.size += (size_t)n;
  close(r->out_file);
  r->out_file = -1;
}

static void record(Run *r, int status, const struct rusage *usage) {
  r->ended = 1;
  r->cpu = time_us(usage->ru_utime) + time_us(usage->ru_stime);
  long long peak = usage->ru_maxrss * 1024LL;
  if (peak > r->memory) r->memory = peak;
  if (flooded(r)) settle(r, "output", 0);
  if (r->cpu > r->cpu_max) settle(r, "cpu", 0);
  if (r->memory_max > 0 && r->memory > r->memory_max) settle(r, "memory", 0);
  if (WIFEXITED(status)) settle(r, "exited", WEXITSTATUS(status));
  else settle(r, "signalled", WTERMSIG(status));
}

/* Kills and reaps all there is; what main processes used is recorded. */
static void kill_all(Run *runs, int count) {
  for (;;) {
    int status;
    struct rusage usage;
    kill(-1, SIGKILL);
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == ECHILD) return;
    for (int i = 0; i < count; i++)
      if (pid > 0 && runs[i].pid == pid) record(&runs[i], status, &usage);
    if (pid == 0) usleep(200);
  }
}

static long long process_us(pid_t pid) {
  clockid_t clock;
  struct timespec t;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0) return 0;
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* Runs one program, or two that talk; returns which of two ended first. */
static int carry_out(Run *runs, int count, const char *directory) {
  int talk[2][2] = {{-1, -1}, {-1, -1}}, sink[2] = {-1, -1}, first = -1;
  if (count == 2) {
    pipe_or_die(talk[0]);
    pipe_or_die(talk[1]);
  }
  int in[2];
  for (int i = 0; i < count; i++) in[i] = count == 2 ? talk[1 - i][0] : input_file(runs[i].input);
  long long base_memory = memory_bytes(), base_cpu = cpu_us(), base_own = own_us(), base_kills = oom_kills(), begin = now_ms();
  for (int i = 0; i < count; i++) {
    int err[2];
    pipe_or_die(err);
    if (count == 1 && (runs[i].out_file = memfd_create("stdout", MFD_CLOEXEC)) < 0) die("memfd");
    start(&runs[i], i == 1 ? "/work/b" : directory, in[i], count == 2 ? talk[i][1] : runs[i].out_file, err[1]);
    close(err[1]);
    if (count == 1) close(in[i]);
    runs[i].err_fd = err[0];
    fcntl(err[0], F_SETFL, O_NONBLOCK);
  }
  for (int open = count; open > 0;) {
    struct pollfd fds[4];
    int n = 0;
    for (int i = 0; i < 2; i++)
      if (sink[i] >= 0) fds[n++] = (struct pollfd){.fd = sink[i], .events = POLLIN};
    for (int i = 0; i < count; i++) {
      if (runs[i].err_fd >= 0) fds[n++] = (struct pollfd){.fd = runs[i].err_fd, .events = POLLIN};
    }
    /* A child's end interrupts this (SIGCHLD has a handler and is blocked elsewhere). */
    sigset_t none;
    sigemptyset(&none);
    struct timespec tick = {0, TICK_MS * 1000000};
    ppoll(fds, (nfds_t)n, &tick, &none);
    for (int i = 0; i < count; i++) drain(&runs[i]);
    for (int i = 0; i < 2; i++) {
      char nowhere[4096];
      for (int pieces = 0; sink[i] >= 0 && pieces < 64 && read(sink[i], nowhere, sizeof nowhere) > 0; pieces++) continue;
      if (sink[i] >= 0 && runs[i].ended) close(sink[i]), sink[i] = -1;
    }
    int status;
    struct rusage usage;
    pid_t pid;
    while (open > 0 && (pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
      for (int i = 0; i < count; i++) {
        if (runs[i].pid != pid) continue;
        record(&runs[i], status, &usage);
        if (first < 0) first = i;
        open--;
        if (count == 1) continue;
        /* Only now the other side sees the end: who ended first is no race. What it still writes goes nowhere. */
        close(talk[i][1]);
        sink[1 - i] = talk[1 - i][0];
        fcntl(sink[1 - i], F_SETFL, O_NONBLOCK);
      }
    }
    int over = 0;
    for (int i = 0; i < count; i++) {
      Run *r = &runs[i];
      if (r->ended) continue;
      long long used = count == 1 && base_cpu >= 0 ? cpu_us() - base_cpu - (own_us() - base_own) : process_us(r->pid);
      if (flooded(r)) settle(r, "output", 0);
      if (used > r->cpu_max) settle(r, "cpu", 0);
      if (now_ms() - begin > r->wall_max) settle(r, "wall", 0);
      if (count == 1 && base_memory >= 0) {
        long long grown = memory_bytes() - base_memory;
        if (grown > r->memory) r->memory = grown;
        if (r->memory_max > 0 && grown > r->memory_max) settle(r, "memory", 0);
      }
      if (r->status != NULL) over = 1;
    }
    if (oom_kills() > base_kills)
      for (int i = 0; i < count; i++)
        if (runs[i].status == NULL || strcmp(runs[i].status, "signalled") == 0) runs[i].status = "memory", over = 1;
    if (over && count == 1) break;
    if (over) {
      /* The other one sees the end of its input and may say what it thinks. */
      for (int i = 0; i < count; i++)
        if (!runs[i].ended && runs[i].status != NULL) kill(runs[i].pid, SIGKILL);
    }
  }
  kill_all(runs, count);
  for (int i = 0; i < 2; i++)
    if (sink[i] >= 0) close(sink[i]);
  for (int i = 0; i < count; i++) {
    drain(&runs[i]);
    read_output(&runs[i]);
    if (runs[i].err_fd >= 0) close(runs[i].err_fd);
    if (count == 1 && base_cpu >= 0) {
      long long used = cpu_us() - base_cpu - (own_us() - base_own);
      if (used > runs[i].cpu) runs[i].cpu = used;
      if (runs[i].cpu > runs[i].cpu_max && strcmp(runs[i].status, "exited") == 0) runs[i].status = "cpu";
    }
  }
  return first;
}

static void add_outcome(Reply *reply, Run *r) {
  add_text(reply, r->status);
  add_number(reply, r->code);
  add_number(reply, r->cpu);
  add_number(reply, r->memory);
  add(reply, r->out.data == NULL ? (void *)"" : r->out.data, r->out.size);
  add(reply, r->err.data == NULL ? (void *)"" : r->err.data, r->err.size);
  free(r->out.data);
  free(r->err.data);
}

static void clean_up(void) {
  clean("/tmp", SUBMISSION_UID);
  clean("/tmp", VALIDATOR_UID);
  clean("/build", SUBMISSION_UID);
  clean("/judge", VALIDATOR_UID);
  clean("/feedback", VALIDATOR_UID);
}

static void run_one(const char *directory, int build) {
  Run r;
  Reply reply = {0};
  read_spec(&r);
  r.building = build;
  carry_out(&r, 1, directory);
  add_outcome(&reply, &r);
  if (build) collect(&reply, "/build", SUBMISSION_UID, (size_t)r.files_max);
  else if (r.files_max > 0) collect(&reply, "/feedback", VALIDATOR_UID, (size_t)r.files_max);
  clean_up();
  send_reply(&reply);
}

static void run_pair(void) {
  Run runs[2];
  Reply reply = {0}, files = {0};
  read_spec(&runs[0]);
  read_spec(&runs[1]);
  int first = carry_out(runs, 2, "/work");
  add_text(&reply, first == 1 ? "interactor" : "submission");
  add_outcome(&reply, &runs[0]);
  add_outcome(&reply, &runs[1]);
  collect(&files, "/feedback", VALIDATOR_UID, (size_t)runs[1].files_max);
  append(&reply, files.data == NULL ? (void *)"" : files.data, files.size);
  reply.count += files.count;
  free(files.data);
  clean_up();
  send_reply(&reply);
}

static void install(void) {
  Reply reply = {0};
  while (taken < listed) {
    char path[4096];
    char *name = next_text();
    Bytes *content = next();
    int executable = next_number() != 0;
    const char *plain = strncmp(name, "b/", 2) == 0 ? name + 2 : name;
    if (plain != name && mkdir("/work/b", 0755) != 0 && errno != EEXIST) die("mkdir");
    if (strchr(plain, '/') != NULL || strcmp(plain, "..") == 0) die("name");
    snprintf(path, sizeof path, "/work/%s", name);
    write_file(path, content, executable ? 0755 : 0644);
  }
  add_text(&reply, "installed");
  send_reply(&reply);
}

static void on_child(int signal) { (void)signal; }

int main(void) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  signal(SIGPIPE, SIG_IGN);
  struct sigaction child = {.sa_handler = on_child};
  sigaction(SIGCHLD, &child, NULL);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  fcntl(0, F_SETFD, FD_CLOEXEC);
  umask(022);
  while (read_list()) {
    char *job = next_text();
    if (strcmp(job, "install") == 0) install();
    else if (strcmp(job, "run") == 0) run_one("/work", 0);
    else if (strcmp(job, "build") == 0) run_one("/build", 1);
    else if (strcmp(job, "pair") == 0) run_pair();
    else die("no such job");
  }
  return 0;
}
