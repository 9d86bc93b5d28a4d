/** Sources that attack the compiler. Each must end in a rejection with a short, clean message, and harm nothing. */
import type { CompileJob } from "./harness.ts";

export interface HostileCase extends CompileJob {
  readonly id: string;
  readonly log: RegExp;
}

const cc = (text: string | Uint8Array) => ({ "main.cc": text });
const small = { timeMs: 2_000, memoryMiB: 256 };
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

/** In what follows clang loops for long without calling anything: the cube of these numbers, or their square. */
const TIRING: Readonly<Record<string, string>> = {
  "three thousand computed jumps": `int main(int n, char**) { static void* to[] = {${lines(3000, (i) => `&&l${i},`)}}; int i = 0; goto *to[n];
${lines(3000, (i) => `l${i}: i += ${i}; goto *to[(i * ${i + 1} + n) % 3000];`)}
}`,
  "jumps into loops": `int main(int n, char**) { switch (n) {
${lines(3000, (i) => `case ${i}: l${i}: n = n * 3 + ${i}; if (n & ${1 << (i % 30)}) goto l${(i * 7919 + 13) % 3000};`)}
} return n; }`,
  "a switch of a hundred thousand numbers": `int main(int n, char**) { switch (n) {
${lines(100_000, (i) => `case ${(i * 2_654_435_761) % 2_147_483_647}: return ${(i * 48_271) % 65_537};`)}
} }`,
  "values of many branches": `volatile int v; int main() { int ${lines(300, (i) => `x${i} = v,`)} y;
${lines(6000, (i) => `if (v) { x${i % 300} = x${(i * 7 + 1) % 300} + ${i}; x${(i * 3) % 300} ^= x${(i * 11) % 300}; }`)}
return ${lines(300, (i) => `x${i} ^`)} 0; }`,
  "a hundred and twenty loops in each other": `volatile int v; int main(int n, char**) { int s = 0;
${lines(120, (i) => `for (int i${i} = 0; i${i} < n; i${i}++) {`)} s += v + ${lines(120, (i) => `i${i} +`)} 0; ${"}".repeat(120)} return s; }`,
  "a block of sixty thousand stores": `void f(int* a, int* b) {
${lines(60_000, (i) => `a[${i}] = b[${(i * 7) % 60_000}] + ${i};`)}
}
int main() {}`,
};

export const HOSTILE: readonly HostileCase[] = [
  { id: "include of /dev/zero", files: cc('#include "/dev/zero"\nint main() {}'), log: /'\/dev\/zero' file not found/ },
  { id: "include of /etc/passwd", files: cc("#include </etc/passwd>\nint main() {}"), log: /file not found/ },
  {
    id: "include of a path upwards",
    files: cc('#include "../../../etc/passwd"\nint main() {}'),
    log: /file not found/,
  },
  { id: "include of a directory", files: cc('#include "/usr"\nint main() {}'), log: /error: / },
  {
    id: "embed of /etc/passwd",
    files: cc('const char p[] = {\n#embed "/etc/passwd"\n};\nint main() {}'),
    log: /file not found/,
  },
  { id: "assembler reads a file", files: cc('__asm__(".incbin \\"/etc/passwd\\"");\nint main() {}'), log: /error: / },
  { id: "include of itself", files: cc("#include __FILE__\nint main() {}"), log: /nested too deeply/ },
  {
    id: "include of itself twice",
    files: cc("#include __FILE__\n#include __FILE__\nint main() {}"),
    compileLimits: small,
    log: /took too long|nested too deeply/,
  },
  {
    id: "endless template recursion",
    files: cc("template <int N> struct A { A<N + 1> next; };\nA<0> a;\nint main() {}"),
    log: /recursive template instantiation exceeded maximum depth/,
  },
  {
    id: "exponential templates",
    files: cc(
      "template <int D, class... T> struct A { A<D - 1, T..., int> a; A<D - 1, T..., char> b; };\ntemplate <class... T> struct A<0, T...> {};\nA<40> a;\nint main() {}",
    ),
    compileLimits: small,
    log: /took too long|too much memory/,
  },
  {
    id: "endless constant evaluation",
    files: cc(
      "constexpr int f() { for (int i = 0;; i = (i + 1) % 7) {} return 0; }\nconstexpr int x = f();\nint main() {}",
    ),
    log: /error: constexpr variable|exceeded|took too long/,
  },
  {
    id: "constant evaluation again and again",
    files: cc(
      `constexpr int f(int n) { int s = 0; for (int i = 0; i < 900000; i++) s ^= i * n; return s; }\n${Array.from({ length: 2000 }, (_, i) => `constexpr int x${i} = f(${i});`).join("\n")}\nint main() {}`,
    ),
    compileLimits: small,
    log: /took too long/,
  },
  {
    id: "exponential macros",
    files: cc(
      `#define A0 x,x,x,x,x,x,x,x\n${Array.from({ length: 12 }, (_, i) => `#define A${i + 1} A${i} A${i} A${i} A${i} A${i} A${i} A${i} A${i}`).join("\n")}\nint main() { A12; }`,
    ),
    compileLimits: small,
    log: /took too long|too much memory|error: /,
  },
  {
    id: "a gigabyte of initialized data",
    files: cc("int a[250000000] = {1};\nint main() { return a[5]; }"),
    compileLimits: { timeMs: 20_000, memoryMiB: 512 },
    log: /error: /,
  },
  {
    id: "deep parentheses",
    files: cc(`int main() { return ${"(".repeat(100_000)}1${")".repeat(100_000)}; }`),
    log: /error: /,
  },
  { id: "deep blocks", files: cc(`int main() { ${"{".repeat(200_000)}${"}".repeat(200_000)} }`), log: /error: / },
  {
    id: "deep unary operators",
    files: cc(`int main() { int x = 1; return ${"- ".repeat(400_000)}x; }`),
    log: /error: /,
  },
  {
    id: "long chain of operators",
    files: cc(`int main(int n, char**) { return n${"+n".repeat(400_000)}; }`),
    log: /error: /,
  },
  { id: "deep types", files: cc(`int ${"*".repeat(1_000_000)}p;\nint main() {}`), log: /error: / },
  // Each takes room on clang's stack and writes nothing there.
  {
    id: "three million escaped newlines",
    files: cc(`int main() {${"\\\n".repeat(3_000_000)}}`),
    log: /the compiler failed/,
  },
  { id: "compiler told to crash", files: cc("#pragma clang __debug crash\nint main() {}"), log: /the compiler failed/ },
  {
    id: "compiler told to overflow its stack",
    files: cc("#pragma clang __debug overflow_stack\nint main() {}"),
    log: /error: /,
  },
  { id: "compiler told to abort", files: cc("#pragma clang __debug llvm_fatal_error\nint main() {}"), log: /error: / },
  {
    id: "a hundred thousand errors",
    files: cc(`int main() {\n${"undeclared += 1;\n".repeat(100_000)}}`),
    log: /too many errors/,
  },
  {
    id: "an error in a line of a megabyte",
    files: cc(`int main() { return "${"x".repeat(1_000_000)}" + ; }`),
    log: /error: /,
  },
  { id: "a message of a megabyte", files: cc(`#error ${"x".repeat(1_000_000)}\n`), log: /error: / },
  { id: "empty", files: cc(""), log: /undefined symbol: main/ },
  { id: "binary", files: cc(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >> 3)), log: /error: / },
  { id: "NULs only", files: cc(new Uint8Array(100_000)), log: /error: |undefined symbol: main/ },
  { id: "too large", files: cc(new Uint8Array(9_000_000).fill(32)), log: /larger than/ },
  { id: "file name with a directory", files: { "../main.cc": "int main() {}" }, log: /file name not allowed/ },
  { id: "file name that hides the system's", files: { usr: "int main() {}" }, log: /file name not allowed/ },
  { id: "main missing", files: cc("int f() { return 1; }"), log: /undefined symbol: main/ },
  {
    id: "an undefined function",
    files: cc("int f();\nint main() { return f(); }"),
    log: /main\.cc: undefined symbol: f\(\)/,
  },
  ...Object.entries(TIRING).map(([id, source]) => ({
    id,
    files: cc(source),
    compileLimits: small,
    log: /took too long/,
  })),
  { id: "instructions of another processor", files: cc('int main() { __asm__ volatile("cpuid"); }'), log: /error: / },
];
