/** Hostile programs in C and C++ that compile; compilers are attacked in `compilers.ts`. */
import type { Verdict } from "../../../src/model/verdict.ts";
import { type HostileProgram, type HostileRow } from "./program.ts";

const HEADERS = ["errno", "fcntl", "signal", "stdio", "stdlib", "string", "time", "unistd"]
  .map((name) => `#include <${name}.h>\n`)
  .join("");
/** Where the embedded sandbox lacks a header or a function, a compile error is the right answer. */
const POSIX = [
  "arpa/inet",
  "dirent",
  "netinet/in",
  "pthread",
  "sys/mman",
  "sys/prctl",
  "sys/ptrace",
  "sys/resource",
  "sys/socket",
  "sys/stat",
  "sys/types",
  "sys/un",
  "sys/wait",
]
  .map((name) => `#if __has_include(<${name}.h>) && !defined(__wasi__)\n#include <${name}.h>\n#endif\n`)
  .join("");

function c(
  row: HostileRow,
  id: string,
  verdicts: readonly Verdict[],
  body: string,
  native?: readonly Verdict[],
): HostileProgram {
  const source = `${HEADERS}${POSIX}${body}\n`;
  return { row, id, language: "c", source, verdicts, ...(native === undefined ? {} : { native }) };
}

function cpp(
  row: HostileRow,
  id: string,
  verdicts: readonly Verdict[],
  source: string,
  native?: readonly Verdict[],
): HostileProgram {
  return { row, id, language: "cpp", source, verdicts, ...(native === undefined ? {} : { native }) };
}

const DONE = 'puts("42"); return 0;';

/** Prints what it can read of a list of files; 42 if nothing. */
const readAll = (files: readonly string[]): string =>
  `int main(void) { const char *f[] = {${files.map((file) => JSON.stringify(file)).join(", ")}}; int found = 0; for (unsigned i = 0; i < sizeof f / sizeof *f; i++) { FILE *h = fopen(f[i], "r"); char b[200]; size_t n; if (h && (n = fread(b, 1, sizeof b, h)) > 0) { found = 1; fwrite(b, 1, n, stdout); } } if (!found) puts("42"); return 0; }`;

export const C_PROGRAMS: readonly HostileProgram[] = [
  c("forks and threads", "fork bomb", ["CE", "RE"], "int main(void) { for (;;) fork(); }", ["TLE", "RE", "MLE"]),
  c(
    "forks and threads",
    "threads without end",
    ["CE", "RE"],
    "void *f(void *x) { for (;;) pause(); } int main(void) { pthread_t t; for (;;) pthread_create(&t, 0, f, 0); }",
    ["TLE", "RE", "MLE"],
  ),
  cpp(
    "forks and threads",
    "a thread that computes",
    ["CE", "RE"],
    "#include <thread>\nint main() { std::thread t([] { for (;;); }); t.join(); }",
  ),
  c(
    "memory",
    "heap",
    ["MLE"],
    "int main(void) { for (;;) { volatile char *p = malloc(1 << 20); if (!p) abort(); for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1; } }",
  ),
  c(
    "memory",
    "heap, catching the refusal and going on",
    ["MLE", "TLE"],
    "int main(void) { for (;;) { volatile char *p = malloc(1 << 20); if (p) for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1; } }",
  ),
  c(
    "memory",
    "one huge allocation",
    ["MLE", "RE"],
    "int main(void) { volatile char *p = malloc(1500000000u); if (!p) return 1; for (unsigned i = 0; i < 1500000000u; i += 4096) p[i] = 1; return p[7]; }",
  ),
  c(
    "memory",
    "static arrays",
    ["MLE", "CE"],
    "static char a[1000000000]; int main(int n, char **v) { memset(a, n, sizeof a); return a[n]; }",
  ),
  c(
    "memory",
    "stack",
    ["MLE", "RE"],
    "int f(int n) { volatile char a[65536]; memset((char *)a, n, sizeof a); return f(n + 1) + a[n & 65535]; } int main(int n, char **v) { return f(n); }",
  ),
  c("endless loops", "counting", ["TLE"], "int main(void) { for (volatile int i = 0;; i++); }"),
  c("endless loops", "sleeping", ["TLE"], "int main(void) { for (;;) sleep(1); }"),
  c("endless loops", "sleeping for very short", ["TLE"], "int main(void) { for (;;) usleep(1); }"),
  c(
    "endless loops",
    "with signals caught",
    ["TLE", "CE", "RE"],
    "void again(int s) { for (;;); } int main(void) { for (int s = 1; s < 32; s++) signal(s, again); for (;;); }",
    ["TLE"],
  ),
  c("endless loops", "asking the time", ["TLE"], "int main(void) { for (;;) { volatile time_t t = time(0); } }"),
  cpp("endless loops", "throwing", ["TLE"], "int main() { for (;;) try { throw 1; } catch (...) {} }"),
  cpp(
    "endless loops",
    "catching everything",
    ["TLE"],
    "void f(volatile int n) { for (;;) n = n + 1; }\nint main() { for (;;) try { f(0); } catch (...) {} }",
  ),
  c("output", "flood", ["OLE"], 'int main(void) { for (;;) puts("spam spam spam spam spam spam spam spam"); }'),
  c("output", "one endless line", ["OLE"], "int main(void) { for (;;) putchar('x'); }"),
  c("output", "flood of errors", ["TLE"], 'int main(void) { for (;;) fputs("spam spam spam spam", stderr); }', [
    "TLE",
    "OLE",
  ]),
  c(
    "output",
    "one write beyond the limit",
    ["OLE"],
    "static char a[4000000]; int main(void) { memset(a, 'x', sizeof a); return write(1, a, sizeof a) < 0; }",
  ),
  c(
    "recursion",
    "endless",
    ["RE", "MLE"],
    "int f(volatile int *p) { volatile int x = *p; return f(&x) + x; } int main(int n, char **v) { return f(&n); }",
  ),
  c("input", "closed", ["AC"], `int main(void) { close(0); ${DONE} }`),
  c("input", "not read", ["AC"], `int main(void) { ${DONE} }`),
  c(
    "input",
    "read beyond its end, for ever",
    ["TLE"],
    "int main(void) { char b[9]; for (;;) if (read(0, b, 9) < 0) return 1; }",
  ),
  c(
    "input",
    "every stream closed",
    ["WA", "RE"],
    'int main(void) { close(0); close(1); close(2); printf("42"); return 0; }',
  ),
  c(
    "reading",
    "files of the host",
    ["AC"],
    readAll([
      "/etc/shadow",
      "/root/.bashrc",
      "/proc/1/environ",
      "/proc/self/../1/root/etc/shadow",
      "/dev/sda",
      "/dev/mem",
      "/dev/kmsg",
    ]),
  ),
  c(
    "reading",
    "answers and others' files",
    ["AC"],
    readAll([
      "1.ans",
      "data/secret/1.ans",
      "../1.ans",
      "../data/secret/1.ans",
      "/judge/test.ans",
      "/judge/test.in",
      "/feedback/score.txt",
      "/tmp/answer",
      "../submission/main.c",
    ]),
  ),
  c(
    "reading",
    "environment",
    ["AC"],
    'extern char **environ; int main(void) { for (char **e = environ; e && *e; e++) if (strstr(*e, "TOKEN") || strstr(*e, "SECRET") || strstr(*e, "NODE_") || strstr(*e, "DOCKER")) puts(*e); puts("42"); return 0; }',
  ),
  c(
    "reading",
    "the real time",
    ["AC"],
    `int main(void) { if (time(0) < 1767225600 || time(0) > 1767225700) puts("real"); ${DONE} }`,
    ["AC", "WA"],
  ),
  c(
    "writing",
    "files",
    ["AC"],
    `int main(void) { const char *f[] = {"/dikast-was-here", "/etc/dikast-was-here", "/usr/dikast-was-here"}; for (int i = 0; i < 3; i++) if (fopen(f[i], "w")) puts("wrote"); ${DONE} }`,
  ),
  c(
    "writing",
    "until the disk is full",
    ["AC"],
    `int main(void) { int h = open("x", O_CREAT | O_RDWR, 0777); static char b[1 << 20]; for (long i = 0; h >= 0 && i < 100000; i++) if (write(h, b, sizeof b) < (long)sizeof b) break; ${DONE} }`,
    ["AC", "OLE", "MLE", "TLE", "RE"],
  ),
  c(
    "writing",
    "a million files",
    ["AC"],
    `int main(void) { char n[32]; for (int i = 0; i < 1000000; i++) { sprintf(n, "file%d", i); int h = open(n, O_CREAT | O_RDWR, 0777); if (h < 0) break; close(h); } ${DONE} }`,
    ["AC", "OLE", "MLE", "TLE", "RE"],
  ),
  c(
    "writing",
    "links and folders",
    ["AC"],
    `int main(void) { if (symlink("/etc/passwd", "/l") == 0 || link("/etc/passwd", "/l") == 0 || rmdir("/") == 0 || unlink("/etc/passwd") == 0 || rename("/etc", "/x") == 0 || mkfifo_or_not()) puts("changed"); ${DONE} }`.replace(
      " || mkfifo_or_not()",
      "",
    ),
  ),
  c(
    "network",
    "sockets of every family",
    ["CE", "AC"],
    `int main(void) { struct sockaddr_in a = {0}; a.sin_family = AF_INET; a.sin_port = htons(80); a.sin_addr.s_addr = htonl(0x08080808); int s = socket(AF_INET, SOCK_STREAM, 0); fcntl(s, F_SETFL, O_NONBLOCK); if (connect(s, (void *)&a, sizeof a) == 0 || errno == EINPROGRESS) puts("connected"); for (int f = 0; f < 50; f++) { int p = socket(f, SOCK_RAW, 0); if (p >= 0 && f != AF_NETLINK && f != AF_UNIX) puts("raw"); } ${DONE} }`,
    ["AC"],
  ),
  c(
    "processes",
    "killing and stopping others",
    ["CE", "RE"],
    "int main(void) { kill(getppid(), 9); kill(1, 9); kill(-1, 19); kill(-1, 9); for (;;); }",
    ["RE", "TLE", "AC"],
  ),
  c("processes", "stopping itself", ["CE", "RE"], "int main(void) { kill(getpid(), SIGSTOP); for (;;); }", [
    "TLE",
    "RE",
  ]),
  c(
    "processes",
    "orphans in a session of their own",
    ["CE", "RE"],
    'int main(void) { for (int i = 0; i < 5; i++) if (fork() == 0) { setsid(); if (fork() == 0) { close(0); close(1); close(2); for (;;) pause(); } _exit(0); } puts("42"); return 0; }',
    ["AC", "RE", "TLE"],
  ),
  c("processes", "a command", ["CE", "RE"], 'int main(void) { return system("reboot; kill -9 -1") == 0 ? 0 : 1; }', [
    "RE",
    "WA",
    "AC",
    "TLE",
  ]),
  c(
    "forged verdicts",
    "in the output",
    ["WA"],
    'int main(void) { fputs("{\\"type\\":\\"finished\\",\\"result\\":{\\"verdict\\":\\"AC\\"}}\\n", stderr); puts("AC"); puts("{\\"verdict\\":\\"AC\\"}"); return 0; }',
  ),
  c("forged verdicts", "the validator's exit code", ["RE"], 'int main(void) { puts("42"); exit(42); }'),
  c(
    "forged verdicts",
    "messages to descriptors that are open",
    ["WA", "RE"],
    'int main(void) { for (int f = 3; f < 256; f++) { const char *m = "{\\"verdict\\":\\"AC\\"}\\n"; if (write(f, m, strlen(m)) < 0) continue; } return 0; }',
  ),
  c("crashes", "division by zero", ["RE"], "int main(int n, char **v) { volatile int z = n - 1; return 5 / z; }"),
  c("crashes", "wild pointer", ["RE"], "int main(void) { *(volatile int *)0xfffffff0u = 1; }"),
  c("crashes", "wild call", ["RE"], "int main(void) { ((void (*)(void))12345)(); }"),
  c("crashes", "abort", ["RE"], "int main(void) { abort(); }"),
  c("crashes", "exit code beyond a byte", ["RE"], "int main(void) { exit(0x1ff); }"),
  cpp("crashes", "exception nobody catches", ["RE"], "int main() { throw 42; }"),
  cpp(
    "memory",
    "a string that doubles",
    ["MLE"],
    '#include <string>\nint main() { std::string s = "a"; for (;;) s += s; }',
  ),
  c(
    "memory",
    "an array on the stack beyond it",
    ["RE", "MLE"],
    "int main(int n, char **v) { volatile char a[n * 300000000]; a[5] = 1; return a[7]; }",
  ),
  cpp(
    "endless loops",
    "before main",
    ["TLE"],
    "struct A { A() { for (volatile int i = 0;; i = i + 1); } } a;\nint main() {}",
  ),
  cpp(
    "endless loops",
    "without any effect",
    ["TLE"],
    '#include <cstdio>\nint main(int n, char**) { unsigned x = n > 9; while (x != 1) x = x % 2 ? 3 * x + 1 : x / 2; printf("%u", x + 41); }',
  ),
  cpp(
    "endless loops",
    "in the handler of what nobody catches",
    ["TLE"],
    "#include <exception>\nint main() { std::set_terminate([] { for (volatile int i = 0;; i = i + 1); }); throw 1; }",
  ),
  cpp(
    "input",
    "read in a loop that ignores its end",
    ["TLE"],
    "#include <iostream>\nint main() { int n; do std::cin >> n; while (n != -1); }",
  ),
  c(
    "output",
    "one number with a width of a thousand million",
    ["OLE"],
    'int main(void) { printf("%1000000000d", 1); }',
  ),
  cpp(
    "crashes",
    "exit within exit",
    ["RE", "WA"],
    "#include <cstdlib>\nstruct A { ~A() { exit(0); } } a;\nint main() { atexit([] { exit(1); }); }",
  ),
  cpp(
    "crashes",
    "a pure virtual call",
    ["RE"],
    "struct A { A() { f(); } void f() { g(); } virtual void g() = 0; };\nstruct B : A { void g() {} };\nint main() { B b; }",
  ),
  c(
    "crashes",
    "the same block freed twice",
    ["RE", "AC", "WA"],
    'int main(void) { char *p = malloc(100), *q = malloc(100); free(p); free(p); q[-4] = 99; free(q); free((void *)12345); puts("42"); return 0; }',
  ),
  c(
    "crashes",
    "a jump into a function that has returned",
    ["RE"],
    "#include <setjmp.h>\njmp_buf b; void f(void) { setjmp(b); } int main(void) { f(); longjmp(b, 1); }",
    ["RE", "AC", "WA", "TLE"],
  ),
  c(
    "memory",
    "pages asked from the machine itself",
    ["MLE"],
    "int main(void) { for (;;) __builtin_wasm_memory_grow(0, 1); }",
    ["CE"],
  ),
  c(
    "memory",
    "an array on the stack whose size overflows",
    ["RE"],
    "int main(int n, char **v) { volatile int a[n * 1000][n * 1000][n * 1000]; a[0][0][0] = n; return a[n][n][n]; }",
  ),
  cpp(
    "memory",
    "handlers that give nothing back",
    ["MLE"],
    "#include <bits/stdc++.h>\nint main() { std::set_terminate([] { for (;;) try { throw 1; } catch (...) {} }); std::set_new_handler([] {}); std::vector<char*> v; for (;;) std::fill_n(v.emplace_back(new char[1 << 20]), 1 << 20, 1); }",
    ["MLE", "TLE", "RE"],
  ),
  cpp(
    "recursion",
    "a static object that needs itself",
    ["RE"],
    "struct R { R(int n) { static R r(n); } };\nint main() { R r(1); }",
  ),
  cpp(
    "reading",
    "every folder, every descriptor",
    ["AC"],
    '#include <bits/stdc++.h>\n#include <unistd.h>\nint main() { namespace fs = std::filesystem; std::error_code e; int n = 0; for (auto p : {"/", "/judge", "/feedback", "/tmp", ".", "..", "/proc", "/dev", "/usr"}) for (auto it = fs::directory_iterator(p, e); it != fs::directory_iterator(); it.increment(e)) n++; fs::create_directories("/a/b", e); n += fs::exists("/a", e); char c; for (int i = 3; i < 5000; i++) n += read(i, &c, 1) >= 0 || write(i, "x", 1) >= 0; std::cout << n + 42; }',
    ["WA"],
  ),
  c(
    "endless loops",
    "in a constructor",
    ["TLE"],
    "__attribute__((constructor)) void f(void) { for (volatile int i = 0;; i++); } int main(void) {}",
  ),
  c("endless loops", "of assembler", ["TLE"], 'int main(void) { __asm__ volatile("loop\\nbr 0\\nend_loop\\n"); }', [
    "CE",
  ]),
  c(
    "endless loops",
    "at its exit, again and again",
    ["TLE", "MLE"],
    "void f(void) { atexit(f); } int main(void) { atexit(f); }",
    ["TLE", "MLE", "RE", "WA"],
  ),
  c(
    "memory",
    "pages asked from the machine by assembler",
    ["MLE"],
    'int main(void) { for (;;) __asm__ volatile("i32.const 1000\\nmemory.grow 0\\ndrop\\n"); }',
    ["CE"],
  ),
  c(
    "memory",
    "tables that grow",
    ["RE", "MLE", "TLE"],
    "static __externref_t t[0]; int main(void) { for (;;) if (__builtin_wasm_table_grow(t, __builtin_wasm_ref_null_extern(), 100000) < 0) return 1; }",
    ["CE"],
  ),
  c(
    "memory",
    "the stack by alloca",
    ["RE", "MLE"],
    "int main(int n, char **v) { for (;;) { volatile char *p = __builtin_alloca(1 << 24); p[0] = n; } }",
  ),
  cpp(
    "memory",
    "an exception of half a gigabyte",
    ["MLE", "RE"],
    "struct A { char b[1 << 29]; };\nint main() { try { throw A(); } catch (A &a) { return a.b[5]; } }",
  ),
  cpp(
    "memory",
    "coroutines that nobody ends",
    ["MLE", "TLE"],
    "#include <coroutine>\nstruct G { struct promise_type { char b[10000]; G get_return_object() { return {}; } std::suspend_always initial_suspend() { return {}; } std::suspend_always final_suspend() noexcept { return {}; } void return_void() {} void unhandled_exception() {} }; };\nG f() { co_return; }\nint main() { for (;;) f(); }",
  ),
  cpp(
    "recursion",
    "of coroutines",
    ["RE", "MLE", "TLE"],
    "#include <generator>\nstd::generator<int> f(int n) { co_yield std::ranges::elements_of(f(n + 1)); }\nint main() { for (int x : f(0)) return x; }",
    ["RE", "MLE", "TLE", "CE"],
  ),
  cpp(
    "recursion",
    "of exceptions in exceptions",
    ["TLE", "RE", "MLE", "WA"],
    '#include <exception>\n#include <stdexcept>\nvoid f(int n) { try { if (n) f(n - 1); throw std::runtime_error("x"); } catch (...) { std::throw_with_nested(std::runtime_error("y")); } }\nint main() { try { f(100000); } catch (...) {} }',
  ),
  c("input", "opened by name, for ever", ["TLE"], 'int main(void) { for (;;) open("/dev/stdin", O_RDONLY); }'),
  c(
    "reading",
    "standard streams by other names",
    ["AC"],
    readAll(["/dev/fd/3", "/proc/self/fd/3", "/dev/stdin/../../etc/passwd", "/proc/self/fd/../environ", "/dev/tty"]),
    ["AC", "WA"],
  ),
  c(
    "processes",
    "calls of the system with numbers that are none",
    ["RE", "TLE", "MLE", "OLE", "WA"],
    '__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write"))) int w(int, const void *, int, void *); __attribute__((import_module("wasi_snapshot_preview1"), import_name("random_get"))) int r(void *, unsigned); __attribute__((import_module("wasi_snapshot_preview1"), import_name("poll_oneoff"))) int p(const void *, void *, unsigned, void *); int main(void) { w(1, (void *)0x10, 0x7fffffff, (void *)8); w(1, (void *)0xfffffff0u, 100, (void *)0xfffffffeu); r(0, 0xffffffffu); r((void *)8, 0x10000000); p((void *)0, (void *)0, 0x7fffffff, (void *)0); p((void *)64, (void *)128, 0, (void *)4); return 3; }',
    ["CE", "RE"],
  ),
  c(
    "crashes",
    "numbers written where nothing is",
    ["RE", "WA"],
    'int main(void) { int n; printf("%n%n%s", (int *)0xfffffff0u, &n, (char *)0xffffff00u); return 0; }',
  ),
  cpp(
    "crashes",
    "a comparison that contradicts itself",
    ["RE", "WA", "TLE", "MLE"],
    "#include <bits/stdc++.h>\nint main() { std::vector<int> v(100000, 1); std::sort(v.begin(), v.end(), [](int, int) { return true; }); std::cout << v[5]; }",
  ),
];
