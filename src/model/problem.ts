/**
 * A problem as a judge sees it: the package formats (Kattis/ICPC legacy and 2025-09) are read into this one shape by
 * `src/packages`; files are named relative to the package's directory, so that the value is the same on every machine.
 */
import type { Language } from "./language.ts";

/** Every limit in the unit of its name; all positive integers. */
export interface ProblemLimits {
  readonly timeMs: number;
  readonly memoryMiB: number;
  readonly outputMiB: number;
  readonly codeKiB: number;
  readonly compilationTimeMs: number;
  readonly compilationMemoryMiB: number;
  readonly validationTimeMs: number;
  readonly validationMemoryMiB: number;
  readonly validationOutputMiB: number;
}

/** A program that belongs to the package (output validator, interactor). */
export interface PackageProgram {
  readonly language: Language;
  /** Relative to the package's directory; the first one is the main file. */
  readonly files: readonly string[];
}

export type OutputValidator =
  | { readonly type: "default" }
  | { readonly type: "custom"; readonly program: PackageProgram }
  /** The validator talks to the submission while it runs. */
  | { readonly type: "interactive"; readonly program: PackageProgram };

export interface TestCase {
  /** Path inside `data/` without extension, `/`-separated: `sample/1`, `secret/subtask1/03`. */
  readonly id: string;
  /** Relative to the package's directory. */
  readonly inputFile: string;
  readonly answerFile: string;
  /** Arguments to the output validator for this test. */
  readonly validatorArgs: readonly string[];
}

/** How a group's score and verdict come from its children. */
export interface GroupScoring {
  readonly aggregation: "pass-fail" | "sum" | "min" | "max";
  /** Stop at the first child that is not accepted. */
  readonly stopOnReject: boolean;
  /** Points (millionths) of an accepted / rejected test where the validator gives none. */
  readonly acceptScoreMicros: number;
  readonly rejectScoreMicros: number;
  /** The verdict of the group: the first failure's in judging order, the worst one's, or always AC. */
  readonly verdict: "first-error" | "worst-error" | "always-accept";
  /** Samples do not count towards the score. */
  readonly ignored: boolean;
}

export interface TestGroup {
  /** Path inside `data/`: ``, `sample`, `secret/subtask1`. */
  readonly id: string;
  readonly scoring: GroupScoring;
  /** In judging order; groups and tests may be mixed. */
  readonly children: readonly (
    | { readonly type: "group"; readonly group: TestGroup }
    | { readonly type: "test"; readonly test: TestCase }
  )[];
}

export interface Problem {
  /** Short name: the package folder's name. */
  readonly id: string;
  readonly name: string;
  readonly type: "pass-fail" | "scoring";
  readonly limits: ProblemLimits;
  readonly validator: OutputValidator;
  readonly root: TestGroup;
}
