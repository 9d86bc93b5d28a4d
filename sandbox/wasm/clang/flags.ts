/** How the compiler and the linker are called. Whatever is written here is part of the judge profile. */

/**
 * Of the linear memory, its lowest part, so that an overflow traps instead of running into data. Only touched pages take
 * memory of the host. A program's memory use counts from here up, plus the stack it touched.
 */
export const STACK_BYTES = 256 * 1024 * 1024;

export const SYSTEM_ROOT = "/usr";
const LIBRARIES = `${SYSTEM_ROOT}/lib/wasm32-wasip1`;
const BUILTINS = `${SYSTEM_ROOT}/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a`;

/** Our headers (`bits/stdc++.h`, ...) come first. */
const OWN_HEADERS = `${SYSTEM_ROOT}/include/dikast`;

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
  ...DIAGNOSTICS,
];

const C_HEADERS = [`${SYSTEM_ROOT}/include`, `${SYSTEM_ROOT}/include/wasm32-wasip1`];
const CPP_HEADERS = [OWN_HEADERS, `${SYSTEM_ROOT}/include/wasm32-wasip1/c++/v1`, `${SYSTEM_ROOT}/include/c++/v1`];
const systemHeaders = (directories: readonly string[]) => directories.flatMap((each) => ["-internal-isystem", each]);

/** What the standard removed and GCC's library still has. */
const REMOVED_NAMES = [
  ...["AUTO_PTR", "BINDERS", "RANDOM_SHUFFLE", "UNARY_BINARY_FUNCTION"].map((name) => `CXX17_REMOVED_${name}`),
  ...["BINDER_TYPEDEFS", "NEGATORS", "SHARED_PTR_UNIQUE", "TEMPORARY_BUFFER", "TYPE_TRAITS", "UNCAUGHT_EXCEPTION"].map(
    (name) => `CXX20_REMOVED_${name}`,
  ),
].map((name) => `-D_LIBCPP_ENABLE_${name}`);

const CPP = [
  ...systemHeaders([...CPP_HEADERS, ...C_HEADERS]),
  ...words("-fdeprecated-macro -fskip-odr-check-in-gmf -mconstructor-aliases"),
  ...words("-fcxx-exceptions -fexceptions -exception-model=wasm -target-feature +exception-handling"),
  ...words("-mllvm -wasm-enable-eh -mllvm -wasm-use-legacy-eh=false"),
  ...REMOVED_NAMES,
  "-Wno-register",
];

export const CPP_STANDARD = "gnu++23";
/** For sources that clash with names of the newer one. */
export const CPP_STANDARD_FALLBACK = "gnu++20";
export const C_STANDARD = "gnu17";

/** Compiles one C file to an object. */
export function compileC(source: string, object: string): string[] {
  return [
    "clang",
    ...COMMON,
    ...systemHeaders(C_HEADERS),
    `-std=${C_STANDARD}`,
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
  /** False: `throw` ends the program, and nothing is spent on landing pads. */
  readonly catches: boolean;
}

export function compileCpp(source: string, object: string, mode: CppMode): string[] {
  return [
    "clang++",
    ...COMMON,
    ...CPP,
    `-std=${mode.standard}`,
    // The header is ours and hashed; not validating it allows one header for both ways of throwing.
    ...(mode.precompiled === undefined ? [] : ["-include-pch", mode.precompiled, "-fno-validate-pch"]),
    ...(mode.prologue === undefined ? [] : ["-include", mode.prologue]),
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
    ...(input.cpp ? ["-lc++", "-lc++abi"] : []),
    ...EMULATION_LIBRARIES,
    "-lc-printscan-long-double",
    "-lc",
    BUILTINS,
    "-o",
    output,
  ];
}
