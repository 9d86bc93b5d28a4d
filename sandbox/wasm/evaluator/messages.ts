/** What the evaluator and its processes say to each other. Plain data: it crosses process borders by structured clone. */
import type { Language } from "../../../src/model/language.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import type { CompileLimits, CompileOutcome } from "../../engine.ts";
import type { JudgeProgress, JudgeTask, RunResult, RunTask, SourceFile } from "../../sandbox.ts";

/** What a run process can be asked to do, one at a time. */
export type Job =
  | { readonly type: "judge"; readonly task: JudgeTask }
  | { readonly type: "run"; readonly task: RunTask }
  | { readonly type: "prepare"; readonly problem: Problem; readonly packageDirectory: string }
  | { readonly type: "warm"; readonly languages: readonly Language[] };

export type JobResult =
  | { readonly type: "judge"; readonly result: JudgeResult }
  | { readonly type: "run"; readonly result: RunResult }
  | { readonly type: "prepare" }
  | { readonly type: "warm" };

export interface CompileRequest {
  readonly language: Language;
  readonly sources: readonly SourceFile[];
  readonly limits: CompileLimits;
}

export type CompileReply =
  | { readonly type: "outcome"; readonly outcome: CompileOutcome }
  /** The compiler itself failed. */
  | { readonly type: "failed"; readonly reason: string };

export type ToRunProcess =
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "compiled"; readonly id: number; readonly reply: CompileReply };

export type FromRunProcess =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly progress: JudgeProgress }
  | { readonly type: "compile"; readonly id: number; readonly request: CompileRequest }
  | { readonly type: "finished"; readonly result: JobResult; readonly residentBytes: number }
  | { readonly type: "failed"; readonly reason: string }
  /** The process had to be given up: its job is nobody's fault. */
  | { readonly type: "guard"; readonly reason: string };

export type ToCompileProcess =
  | { readonly type: "compile"; readonly request: CompileRequest }
  | { readonly type: "warm"; readonly languages: readonly Language[] };

export type FromCompileProcess =
  | { readonly type: "ready" }
  | { readonly type: "compiled"; readonly reply: CompileReply }
  | { readonly type: "warmed" };
