/**
 * A problem as a judge sees it: the package formats (Kattis/ICPC legacy, 2023-07-draft and 2025-09) are read into this
 * one shape by `src/packages`; files are named relative to the package's directory, so that the value is the same on
 * every machine.
 */
import type { Constants } from "./constants.ts";
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

/** A program that belongs to the package (output validator, interactor, grader). */
export interface PackageProgram {
  readonly language: Language;
  /** Relative to the package's directory; the first one is the main file. Headers and modules of the program are among them. */
  readonly files: readonly string[];
  /** How its `run` script passes arguments on; as they come if absent. */
  readonly call?: readonly CallArgument[];
}

/** An argument made of what the judge passes: texts, and places (from 1) of the judge's arguments; or all from a place on. */
export type CallArgument =
  | { readonly type: "text"; readonly parts: readonly (string | number)[] }
  | { readonly type: "rest"; readonly from: number };

export type OutputValidator =
  | { readonly type: "default" }
  | { readonly type: "custom"; readonly program: PackageProgram }
  /** The validator talks to the submission while it runs. */
  | { readonly type: "interactive"; readonly program: PackageProgram }
  /** The package needs a program that it does not have (or that no sandbox can build): every verdict is JE. */
  | { readonly type: "missing"; readonly reason: string };

export interface TestCase {
  /** Path inside `data/` without extension, `/`-separated: `sample/1`, `secret/subtask1/03`. */
  readonly id: string;
  /** Relative to the package's directory. */
  readonly inputFile: string;
  readonly answerFile: string;
  /** Files that the submission finds in its working directory, relative to the package: `data/secret/1.files/words.txt`. */
  readonly extraFiles?: readonly string[];
  /** Arguments to the output validator for this test. */
  readonly validatorArgs: readonly string[];
  /** Arguments to the input validators, which run before a contest; none if absent. */
  readonly inputValidatorArgs?: readonly InputValidatorArgs[];
  /** 2025-09: arguments to the submission; none if absent. */
  readonly args?: readonly string[];
}

export interface InputValidatorArgs {
  /** File or folder, with or without ending; undefined: every validator. */
  readonly validator: string | undefined;
  readonly args: readonly string[];
}

/** The legacy format's default grader (legacy.md "Graders"); also every group of a pass-fail problem. */
export interface GraderScoring {
  readonly type: "grader";
  /** Stop at the first child that is not accepted (`on_reject: break`). */
  readonly stopOnReject: boolean;
  readonly verdict: "first-error" | "worst-error" | "always-accept";
  readonly score: "sum" | "avg" | "min" | "max";
  /** Accepted if any child is, otherwise as `verdict` says. */
  readonly acceptIfAnyAccepted: boolean;
  /** Root only: the group `sample` is judged but not counted. */
  readonly ignoreSample: boolean;
  /** Points (millionths) of an accepted / rejected test where the validator gives none. */
  readonly acceptScoreMicros: number;
  readonly rejectScoreMicros: number;
  /** `grading: custom`: the package's grader decides, called with these flags; the default grader if absent. */
  readonly customFlags?: readonly string[];
}

/** Groups of scoring problems in 2025-09 (2025-09.md "Result aggregation"). */
export interface PointsScoring {
  readonly type: "points";
  readonly aggregation: "pass-fail" | "sum" | "min";
  readonly maxScoreMicros: number | "unbounded";
  /** Ids of groups (`sample`, `secret/group1`) that must be accepted in all tests, else this group is not run and gives 0. */
  readonly requirePass: readonly string[];
  /** Judged, but gives no points (`sample`). */
  readonly ignored: boolean;
}

export type GroupScoring = GraderScoring | PointsScoring;

export interface TestGroup {
  /** Path inside `data/`: ``, `sample`, `secret/subtask1`. */
  readonly id: string;
  readonly scoring: GroupScoring;
  /** In judging order; groups and tests may be mixed. */
  readonly children: readonly TestNode[];
}

export type TestNode =
  | { readonly type: "group"; readonly group: TestGroup }
  | { readonly type: "test"; readonly test: TestCase };

export interface Problem {
  /** Short name: the package folder's name. */
  readonly id: string;
  readonly name: string;
  readonly type: "pass-fail" | "scoring";
  readonly limits: ProblemLimits;
  readonly validator: OutputValidator;
  /** Multi-pass problems only: how often a submission runs on one test at most, each time on what the validator wrote. */
  readonly passesMax?: number;
  /** Whether the validator's `score.txt` counts: never, must be there for an accepted test, or counts where it is there. */
  readonly validatorScore: "never" | "required" | "optional";
  readonly root: TestGroup;
  /** Legacy: the program of `graders/`, for groups with `customFlags`. */
  readonly grader?: PackageProgram;
  /** Files added to every submission of a language (`include/<language>/`), relative to the package's directory; none if absent. */
  readonly includes?: readonly { readonly language: Language | "default"; readonly files: readonly string[] }[];
  /** Put into validators, included files and the package's own submissions where they say `{{name}}`. */
  readonly constants?: Constants;
}

/** Every test of a group and its subgroups, in judging order. */
export function testsOf(group: TestGroup): TestCase[] {
  return group.children.flatMap((child) => (child.type === "test" ? [child.test] : testsOf(child.group)));
}

/** The group with this id, or undefined. */
export function groupOf(root: TestGroup, id: string): TestGroup | undefined {
  if (root.id === id) return root;
  for (const child of root.children) {
    if (child.type !== "group") continue;
    const found = groupOf(child.group, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Groups of a pass-fail problem: stop at the first failed test. */
export const PASS_FAIL_SCORING: GraderScoring = {
  type: "grader",
  stopOnReject: true,
  verdict: "first-error",
  score: "sum",
  acceptIfAnyAccepted: false,
  ignoreSample: false,
  acceptScoreMicros: 1_000_000,
  rejectScoreMicros: 0,
};
