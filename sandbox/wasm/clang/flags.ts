/** How the compiler and the linker are called. Whatever is written here is part of the judge profile. */

/**
 * Of the linear memory, its lowest part, so that an overflow traps instead of running into data. Only touched pages take
 * memory of the host. A program's memory use counts from here up, plus the stack it touched.
 */
export const STACK_BYTES = 256 * 1024 * 1024;

export const SYSTEM_ROOT = "/usr";
const LIBRARIES = `${SYSTEM_ROOT}/lib/wasm32-wasip1`;
const BUILTINS = `${SYSTEM_ROOT}/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a`;

/** Our headers (`bits/stdc++.h`, ...) come first; those for C, too, in a folder of their own. */
const OWN_HEADERS = `${SYSTEM_ROOT}/include/dikast`;
const OWN_C_HEADERS = `${OWN_HEADERS}/c`;

const words = (text: string) => text.split(" ");

const TARGET = [
  ...words("-triple wasm32-unknown-wasip1 -target-cpu generic"),
  ...words("-mrelocation-model static -mframe-pointer=none -fvisibility=hidden"),
];

const OPTIMIZE = [
  ...words("-O2 -vectorize-loops -vectorize-slp -ffp-contract=off -fno-rounding-math"),
  // Neither changes the output; the shipped compiler has assertions on and does both by default.
  ...words("-disable-llvm-verifier -discard-value-names"),
];

/**
 * A loop without end is one that does not end: TLE. By the letter of C++ the compiler may take it for impossible, and then what
 * happens is anything; g++ makes no such use of the letter.
 */
const LOOPS = "-fno-finite-loops";

/** Parts of a C library that contestants expect and WASI leaves out by default. */
const EMULATION = ["SIGNAL", "PROCESS_CLOCKS", "MMAN", "GETPID"].map((part) => `-D_WASI_EMULATED_${part}`);
const EMULATION_LIBRARIES = ["signal", "process-clocks", "mman", "getpid"].map((part) => `-lwasi-emulated-${part}`);

const DIAGNOSTICS = [
  ...words("-ferror-limit 20 -fmessage-length=0"),
  // `#pragma GCC optimize` and friends are everywhere and mean nothing here.
  "-Wno-unknown-pragmas",
  // One message each, with the whole line: quadratic.
  "-Wno-null-character",
];

const COMMON = [
  "-cc1",
  ...TARGET,
  ...OPTIMIZE,
  ...words("-disable-free -clear-ast-before-backend -fno-implicit-modules"),
  "-resource-dir",
  SYSTEM_ROOT,
  "-isysroot",
  SYSTEM_ROOT,
  ...words("-fdebug-compilation-dir=/ -fcoverage-compilation-dir=/ -fgnuc-version=4.2.1"),
  ...EMULATION,
  // What judges define, so that `freopen` of local files and debug output are left out.
  "-DONLINE_JUDGE",
  ...DIAGNOSTICS,
];

const C_HEADERS = [OWN_C_HEADERS, `${SYSTEM_ROOT}/include`, `${SYSTEM_ROOT}/include/wasm32-wasip1`];
const CPP_HEADERS = [OWN_HEADERS, `${SYSTEM_ROOT}/include/wasm32-wasip1/c++/v1`, `${SYSTEM_ROOT}/include/c++/v1`];
/** What GCC takes for C17 with a warning. */
const OLD_C = ["implicit-function-declaration", "implicit-int", "int-conversion", "incompatible-pointer-types"].map(
  (warning) => `-Wno-error=${warning}`,
);

/**
 * Steps of evaluation at compile time. Each costs clang up to 0.1 ms here, and for `vector<int> g[1000000]` it would take
 * all of them, only to find whether the array can be initialized without running code.
 */
const EVALUATION_STEPS = 10_000;
/** For programs that really compute something when they are compiled. */
const EVALUATION_STEPS_MANY = 10_000_000;

const systemHeaders = (directories: readonly string[]) => directories.flatMap((each) => ["-internal-isystem", each]);

/** What the standard removed and GCC's library still has. */
const REMOVED_NAMES = [
  ...["AUTO_PTR", "BINDERS", "RANDOM_SHUFFLE", "UNARY_BINARY_FUNCTION"].map((name) => `CXX17_REMOVED_${name}`),
  ...["BINDER_TYPEDEFS", "NEGATORS", "SHARED_PTR_UNIQUE", "TEMPORARY_BUFFER", "TYPE_TRAITS", "UNCAUGHT_EXCEPTION"].map(
    (name) => `CXX20_REMOVED_${name}`,
  ),
].map((name) => `-D_LIBCPP_ENABLE_${name}`);

/** Exceptions of WebAssembly as standardized, not as the first engines had them. */
const WASM_EXCEPTIONS = [
  ...words("-exception-model=wasm -target-feature +exception-handling"),
  ...words("-mllvm -wasm-use-legacy-eh=false"),
];
const JUMPS = words("-mllvm -wasm-enable-sjlj");
const VECTORS = words("-target-feature +simd128");

const CPP = [
  ...systemHeaders([...CPP_HEADERS, ...C_HEADERS]),
  ...words("-fdeprecated-macro -fskip-odr-check-in-gmf -mconstructor-aliases"),
  ...words("-fcxx-exceptions -fexceptions -mllvm -wasm-enable-eh"),
  ...WASM_EXCEPTIONS,
  ...REMOVED_NAMES,
  "-Wno-register",
];

export const CPP_STANDARD = "gnu++23";
/** For sources that clash with names of the newer one. */
export const CPP_STANDARD_FALLBACK = "gnu++20";
export const C_STANDARD = "gnu17";

/** Compiles one C file to an object. */
export function compileC(
  source: string,
  object: string,
  mode: { readonly jumps: boolean; readonly vectors: boolean },
): string[] {
  return [
    "clang",
    ...COMMON,
    ...systemHeaders(C_HEADERS),
    `-std=${C_STANDARD}`,
    LOOPS,
    ...OLD_C,
    ...(mode.jumps ? [...WASM_EXCEPTIONS, ...JUMPS] : []),
    ...(mode.vectors ? VECTORS : []),
    "-emit-obj",
    "-o",
    object,
    "-x",
    "c",
    source,
  ];
}

export interface CppMode {
  readonly standard: string;
  /** Path of the precompiled header. */
  readonly precompiled?: string;
  /** A header that comes before the source's first line. */
  readonly prologue?: string;
  /** The source needs more evaluation at compile time than most. */
  readonly evaluates?: boolean;
  /** Calls `setjmp`, which is done by exceptions. */
  readonly jumps?: boolean;
  /** Uses vectors of 128 bits. */
  readonly vectors?: boolean;
  /** False: `throw` ends the program, and nothing is spent on landing pads. */
  readonly catches: boolean;
}

export function compileCpp(source: string, object: string, mode: CppMode): string[] {
  return [
    "clang++",
    ...COMMON,
    ...CPP,
    `-std=${mode.standard}`,
    LOOPS,
    `-fconstexpr-steps=${mode.evaluates === true ? EVALUATION_STEPS_MANY : EVALUATION_STEPS}`,
    // The header is ours and hashed; not validating it allows one header for both ways of throwing.
    ...(mode.precompiled === undefined ? [] : ["-include-pch", mode.precompiled, "-fno-validate-pch"]),
    ...(mode.prologue === undefined ? [] : ["-include", mode.prologue]),
    ...(mode.jumps === true ? JUMPS : []),
    ...(mode.vectors === true ? VECTORS : []),
    ...(mode.catches ? [] : ["-fignore-exceptions"]),
    "-emit-obj",
    "-o",
    object,
    "-x",
    "c++",
    source,
  ];
}

export function precompileHeader(header: string, output: string): string[] {
  return [
    "clang++",
    ...COMMON,
    ...CPP,
    `-std=${CPP_STANDARD}`,
    `-fconstexpr-steps=${EVALUATION_STEPS}`,
    // Templates that the headers themselves need are instantiated once, here.
    "-fpch-instantiate-templates",
    "-emit-pch",
    "-o",
    output,
    "-x",
    "c++-header",
    header,
  ];
}

/** Functions of the library that cannot be replaced by linking ours first: they share a file with others. */
const REPLACED = ["_ZNSt3__28ios_base15sync_with_stdioEb", "_ZNSt3__213__hash_memoryEPKvm"];

export interface LinkInput {
  readonly objects: readonly string[];
  /** Linked only where something needs them. */
  readonly runtime: readonly string[];
  /** Our own start, or the C library's. */
  readonly start?: string;
  readonly cpp: boolean;
}

export function link(input: LinkInput, output: string): string[] {
  return [
    ...words("wasm-ld -m wasm32 --strip-all --threads=1"),
    "-z",
    `stack-size=${STACK_BYTES}`,
    "--stack-first",
    `-L${LIBRARIES}`,
    input.start ?? `${LIBRARIES}/crt1-command.o`,
    ...input.objects,
    "--start-lib",
    ...input.runtime,
    "--end-lib",
    ...(input.cpp ? [...REPLACED.map((symbol) => `--wrap=${symbol}`), "-lc++", "-lc++abi"] : []),
    ...EMULATION_LIBRARIES,
    "-lsetjmp",
    "-lc-printscan-long-double",
    "-lc",
    BUILTINS,
    "-o",
    output,
  ];
}
