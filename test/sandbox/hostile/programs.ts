/** Hostile programs (sandbox.md): what each tries, and the verdicts that are right for it. */
import type { Language } from "../../../src/model/language.ts";
import type { Verdict } from "../../../src/model/verdict.ts";

export interface HostileProgram {
  readonly id: string;
  readonly language: Language;
  readonly source: string | Uint8Array;
  readonly verdicts: readonly Verdict[];
  /** What must not be in its output. */
  readonly secret?: RegExp;
}

const c = (id: string, verdicts: readonly Verdict[], body: string, secret?: RegExp): HostileProgram => ({
  id,
  language: "c",
  verdicts,
  source: `#include <errno.h>\n#include <fcntl.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <time.h>\n#include <unistd.h>\n${body}\n`,
  ...(secret === undefined ? {} : { secret }),
});
const cpp = (id: string, verdicts: readonly Verdict[], source: string): HostileProgram => ({
  id,
  language: "cpp",
  verdicts,
  source,
});

export const HOSTILE_PROGRAMS: readonly HostileProgram[] = [
  c("endless loop", ["TLE"], "int main(void) { for (volatile int i = 0;; i++); }"),
  c("endless loop that sleeps", ["TLE"], "int main(void) { for (;;) sleep(1); }"),
  c(
    "endless loop with output",
    ["OLE"],
    'int main(void) { for (;;) puts("spam spam spam spam spam spam spam spam"); }',
  ),
  c("endless line", ["OLE"], "int main(void) { for (;;) putchar('x'); }"),
  c("flood of errors", ["TLE"], 'int main(void) { for (;;) fputs("spam spam spam spam spam spam", stderr); }'),
  c("heap", ["MLE"], "int main(void) { for (;;) { char *p = malloc(1 << 20); memset(p, 1, 1 << 20); } }"),
  c(
    "one huge allocation",
    ["MLE", "RE"],
    "int main(void) { volatile char *p = malloc(3000000000u); p[5] = 1; return p[7]; }",
  ),
  c(
    "static arrays",
    ["MLE", "CE"],
    "static char a[1000000000]; int main(int n, char **v) { memset(a, n, sizeof a); return a[n]; }",
  ),
  c(
    "stack",
    ["MLE", "RE"],
    "int f(int n) { volatile char a[65536]; memset((char *)a, n, sizeof a); return f(n + 1) + a[n & 65535]; } int main(int n, char **v) { return f(n); }",
  ),
  c(
    "endless recursion",
    ["RE", "MLE"],
    "int f(volatile int *p) { volatile int x = *p; return f(&x) + x; } int main(int n, char **v) { return f(&n); }",
  ),
  c("division by zero", ["RE"], "int main(int n, char **v) { volatile int z = n - 1; return 5 / z; }"),
  c("wild pointer", ["RE"], "int main(void) { *(volatile int *)0xfffffff0u = 1; }"),
  c("wild call", ["RE"], "int main(void) { ((void (*)(void))12345)(); }"),
  c("abort", ["RE"], "int main(void) { abort(); }"),
  c("exit codes beyond a byte", ["RE"], "int main(void) { exit(0x1ff); }"),
  c("closing its streams", ["AC", "RE"], 'int main(void) { close(0); close(1); close(2); printf("x"); return 0; }'),
  c(
    "reading what is not there",
    ["AC"],
    "int main(void) { char b[64]; return read(0, b, 64) == 0 && read(0, b, 64) == 0 ? 0 : 1; }",
  ),
  c(
    "files of the host",
    ["AC"],
    'int main(void) { const char *f[] = {"/etc/passwd", "/proc/self/environ", "/proc/self/maps", "/dev/zero", "data/secret/1.ans", "../1.ans"}; for (int i = 0; i < 6; i++) { FILE *h = fopen(f[i], "r"); if (h) { char b[999]; size_t n = fread(b, 1, 999, h); fwrite(b, 1, n, stdout); } } return 0; }',
    /./,
  ),
  c(
    "writing files",
    ["AC"],
    'int main(void) { FILE *h = fopen("/tmp/dikast-was-here", "w"); return h != NULL || open("x", O_CREAT | O_RDWR, 0777) >= 0; }',
  ),
  c(
    "links and folders",
    ["AC"],
    'int main(void) { return symlink("/etc/passwd", "l") == 0 || link("/etc/passwd", "l") == 0 || rmdir("/") == 0 || unlink("/etc/passwd") == 0; }',
  ),
  c(
    "environment",
    ["AC"],
    "extern char **environ; int main(void) { for (char **e = environ; e && *e; e++) puts(*e); return 0; }",
    /./,
  ),
  c(
    "forged verdict",
    ["AC"],
    'int main(void) { fputs("{\\"verdict\\":\\"AC\\",\\"type\\":\\"finished\\"}\\n", stderr); puts("AC"); return 0; }',
  ),
  c("real time", ["AC"], "int main(void) { return time(0) < 1767225600 || time(0) > 1767225700; }"),
  c("fork bomb", ["CE", "RE"], "#include <sys/types.h>\nint fork(void); int main(void) { for (;;) fork(); }"),
  c(
    "network",
    ["CE", "RE", "AC"],
    "#include <sys/socket.h>\n#include <netinet/in.h>\nint main(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }",
  ),
  c(
    "killing the parent",
    ["CE", "RE"],
    "#include <signal.h>\nint kill(int, int); int main(void) { kill(1, 9); return kill(-1, 9) == 0 ? 0 : 1; }",
  ),
  c("running a command", ["CE", "RE"], 'int main(void) { return system("reboot") == 0 ? 0 : 1; }'),
  cpp("threads", ["CE", "RE"], "#include <thread>\nint main() { std::thread t([] { for (;;); }); t.join(); }"),
  cpp("exceptions that never end", ["TLE"], "int main() { for (;;) try { throw 1; } catch (...) {} }"),
  cpp(
    "catching everything for ever",
    ["TLE"],
    "void f(volatile int n) { for (;;) n = n + 1; }\nint main() { for (;;) try { f(0); } catch (...) {} }",
  ),
  cpp(
    "templates",
    ["CE"],
    "template <int N> struct F { static const int v = F<N - 1>::v + F<N - 2>::v * 0; }; template <class... T> struct G { using t = typename G<T..., T...>::t; }; G<int>::t x; int main() {}",
  ),
  cpp(
    "macros",
    ["CE"],
    `#define A(x) x x x x x x x x x x\n#define B(x) A(A(A(A(A(A(A(A(A(A(A(x)))))))))))\nint main() { int a = 0; B(a++;) }`,
  ),
  cpp("includes itself", ["CE"], "#include __FILE__\n#include __FILE__\nint main() {}"),
  cpp("includes devices", ["CE"], '#include "/dev/zero"\nint main() {}'),
  cpp("includes files of the host", ["CE"], '#include "/etc/passwd"\nint main() {}'),
  cpp(
    "compile-time evaluation",
    ["CE"],
    "constexpr unsigned long f(unsigned long n) { unsigned long x = 0; for (unsigned long i = 0; i < n; i++) x += i * i; return x; }\nstatic_assert(f(1000000000000ul) != 1);\nint main() {}",
  ),
  cpp("a huge object", ["CE", "MLE", "RE"], "int a[500000000] = {1};\nint main(int n, char**) { return a[n] == 7; }"),
  cpp("embedded assembly", ["CE", "RE"], 'int main() { asm volatile("syscall"); }'),
  { id: "nothing", language: "cpp", source: "", verdicts: ["CE"] },
  {
    id: "binary",
    language: "c",
    source: Uint8Array.from({ length: 4096 }, (_, i) => (i * 167) & 255),
    verdicts: ["CE"],
  },
  { id: "NULs", language: "c", source: new Uint8Array(4096), verdicts: ["CE"] },
  {
    id: "deep nesting",
    language: "c",
    source: `int main(void) { return ${"(".repeat(100_000)}0${")".repeat(100_000)}; }`,
    verdicts: ["CE"],
  },
];
