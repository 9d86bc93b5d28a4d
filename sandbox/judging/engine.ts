/** What the judge needs of the sandbox it runs in. */
import type { Language } from "../../src/model/language.ts";
import type { SourceFile } from "../sandbox.ts";
import type { CompileLimits, CompileOutcome, Runner } from "../engine.ts";
import type { DigestFields } from "./digest.ts";

export interface JudgeEngine {
  readonly runner: Runner;
  readonly digestFields: DigestFields;
  /**
   * Called for submissions, and for every submission again for the package's validator: cache by content.
   * @throws when the compiler itself fails: the judge abstains.
   */
  compile(
    language: Language,
    sources: readonly SourceFile[],
    limits: CompileLimits,
    signal?: AbortSignal,
  ): Promise<CompileOutcome>;
  /** The cost that a program of this language may spend in `timeMs` of the problem's time; a safe integer. */
  costMaxFor(language: Language, timeMs: number): number;
}

/** A judge that could not decide, for a reason of its own machine or of the package; becomes the verdict JE. */
export class JudgeFault extends Error {
  override readonly name = "JudgeFault";
  readonly code = "DIKAST_JUDGE_FAULT";
}
