/**
 * The default output validator of the Kattis/ICPC formats (legacy.md and 2025-09.md "Default output validator specification"), after
 * the reference `default_validator.cc` of problemtools: both files are split into tokens at white space and compared one by one.
 *
 * Where the reference works on C strings, this works on bytes: a NUL is a character like any other.
 */
import { isSpace, parseFloatToken } from "./tokens.ts";

export interface ComparisonRules {
  readonly caseSensitive: boolean;
  readonly spaceChangeSensitive: boolean;
  /** −1 = not set. With either tolerance set, tokens of the answer that are floating-point numbers are compared as numbers. */
  readonly floatAbsoluteTolerance: number;
  readonly floatRelativeTolerance: number;
}

export type Comparison = { readonly accepted: true } | { readonly accepted: false; readonly message: string };

/** The validator's command line. `undefined` if it is not one: a fault of the package (JE). */
export function parseComparisonRules(args: readonly string[]): ComparisonRules | undefined {
  let caseSensitive = false;
  let spaceChangeSensitive = false;
  let floatAbsoluteTolerance = -1;
  let floatRelativeTolerance = -1;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === "case_sensitive") caseSensitive = true;
    else if (arg === "space_change_sensitive") spaceChangeSensitive = true;
    else {
      index += 1;
      const tolerance = parseFloatToken(args[index] ?? "");
      if (tolerance === undefined) return undefined;
      if (arg === "float_absolute_tolerance") floatAbsoluteTolerance = tolerance;
      else if (arg === "float_relative_tolerance") floatRelativeTolerance = tolerance;
      else if (arg === "float_tolerance") floatAbsoluteTolerance = floatRelativeTolerance = tolerance;
      else return undefined;
    }
  }
  return { caseSensitive, spaceChangeSensitive, floatAbsoluteTolerance, floatRelativeTolerance };
}

/** Compares a program's output with the answer file. Time and memory linear in their length; nothing is copied but tokens for messages. */
export function compareOutput(output: Uint8Array, answer: Uint8Array, rules: ComparisonRules): Comparison {
  if (Buffer.compare(output, answer) === 0) return { accepted: true };
  return new Comparer(output, answer, rules).run();
}

/** Longer tokens are no number in any sensible file; they are compared as strings. */
const NUMBER_LENGTH_MAX = 4096;
const TOKEN_SHOWN_MAX = 80;

class Comparer {
  readonly #output: Uint8Array;
  readonly #answer: Uint8Array;
  readonly #rules: ComparisonRules;
  readonly #useFloats: boolean;
  /** Next byte of each file. */
  #outputAt = 0;
  #answerAt = 0;

  constructor(output: Uint8Array, answer: Uint8Array, rules: ComparisonRules) {
    this.#output = output;
    this.#answer = answer;
    this.#rules = rules;
    this.#useFloats = rules.floatAbsoluteTolerance >= 0 || rules.floatRelativeTolerance >= 0;
  }

  run(): Comparison {
    const output = this.#output;
    const answer = this.#answer;
    for (;;) {
      const spaceFault = this.#skipSpace();
      if (spaceFault !== undefined) return spaceFault;
      if (this.#answerAt === answer.length) break;
      const answerEnd = tokenEnd(answer, this.#answerAt);
      if (this.#outputAt === output.length) {
        return this.#wrong(`the output ends where the answer goes on with ${shown(answer, this.#answerAt, answerEnd)}`);
      }
      const outputEnd = tokenEnd(output, this.#outputAt);
      const tokenFault = this.#compareToken(outputEnd, answerEnd);
      if (tokenFault !== undefined) return tokenFault;
      this.#outputAt = outputEnd;
      this.#answerAt = answerEnd;
    }
    if (this.#outputAt === output.length) return { accepted: true };
    const end = tokenEnd(output, this.#outputAt);
    return this.#wrong(`the answer ends where the output goes on with ${shown(output, this.#outputAt, end)}`);
  }

  /** White space of both files up to their next tokens; where it matters, byte for byte. */
  #skipSpace(): Comparison | undefined {
    const output = this.#output;
    const answer = this.#answer;
    const exact = this.#rules.spaceChangeSensitive;
    while (this.#answerAt < answer.length && isSpace(answer[this.#answerAt] as number)) {
      if (exact) {
        if (answer[this.#answerAt] !== output[this.#outputAt])
          return this.#wrong("white space differs from the answer's");
        this.#outputAt += 1;
      }
      this.#answerAt += 1;
    }
    while (this.#outputAt < output.length && isSpace(output[this.#outputAt] as number)) {
      if (exact) return this.#wrong("more white space than in the answer");
      this.#outputAt += 1;
    }
    return undefined;
  }

  #compareToken(outputEnd: number, answerEnd: number): Comparison | undefined {
    if (this.#useFloats) {
      const expected = this.#numberAt(this.#answer, this.#answerAt, answerEnd);
      if (expected !== undefined) return this.#compareNumber(expected, outputEnd, answerEnd);
    }
    const length = answerEnd - this.#answerAt;
    if (outputEnd - this.#outputAt === length && this.#sameText(length)) return undefined;
    return this.#wrong(
      `expected ${shown(this.#answer, this.#answerAt, answerEnd)}, got ${shown(this.#output, this.#outputAt, outputEnd)}`,
    );
  }

  #compareNumber(expected: number, outputEnd: number, answerEnd: number): Comparison | undefined {
    const got = this.#numberAt(this.#output, this.#outputAt, outputEnd);
    if (got === undefined) {
      return this.#wrong(`expected a number, got ${shown(this.#output, this.#outputAt, outputEnd)}`);
    }
    const difference = Math.abs(expected - got);
    const { floatAbsoluteTolerance, floatRelativeTolerance } = this.#rules;
    if (difference <= floatAbsoluteTolerance || difference <= floatRelativeTolerance * Math.abs(expected))
      return undefined;
    return this.#wrong(
      `expected ${shown(this.#answer, this.#answerAt, answerEnd)}, got ${shown(this.#output, this.#outputAt, outputEnd)}: they differ by ${difference}`,
    );
  }

  #numberAt(bytes: Uint8Array, start: number, end: number): number | undefined {
    if (end - start > NUMBER_LENGTH_MAX) return undefined;
    const first = bytes[start] as number;
    // A digit, a sign or a point; everything else is no number, without making a string of it.
    if (!((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e)) return undefined;
    return parseFloatToken(latin1(bytes, start, end));
  }

  #sameText(length: number): boolean {
    const output = this.#output;
    const answer = this.#answer;
    const caseSensitive = this.#rules.caseSensitive;
    for (let index = 0; index < length; index += 1) {
      const a = answer[this.#answerAt + index] as number;
      const b = output[this.#outputAt + index] as number;
      if (a !== b && (caseSensitive || lower(a) !== lower(b))) return false;
    }
    return true;
  }

  /** Lines are counted only here: most comparisons never need them. */
  #wrong(message: string): Comparison {
    const outputLine = lineAt(this.#output, this.#outputAt);
    const answerLine = lineAt(this.#answer, this.#answerAt);
    return {
      accepted: false,
      message: `line ${outputLine} of the output (line ${answerLine} of the answer): ${message}`,
    };
  }
}

function tokenEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && !isSpace(bytes[end] as number)) end += 1;
  return end;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

function lineAt(bytes: Uint8Array, end: number): number {
  let line = 1;
  for (let index = 0; index < end; index += 1) if (bytes[index] === 0x0a) line += 1;
  return line;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

function shown(bytes: Uint8Array, start: number, end: number): string {
  const cut = Math.min(end, start + TOKEN_SHOWN_MAX);
  return `"${new TextDecoder().decode(bytes.subarray(start, cut))}${cut < end ? "…" : ""}"`;
}
