/**
 * The one interface of all sandboxes: `wasm` (embedded, deterministic), `docker` (native toolchains), `fake` (a model).
 * One compliance suite (`test/compliance/sandbox`) runs against each. Contract: sandbox.md.
 */
import type { Language } from "../src/model/language.ts";
import type { Problem } from "../src/model/problem.ts";
import type { JudgeResult, Verdict } from "../src/model/verdict.ts";

export interface SourceFile {
  /** A plain file name, no directories. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface JudgeTask {
  readonly language: Language;
  /** The first file is the main one. */
  readonly sources: readonly SourceFile[];
  readonly problem: Problem;
  /** Where the problem's package lies, unpacked and immutable; `Problem`'s file names are relative to it. */
  readonly packageDirectory: string;
  /** `all`: what a submission is judged on. `samples`: `data/sample` only, every test is run. */
  readonly tests: "all" | "samples";
}

export interface JudgeProgress {
  /** Tests finished so far, and how many there are at most. */
  readonly done: number;
  readonly total: number;
}

export interface JudgeOptions {
  /** Cancels at once: the promise rejects with the signal's reason and nothing of the run is left. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JudgeProgress) => void;
}

/** One free run, not judged against an answer (`dikast run`, test runs on own input). */
export interface RunTask {
  readonly language: Language;
  readonly sources: readonly SourceFile[];
  /** None if absent. */
  readonly args?: readonly string[];
  readonly stdin: Uint8Array;
  readonly timeLimitMs: number;
  readonly memoryLimitMiB: number;
  readonly outputLimitMiB: number;
}

export interface RunResult {
  /** AC stands for "ended with exit code 0 within its limits". */
  readonly verdict: Exclude<Verdict, "WA">;
  readonly exitCode: number | undefined;
  /** Why the program was stopped, when it was neither its exit nor a limit; for people, in the sandbox's own words. */
  readonly trap?: string;
  readonly cost: number;
  readonly virtualMs: number;
  readonly memoryBytes: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly compileLog: string;
}

/** Everything that decides a run, and its hash (protocol.md §7). */
export interface JudgeProfile {
  readonly sandbox: "wasm" | "docker" | "fake";
  /** SHA-256, lower-case hex, over the deterministic encoding of the parts. */
  readonly hash: string;
  readonly languages: readonly Language[];
  /** Cost units that make one virtual millisecond. */
  readonly costPerVirtualMs: number;
  /** Named parts and their versions or hashes: compilers, runtimes, flags, cost table, system interface. */
  readonly parts: Readonly<Record<string, string>>;
}

export interface Sandbox {
  readonly profile: JudgeProfile;
  /**
   * Judges a submission. A result with verdict JE means that this judge could not decide (an *abstention* when the cause
   * is this machine: a guard fired, memory ran out): it is never the contestant's verdict.
   * @throws the signal's reason when cancelled; `SandboxError` when the sandbox itself cannot work.
   */
  judge(task: JudgeTask, options?: JudgeOptions): Promise<JudgeResult>;
  run(task: RunTask, options?: JudgeOptions): Promise<RunResult>;
  /**
   * Compiles what a package judges with (its output validator or interactor), so that its first submission does not wait for it.
   * A package's faults are told by `judge`.
   * @throws the signal's reason when cancelled; `SandboxError` as `judge` does.
   */
  prepare(problem: Problem, packageDirectory: string, options?: JudgeOptions): Promise<void>;
  /** Gets compilers and runtimes ready, so that the first submission is not slower than the others. */
  warm(languages: readonly Language[]): Promise<void>;
  /** Ends every process and file of the sandbox; idempotent. */
  close(): Promise<void>;
}

/** The sandbox cannot work at all: no engine, a damaged installation, no memory. `code` is stable. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly code: string;
  constructor(code: `DIKAST_SANDBOX_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
