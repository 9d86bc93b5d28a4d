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
  attack(
    "members of members without end",
    "template <class T> struct L { L<T*> operator->(); };\nint main() { L<int> i; i->x; }",
  ),
  attack(
    "a sequence of ten million numbers",
    "#include <utility>\nstd::make_index_sequence<10000000> x;\nint main() {}",
  ),
  attack(
    "a vector of a quarter of a gigabyte",
    "typedef int v __attribute__((vector_size(1 << 28)));\nv f(v a, v b) { return a * b + a; }\nint main() {}",
  ),
  attack(
    "a type whose name doubles, in a message",
    "template <class A, class B> struct P {};\ntemplate <int N> struct T { using t = P<typename T<N - 1>::t, typename T<N - 1>::t>; };\ntemplate <> struct T<0> { using t = int; };\nint main() { T<28>::t x = 5; }",
  ),
  attack(
    "a type whose name doubles, printed",
    "#include <cstdio>\ntemplate <class A, class B> struct P {};\ntemplate <int N> struct T { using t = P<typename T<N - 1>::t, typename T<N - 1>::t>; };\ntemplate <> struct T<0> { using t = int; };\ntemplate <class X> const char *f() { return __PRETTY_FUNCTION__; }\nint main() { puts(f<T<28>::t>()); }",
    ["CE", "OLE", "MLE"],
  ),
  attack("lambdas in lambdas", `int main() { return ${"[&] { return ".repeat(500)}1${"; }()".repeat(500)}; }`, [
    "CE",
    "RE",
  ]),
  attack(
    "functions inlined into each other",
    `static inline __attribute__((always_inline)) int f0(int x) { return x * x + 1; }\n${Array.from({ length: 26 }, (_, i) => `static inline __attribute__((always_inline)) int f${i + 1}(int x) { return f${i}(x) + f${i}(x + 1); }\n`).join("")}int main(int n, char **v) { return f26(n) == 0; }`,
    ["CE", "TLE"],
    "c",
  ),
  attack(
    "a device of zeros embedded",
    'const unsigned char z[] = {\n#embed "/dev/zero" limit(1000000000)\n};\nint main(void) {}',
    ["CE"],
    "c",
  ),
  attack(
    "looking for files of the host",
    '#include <stdio.h>\n#if __has_include("/etc/passwd") || __has_include("/proc/self/environ") || __has_include("../../../etc/hostname")\nint main(void) { puts("found"); }\n#else\nint main(void) { puts("42"); }\n#endif',
    ["AC"],
    "c",
  ),
  attack(
    "assembler that repeats itself",
    '__asm__(".rept 1000000000\\n.byte 0\\n.endr\\n");\nint main(void) {}',
    ["CE"],
    "c",
  ),
  attack(
    "assembler macros that call themselves",
    '__asm__(".macro m\\nm\\nm\\n.endm\\nm\\n");\nint main(void) {}',
    ["CE"],
    "c",
  ),
  attack(
    "assembler symbols that double",
    `__asm__("${Array.from({ length: 40 }, (_, i) => `.set a${i + 1}, a${i}+a${i}\\n`).join("")}.set a0, 1\\n.int a40\\n");\nint main(void) {}`,
    ["CE"],
    "c",
  ),
  attack(
    "assembler's data of four gigabytes",
    '__asm__(".section .data.x,\\"\\",@\\n.space 4000000000\\n");\nint main(void) {}',
    ["CE"],
    "c",
  ),
  attack("assembler that includes a file", '__asm__(".include \\"/etc/passwd\\"");\nint main(void) {}', ["CE"], "c"),
  attack("a main that is data", "const int main[] = {-443987883, 440, 113408, -1922629632};", ["CE", "RE"], "c"),
  attack(
    "symbols that are the linker's",
    "int memory[10], __stack_pointer, __heap_base;\nint main(void) { return memory[3]; }",
    ["CE", "RE", "WA"],
    "c",
  ),
  attack(
    "sections that are none",
    '__asm__(".section .custom_section.name,\\"\\",@\\n.ascii \\"\\\\377\\\\377\\\\377\\\\377\\\\377\\"\\n");\nint main(void) {}',
    ["CE", "RE", "WA"],
    "c",
  ),
  attack("a Python expression without end", `x = ${"(".repeat(50_000)}1${")".repeat(50_000)}`, ["CE", "RE"], "python3"),
  attack("a Python constant", "x = 10 ** 10 ** 10\nprint(42)", ["TLE", "MLE", "CE", "RE"], "python3"),
  attack("a Python sequence folded into a constant", "x = (1,) * 10 ** 9\nprint(42)", ["MLE", "RE", "TLE"], "python3"),
  attack("Python's prefix operators", `x = ${"-".repeat(100_000)}1\nprint(42)`, ["CE", "AC", "RE", "MLE"], "python3"),
  attack(
    "Python's attributes of attributes",
    `x = 1${".real".repeat(20_000)}\nprint(42)`,
    ["CE", "AC", "RE", "MLE"],
    "python3",
  ),
  attack("a Python source in an alphabet of its own", "# -*- coding: rot13 -*-\ncevag(42)\n", ["CE", "AC"], "python3"),
  attack("JavaScript blocks in blocks", `${"{".repeat(60_000)}${"}".repeat(60_000)}`, ["CE", "WA"], "javascript"),
  attack(
    "JavaScript functions in functions",
    `${"a=>".repeat(40_000)}1; console.log(42)`,
    ["CE", "AC", "RE"],
    "javascript",
  ),
  attack(
    "TypeScript unions without end",
    `let x: ${"1|".repeat(50_000)}1; console.log(42)`,
    ["CE", "AC"],
    "typescript",
  ),
  attack(
    "TypeScript casts of casts",
    `const x = ${"<any>".repeat(20_000)}1; console.log(42)`,
    ["CE", "AC"],
    "typescript",
  ),
  attack(
    "TypeScript types that depend on themselves",
    `let x: ${"1 extends 1 ? ".repeat(7_000)}1${" : 0".repeat(7_000)}; console.log(42)`,
    ["CE", "AC"],
    "typescript",
  ),
  attack(
    "TypeScript enum strings that double",
    `enum E { a0 = "aaaaaaaa", ${Array.from({ length: 40 }, (_, i) => `a${i + 1} = a${i} + a${i}`).join(", ")} } console.log(42)`,
    ["CE", "AC", "MLE", "RE"],
    "typescript",
  ),
  attack(
    "TypeScript decorators",
    "function d(t: any) { return t; } @d class A {} console.log(42)",
    ["CE"],
    "typescript",
  ),
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
