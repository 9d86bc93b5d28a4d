/** What can be told from sources before they are compiled: which files are translation units, and what they need. */
import type { SourceFile } from "../../sandbox.ts";

const CPP_UNIT = /\.(?:cc|cpp|cxx|c\+\+|C|c)$/;
const C_UNIT = /\.c$/;
const HEADER = /\.(?:h|hh|hpp|hxx|h\+\+|inc|ipp|tpp|tcc)$/;
const PLAIN_NAME = /^[^/\\\0]{1,255}$/;

/** Directories of the compiler's tree; a source file of that name would hide one. */
const RESERVED = new Set(["usr", "build", ".", ".."]);

/** Sources beyond this are refused unread. */
export const SOURCE_BYTES_MAX = 8 * 1024 * 1024;
export const SOURCE_FILES_MAX = 256;

/** The reason why these sources cannot be compiled at all, or undefined. */
export function refusal(sources: readonly SourceFile[]): string | undefined {
  if (sources.length === 0) return "no source file";
  if (sources.length > SOURCE_FILES_MAX) return `more than ${SOURCE_FILES_MAX} source files`;
  const total = sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > SOURCE_BYTES_MAX) return `the source is larger than ${SOURCE_BYTES_MAX} bytes`;
  const names = new Set<string>();
  for (const { name } of sources) {
    if (!PLAIN_NAME.test(name) || RESERVED.has(name)) return `file name not allowed: ${JSON.stringify(name)}`;
    if (names.has(name)) return `two files named ${name}`;
    names.add(name);
  }
  return undefined;
}

/** The main file, whatever its name, and every other file with an ending of the language. */
export function translationUnits(sources: readonly SourceFile[], language: "c" | "cpp"): SourceFile[] {
  const unit = language === "c" ? C_UNIT : CPP_UNIT;
  const units = sources.filter(({ name }) => unit.test(name));
  const [main] = sources;
  if (main !== undefined && !units.includes(main) && !HEADER.test(main.name)) units.unshift(main);
  return units;
}

/** Bytes as characters, one each: enough to find ASCII words, whatever the encoding. */
function textOf(sources: readonly SourceFile[]): string {
  const all = sources.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"));
  return all.join("\n").replace(/\\\r?\n/g, "");
}

export interface Needs {
  /** Something may catch what is thrown: a handler of the program's own, or one of the library's on its behalf. */
  readonly catches: boolean;
  /** The precompiled header would mean something else than the headers included at their places. */
  readonly exactIncludes: boolean;
  readonly includesEverything: boolean;
  /** `setjmp` and `longjmp`. */
  readonly jumps: boolean;
  /** x86's intrinsics, or vectors of the compiler's own: worth WebAssembly's. */
  readonly vectors: boolean;
}

/**
 * Words that can put a handler on a thrown exception's way: `catch` itself; the library's own handlers, which need a throw
 * out of the program (streams) or keep exceptions for later (futures, coroutines). `##` could form any word.
 */
const CATCHES =
  /\b(?:catch|throw|exception_ptr|future|async|packaged_task|nested_exception|co_await|co_yield|co_return)\b|##/;

/**
 * Macros that change what this library's headers mean. (`NDEBUG` does not: `assert` is defined anew by each inclusion.
 * Those of other libraries, `_CRT_SECURE_NO_WARNINGS` and the like, mean nothing here.)
 */
const HEADER_MACROS = /^[ \t]*#[ \t]*(?:define|undef)[ \t]+_LIBCPP_\w+/m;

const EVERYTHING = /^[ \t]*#[ \t]*include[ \t]*<bits\/stdc\+\+\.h>/m;

const VECTORS = /\b_mm(?:256)?_|\b__m(?:128|256)[id]?\b|\bvector_size\b|\bext_vector_type\b/;

export function needsOf(sources: readonly SourceFile[]): Needs {
  const text = textOf(sources);
  return {
    catches: CATCHES.test(text),
    exactIncludes: HEADER_MACROS.test(text),
    includesEverything: EVERYTHING.test(text),
    jumps: /\b(?:set|long)jmp\b/.test(text),
    vectors: VECTORS.test(text),
  };
}
