/** The compiler's messages as the contestant sees them. */
import { COMPILE_LOG_BYTES_MAX } from "../../../src/model/verdict.ts";

const CUT = "\n[cut]\n";

/** Paths of the compiler's own tree mean nothing to a contestant: `<vector>` does. */
const INTERNAL = /\/usr\/include\/(?:dikast\/|c\+\+\/v1\/|wasm32-wasip1\/(?:c\+\+\/v1\/)?)?([\w+./-]+)/g;
const OBJECT = /\/build\/([^/:\s]+)\.o\b/g;
/** The object and symbol behind a missing `main`. */
const MAIN = /\/kit\/main-void\.o: undefined symbol: (?:__main_argc_argv|main)/g;
const LINKER = /^wasm-ld: /gm;
/** Stack dumps and pleas for a bug report follow a crash of the compiler. */
const CRASH = /^(?:PLEASE submit a bug report|Stack dump:)[\s\S]*$/m;

/** At most `COMPILE_LOG_BYTES_MAX` bytes of UTF-8, never half a character. */
export function readableLog(raw: Uint8Array, note = ""): string {
  const text = new TextDecoder()
    .decode(raw)
    .replace(CRASH, "")
    .replace(INTERNAL, "<$1>")
    .replace(MAIN, "undefined symbol: main")
    .replace(OBJECT, "$1")
    .replace(LINKER, "linker: ");
  return cut(note === "" ? text : `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${note}\n`);
}

function cut(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= COMPILE_LOG_BYTES_MAX) return text;
  const kept = bytes.subarray(0, COMPILE_LOG_BYTES_MAX - CUT.length - 3);
  return new TextDecoder().decode(kept).replace(/\uFFFD+$/, "") + CUT;
}

/** A constant that had to be evaluated took more steps than allowed. */
export function neededMoreSteps(raw: Uint8Array): boolean {
  return /hit maximum step limit|-fconstexpr-steps/.test(new TextDecoder().decode(raw));
}

export function errorCount(raw: Uint8Array): number {
  return new TextDecoder().decode(raw).match(/\berror: /g)?.length ?? 0;
}

const CLASHING_NAME =
  /error: (?:reference to '(\w+)' is ambiguous|redefinition of '(\w+)' as different kind of symbol|conflicting types for '(\w+)')/g;

/** Names that both the source and a header declare. */
export function clashingNames(raw: Uint8Array): string[] {
  const found = new TextDecoder().decode(raw).matchAll(CLASHING_NAME);
  return Array.from(
    found,
    ([, ambiguous, redefined, conflicting]) => ambiguous ?? redefined ?? (conflicting as string),
  );
}

/** Errors that may come from names which the precompiled header brings in and the source did not ask for. */
const CLASH = /ambiguous|redefinition|conflict|already|different kind|is a private member|cannot overload|previous/;
const DIAGNOSTIC = /^(\S[^\n]*?):\d+:\d+: (fatal error|error|warning|note): ([^\n]*)$/gm;
const OF_THE_TREE = /^\/usr\//;

/**
 * Whether some error is about a name that the source and a header both declare: it says so, and it or one of its notes is in a
 * header. What candidates of an overload are declined for (`deduced conflicting types`) is in notes, and no clash.
 */
export function maybeClash(raw: Uint8Array): boolean {
  let error = "";
  for (const [, file = "", kind, message = ""] of new TextDecoder().decode(raw).matchAll(DIAGNOSTIC)) {
    if (kind !== "note") error = kind === "warning" ? "" : message;
    if (OF_THE_TREE.test(file) && CLASH.test(error)) return true;
  }
  return false;
}
