/**
 * Hostile programs (sandbox.md, "Hostile programs"). Each is judged as a submission to a problem whose only test has the input
 * `40 2` and the answer `42`: one that is kept from all harm prints 42 and is accepted, one that reaches something prints what it
 * found and is wrong.
 */
import type { Language } from "../../../src/model/language.ts";
import type { Verdict } from "../../../src/model/verdict.ts";

/** The rows of the contract's list. */
export type HostileRow =
  | "forks and threads"
  | "memory"
  | "endless loops"
  | "output"
  | "recursion"
  | "input"
  | "reading"
  | "writing"
  | "network"
  | "processes"
  | "compilers"
  | "sources"
  | "forged verdicts"
  | "crashes";

export interface HostileProgram {
  readonly row: HostileRow;
  readonly id: string;
  readonly language: Language;
  readonly source: string | Uint8Array;
  /** The verdicts that are right for it in the embedded sandbox. */
  readonly verdicts: readonly Verdict[];
  /** The same for native programs, where it differs. */
  readonly native?: readonly Verdict[];
}

export const INPUT = "40 2\n";
export const ANSWER = "42\n";

/** Numbers of bytes that are no text. */
export const BINARY: Uint8Array = Uint8Array.from({ length: 4_096 }, (_, index) => (index * 167 + 3) & 255);
export const NULS: Uint8Array = new Uint8Array(4_096);
/** Twice the code limit of the problem. */
export const HUGE: Uint8Array = new Uint8Array(256 * 1024).fill(0x20);
