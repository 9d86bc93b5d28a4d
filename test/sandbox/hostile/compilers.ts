/** Sources that attack the compiler, or that are no sources. (More of clang's own: `test/sandbox/wasm/clang/hostile.ts`.) */
import type { Language } from "../../../src/model/language.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import { BINARY, HUGE, type HostileProgram, type HostileRow, NULS } from "./program.ts";

function attack(
  id: string,
  source: string,
  verdicts: readonly Verdict[] = ["CE"],
  language: Language = "cpp",
): HostileProgram {
  return { row: "compilers", id, language, source, verdicts };
}

const ODD: readonly (readonly [id: string, source: string | Uint8Array])[] = [
  ["empty", ""],
  ["huge", HUGE],
  ["binary", BINARY],
  ["NULs", NULS],
];
const ROW: HostileRow = "sources";

export const COMPILER_ATTACKS: readonly HostileProgram[] = [
  attack(
    "templates",
    "template <int N> struct F { static const int v = F<N - 1>::v + F<N - 2>::v * 0; }; template <class... T> struct G { using t = typename G<T..., T...>::t; }; G<int>::t x; int main() {}",
  ),
  attack(
    "macros",
    "#define A(x) x x x x x x x x x x\n#define B(x) A(A(A(A(A(A(A(A(A(A(A(x)))))))))))\nint main() { int a = 0; B(a++;) }",
  ),
  attack("including itself", "#include __FILE__\n#include __FILE__\nint main() {}"),
  attack("including a device", '#include "/dev/zero"\nint main() {}'),
  attack("including a file of the host", '#include "/etc/shadow"\nint main() {}'),
  attack("including standard input", '#include "/dev/stdin"\nint main() {}'),
  attack("embedding a file of the host", '__asm__(".incbin \\"/etc/shadow\\"");\nint main() {}'),
  attack(
    "compile-time evaluation",
    "constexpr unsigned long f(unsigned long n) { unsigned long x = 0; for (unsigned long i = 0; i < n; i++) x += i * i; return x; }\nstatic_assert(f(1000000000000ul) != 1);\nint main() {}",
  ),
  attack("a huge object", "int a[500000000] = {1};\nint main(int n, char**) { return a[n] == 7; }", [
    "CE",
    "MLE",
    "RE",
  ]),
  attack(
    "a huge object in which nothing is zero",
    "struct { int x[1000][1000][250]; } a = {.x = {[0 ... 999] = {[0 ... 999] = {[0 ... 249] = 1}}}};\nint main(void) { return a.x[5][5][5]; }",
    ["CE", "MLE", "RE"],
    "c",
  ),
  attack(
    "a string of macros",
    `#define a b b\n#define b c c\n${"cdefghijklmnopqrstuvwx"
      .split("")
      .map((name, i) => `#define ${name} ${String.fromCharCode(100 + i)} ${String.fromCharCode(100 + i)}\n`)
      .join("")}#define y "x"\nconst char *s = a a a a;\nint main(void) {}`,
    ["CE"],
    "c",
  ),
  attack(
    "a name of a hundred thousand letters",
    `int ${"a".repeat(100_000)}() { return 42; }\nint main() { return ${"a".repeat(20_000)}(); }`,
  ),
  attack(
    "functions that the sandbox does not have",
    '__attribute__((import_module("env"), import_name("evil"))) int evil(int);\nint main(void) { return evil(1); }',
    ["CE", "RE"],
    "c",
  ),
  attack(
    "names that belong to the meter",
    '__attribute__((export_name("dikast.fuel"))) int f(void) { return 1; }\nint main(void) { return 0; }',
    ["CE", "RE"],
    "c",
  ),
  attack("deep nesting", `int main(void) { return ${"(".repeat(50_000)}0${")".repeat(50_000)}; }`, ["CE"], "c"),
  attack("machine code of another processor", 'int main() { asm volatile(".byte 0x0f, 0x05; syscall"); }', [
    "CE",
    "RE",
  ]),
  attack("a Python expression without end", `x = ${"(".repeat(50_000)}1${")".repeat(50_000)}`, ["CE", "RE"], "python3"),
  attack("a Python constant", "x = 10 ** 10 ** 10\nprint(42)", ["TLE", "MLE", "CE", "RE"], "python3"),
  attack("a Python sequence folded into a constant", "x = (1,) * 10 ** 9\nprint(42)", ["MLE", "RE", "TLE"], "python3"),
  attack("JavaScript brackets without end", `x = ${"[".repeat(100_000)}`, ["CE"], "javascript"),
  attack(
    "a TypeScript type without end",
    `let x: ${"Array<".repeat(20_000)}0${">".repeat(20_000)};`,
    ["CE", "WA"],
    "typescript",
  ),
  ...(["c", "cpp", "python3", "javascript", "typescript"] as const).flatMap((language) =>
    ODD.map(([id, source]): HostileProgram => ({ row: ROW, id, language, source, verdicts: ["CE", "WA", "RE"] })),
  ),
];
