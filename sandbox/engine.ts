/**
 * Inside a sandbox: what toolchains produce and engines run. A toolchain turns sources into a `Program`; an engine
 * prepares a program once and runs it many times, each run in a fresh instance.
 */
import type { Language } from "../src/model/language.ts";
import type { SourceFile } from "./sandbox.ts";

/** A compiled submission, validator or interactor; plain data, so that it can cross a process border and be cached by hash. */
export type Program =
  /** A WASI (preview 1) command module, not yet metered; the engine meters and caches it by content hash. */
  | { readonly type: "wasi"; readonly module: Uint8Array }
  | { readonly type: "python"; readonly sources: readonly SourceFile[] }
  | { readonly type: "javascript"; readonly sources: readonly SourceFile[] }
  /** Of the Docker sandbox: what its compiler made, or the sources of an interpreted program. */
  | {
      readonly type: "native";
      readonly language: Language;
      /** The name of the main source. */
      readonly main: string;
      readonly files: readonly SourceFile[];
    };

export type CompileOutcome =
  | { readonly type: "compiled"; readonly program: Program; readonly log: string }
  /** The contestant's fault: CE. */
  | { readonly type: "rejected"; readonly log: string };

export interface CompileLimits {
  readonly timeMs: number;
  readonly memoryMiB: number;
}

export interface Toolchain {
  readonly language: Language;
  /** Names and hashes of all that decides the output; part of the judge profile. */
  readonly parts: Readonly<Record<string, string>>;
  compile(sources: readonly SourceFile[], limits: CompileLimits, signal?: AbortSignal): Promise<CompileOutcome>;
  warm(): Promise<void>;
}

export interface RunLimits {
  /** Cost units; beyond it the run ends `cost-exceeded`. */
  readonly costMax: number;
  readonly memoryBytesMax: number;
  readonly stdoutBytesMax: number;
  readonly stderrBytesMax: number;
}

/** The first limit that was hit decides the status. */
export type RunStatus =
  | { readonly type: "exited"; readonly code: number }
  /** A trap: division by zero, out of bounds, unreachable, stack exhausted; `reason` is for people. */
  | { readonly type: "trapped"; readonly reason: string }
  | { readonly type: "cost-exceeded" }
  | { readonly type: "memory-exceeded" }
  | { readonly type: "output-exceeded" }
  /** Not the program's doing: a wall-clock guard fired, the host was short of memory, the worker died. */
  | { readonly type: "abstained"; readonly reason: string };

export interface RunOutcome {
  readonly status: RunStatus;
  readonly cost: number;
  readonly memoryBytes: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface RunInput {
  /** Arguments after the program's own name. */
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /**
   * Read-only files the program may open, by absolute path (`/judge/input`): for validators and interactors only;
   * a submission gets none.
   */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** A directory in memory that the program may write to (`/feedback/`); what it wrote comes back in `writtenFiles`. */
  readonly writableDirectory?: string;
  /** What already lies in the writable directory, by absolute path: from an earlier pass of a multi-pass problem. */
  readonly writtenFiles?: Readonly<Record<string, Uint8Array>>;
}

export interface ValidatorOutcome extends RunOutcome {
  /** By path; present where a writable directory was given. Bounded by `stdoutBytesMax` in sum. */
  readonly writtenFiles: Readonly<Record<string, Uint8Array>>;
}

/** Which of two talking programs ended first; an early exit of one closes the other's input. */
export interface InteractionOutcome {
  readonly submission: RunOutcome;
  readonly interactor: ValidatorOutcome;
  readonly endedFirst: "submission" | "interactor";
}

/**
 * Runs programs, one at a time, each in a fresh instance; nothing of a run is left for the next one. The judge
 * (`sandbox/judging`) is written against this interface and runs in the same thread as the runner, so that a test
 * costs no hop between processes.
 */
export interface Runner {
  run(program: Program, input: RunInput, limits: RunLimits): Promise<ValidatorOutcome>;
  /** Connects stdout of each to stdin of the other. Both waiting for each other ends the submission (`trapped`, reason `deadlock`). */
  interact(
    submission: Program,
    submissionLimits: RunLimits,
    interactor: Program,
    interactorInput: RunInput,
    interactorLimits: RunLimits,
  ): Promise<InteractionOutcome>;
}
