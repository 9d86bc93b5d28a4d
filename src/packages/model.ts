/** What a problem package holds besides the `Problem` that a judge needs. */
import type { Language } from "../model/language.ts";
import type { Problem } from "../model/problem.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Warning } from "./errors.ts";

export type PackageFormat = "legacy" | "2023-07-draft" | "2025-09";

export interface Statement {
  /** `en`, `sv`, `pt-BR`. */
  readonly language: string;
  /** Relative to the package. */
  readonly file: string;
  readonly type: "tex" | "md" | "pdf";
  /** The problem's name in this language. */
  readonly name: string;
}

/** A sample as people see it; files relative to the package. */
export interface Sample {
  readonly name: string;
  readonly inputFile?: string;
  readonly answerFile?: string;
  /** `>` and `<` lines of an interactive problem; shown instead of input and answer. */
  readonly interactionFile?: string;
}

export interface Person {
  readonly name: string;
  readonly email?: string;
}

export interface TimeMultipliers {
  /** The limit is at least the slowest accepted submission's time times this. */
  readonly acToTimeLimit: number;
  /** A submission that is too slow takes at least the limit times this. */
  readonly timeLimitToTle: number;
  /** The limit is a multiple of this. */
  readonly resolutionMs: number;
}

/** `submissions.yaml` (2025-09): what tests must get, all of them or those that a pattern names. */
export interface TestRule {
  /** Over ids (`secret/group1/*`); undefined: every test. */
  readonly pattern: string | undefined;
  /** Only these occur; undefined: anything. */
  readonly permitted: readonly Verdict[] | undefined;
  /** One of these occurs. */
  readonly required: readonly Verdict[] | undefined;
}

/** What an example submission must get. */
export interface Expectation {
  /** The final verdict is one of these; never empty. */
  readonly verdicts: readonly Verdict[];
  /** Where the rule comes from, for people: `folder accepted`, `tag @EXPECTED_RESULTS@`, `submissions.yaml`. */
  readonly source: string;
  /** The score lies in this range, in millionths (scoring problems). */
  readonly scoreMicros?: { readonly min: number; readonly max: number };
  /** Instead of the final verdict: what the tests must get, every one of which is run. Absent where the verdict says it all. */
  readonly tests?: readonly TestRule[];
  /** The score is not the best possible one (`partially_accepted`). */
  readonly partial?: boolean;
}

export interface PackageSubmission {
  /** Relative to `submissions/`: `accepted/sum.cpp`, `wrong_answer/two-files`. */
  readonly path: string;
  /** Relative to the package; the first one is the main file. */
  readonly files: readonly string[];
  /** Undefined where the endings name no language that dikast knows, or several. */
  readonly language: Language | undefined;
  /** Undefined where neither folder nor tag says anything (`mixed/` without a tag). */
  readonly expectation: Expectation | undefined;
  /** The limit must leave room for it (`accepted/`, by default). */
  readonly boundsTimeLimit: boolean;
}

export interface ProblemPackage {
  /** Absolute. */
  readonly directory: string;
  readonly format: PackageFormat;
  readonly problem: Problem;
  readonly uuid: string | undefined;
  readonly license: string;
  readonly rightsOwner: string | undefined;
  readonly source: readonly { readonly name: string; readonly url?: string }[];
  readonly authors: readonly Person[];
  readonly keywords: readonly string[];
  /** Languages that solve the problem; `all` = whatever the contest allows. */
  readonly languages: readonly string[] | "all";
  /** `min`: fewer points are better (legacy `grading.objective`). */
  readonly objective: "max" | "min";
  /** Worst and best score that the package promises, in millionths; undefined = unbounded or not said. */
  readonly scoreRangeMicros: { readonly min: number | undefined; readonly max: number | undefined };
  readonly statements: readonly Statement[];
  readonly samples: readonly Sample[];
  /** Public files for contestants, relative to the package. */
  readonly attachments: readonly string[];
  readonly submissions: readonly PackageSubmission[];
  readonly inputValidators: readonly string[];
  readonly timeMultipliers: TimeMultipliers;
  /** Where `problem.limits.timeMs` comes from; `default` = nowhere: measure the accepted submissions (`timeLimitFrom`). */
  readonly timeLimitSource: "package" | "default";
  readonly warnings: readonly Warning[];
}
