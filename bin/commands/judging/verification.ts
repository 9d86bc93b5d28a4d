/** One package's submissions, judged and compared with what they must get. */
import { firstError } from "../../support/compile-log.ts";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { slowestAcceptedMs, virtualMsMax } from "../../../sandbox/judging/index.ts";
import type { JudgeOptions, JudgeTask, Sandbox, SourceFile } from "../../../sandbox/index.ts";
import { constantsInFile } from "../../../src/model/constants.ts";
import type { Language } from "../../../src/model/language.ts";
import type { TestGroup } from "../../../src/model/problem.ts";
import type { JudgeResult, Verdict } from "../../../src/model/verdict.ts";
import {
  brokenTestRule,
  type Contest,
  type ContestProblem,
  type PackageSubmission,
  type ProblemPackage,
  timeLimitFrom,
} from "../../../src/packages/index.ts";

export interface SettledPackage {
  readonly package: ProblemPackage;
  /** The limit that submissions are judged by. */
  readonly timeMs: number;
  readonly timeLimitSource: "package" | "measured" | "default";
  /** Of the submissions that the limit must leave room for; undefined if it was not measured. */
  readonly slowestAcceptedMs: number | undefined;
}

/** The line of `--json`; `null` = does not apply. */
export interface SubmissionLine {
  readonly type: "submission";
  readonly package: string;
  readonly path: string;
  readonly language: Language | null;
  readonly expected: readonly Verdict[];
  readonly verdict: Verdict | null;
  readonly score: number | null;
  readonly costMax: number | null;
  readonly virtualMsMax: number | null;
  readonly memoryBytesMax: number | null;
  readonly wallMs: number;
  /** `null` where it was skipped. */
  readonly asExpected: boolean | null;
  /** Why it was not judged. */
  readonly skipped?: string;
  /** What decided: the failed test, or the judge's error. */
  readonly detail?: string;
}

export interface Outcome {
  readonly line: SubmissionLine;
  /** For people, behind the row. */
  readonly note: string;
}

/**
 * The package with a time limit: its own, or measured as the format prescribes (slowest accepted × multiplier, rounded up), or the
 * default where nothing can be measured.
 */
export async function settleTimeLimit(
  found: ProblemPackage,
  sandbox: Sandbox,
  signal?: AbortSignal,
): Promise<SettledPackage> {
  const stated = found.problem.limits.timeMs;
  if (found.timeLimitSource === "package") {
    return { package: found, timeMs: stated, timeLimitSource: "package", slowestAcceptedMs: undefined };
  }
  const bounding = found.submissions.filter((each) => each.boundsTimeLimit && canRun(each.language, sandbox));
  const tasks = await Promise.all(bounding.map((each) => taskOf(found, each, each.language as Language)));
  const slowestMs = await slowestAcceptedMs(sandbox, tasks, signal);
  if (slowestMs === undefined) {
    return { package: found, timeMs: stated, timeLimitSource: "default", slowestAcceptedMs: undefined };
  }
  const timeMs = timeLimitFrom(slowestMs, found.timeMultipliers);
  const problem = { ...found.problem, limits: { ...found.problem.limits, timeMs } };
  return { package: { ...found, problem }, timeMs, timeLimitSource: "measured", slowestAcceptedMs: slowestMs };
}

/**
 * A contest whose problems all have a time limit: those that state none are measured, one after the other. `onMeasuring` is told
 * before each.
 */
export async function settleContest(
  contest: Contest,
  sandbox: Sandbox,
  onMeasuring: (problem: ContestProblem) => void = () => {},
): Promise<Contest> {
  const problems: ContestProblem[] = [];
  for (const problem of contest.problems) {
    const measurable = problem.package.timeLimitSource === "default" && problem.package.submissions.length > 0;
    if (measurable) onMeasuring(problem);
    const settled = measurable ? (await settleTimeLimit(problem.package, sandbox)).package : problem.package;
    problems.push({ ...problem, package: settled });
  }
  return { ...contest, problems };
}

export async function verifySubmission(
  settled: SettledPackage,
  submission: PackageSubmission,
  sandbox: Sandbox,
  options: JudgeOptions,
): Promise<Outcome> {
  const found = settled.package;
  const { language, expectation } = submission;
  const base = {
    type: "submission",
    package: found.problem.id,
    path: submission.path,
    language: language ?? null,
    expected: expectation?.verdicts ?? [],
  } as const;
  const skipped = skipReason(submission, sandbox);
  if (skipped !== undefined || language === undefined) {
    const nothing = {
      verdict: null,
      score: null,
      costMax: null,
      virtualMsMax: null,
      memoryBytesMax: null,
      wallMs: 0,
      asExpected: null,
    };
    return { line: { ...base, ...nothing, skipped: skipped ?? "no language" }, note: skipped ?? "" };
  }
  const startMs = performance.now();
  const asked = expectation?.tests === undefined ? found : runningAllTests(found);
  const result = await sandbox.judge(await taskOf(asked, submission, language), options);
  const wallMs = Math.round(performance.now() - startMs);
  const complaint = complaintAbout(result, submission, found);
  const detail = detailOf(result, complaint);
  const line: SubmissionLine = {
    ...base,
    verdict: result.verdict,
    score: found.problem.type === "scoring" ? result.scoreMicros / 1_000_000 : null,
    costMax: result.tests.reduce((most, test) => Math.max(most, test.cost), 0),
    virtualMsMax: virtualMsMax(result, sandbox.profile.costPerVirtualMs),
    memoryBytesMax: result.tests.reduce((most, test) => Math.max(most, test.memoryBytes), 0),
    wallMs,
    asExpected: complaint === undefined,
    ...(detail === "" ? {} : { detail }),
  };
  return { line, note: complaint === undefined ? "" : detail };
}

function canRun(language: Language | undefined, sandbox: Sandbox): boolean {
  return language !== undefined && sandbox.profile.languages.includes(language);
}

function skipReason({ language, expectation, files }: PackageSubmission, sandbox: Sandbox): string | undefined {
  if (language === undefined) return `its language cannot be told${endingsOf(files)}`;
  if (!canRun(language, sandbox)) return `the ${sandbox.profile.sandbox} sandbox has no ${language}`;
  return expectation === undefined ? "nothing says what it must get" : undefined;
}

/** dikast knows the languages that it can run somewhere; of others it can say what the file ends with. */
function endingsOf(files: readonly string[]): string {
  const endings = [...new Set(files.map((file) => /\.[^./]+$/.exec(file)?.[0] ?? ""))].filter((each) => each !== "");
  return endings.length === 0 ? "" : `, or no sandbox has it (${endings.join(", ")})`;
}

async function taskOf(found: ProblemPackage, submission: PackageSubmission, language: Language): Promise<JudgeTask> {
  const sources: SourceFile[] = await Promise.all(
    submission.files.map(async (file) => ({
      name: basename(file),
      bytes: constantsInFile(new Uint8Array(await readFile(join(found.directory, file))), found.problem.constants),
    })),
  );
  return { language, sources, problem: found.problem, packageDirectory: found.directory, tests: "all" };
}

/** Pass-fail problems stop at the first failed test, unless rules of the package are about the tests after it. */
function runningAllTests(found: ProblemPackage): ProblemPackage {
  if (found.problem.type === "scoring") return found;
  const continuing = (group: TestGroup): TestGroup => ({
    ...group,
    scoring: group.scoring.type === "grader" ? { ...group.scoring, stopOnReject: false } : group.scoring,
    children: group.children.map((child) =>
      child.type === "test" ? child : { type: "group", group: continuing(child.group) },
    ),
  });
  return { ...found, problem: { ...found.problem, root: continuing(found.problem.root) } };
}

/** Why the result is not what was expected, or undefined. A judge error never is. */
function complaintAbout(
  result: JudgeResult,
  { expectation }: PackageSubmission,
  found: ProblemPackage,
): string | undefined {
  if (expectation === undefined) return "nothing says what it must get";
  const range = found.problem.type === "scoring" ? expectation.scoreMicros : undefined;
  if (range !== undefined && (result.scoreMicros < range.min || result.scoreMicros > range.max)) {
    const { min, max } = range;
    return `expected ${min === max ? "" : `${min / 1e6} to `}${max / 1e6} points`;
  }
  if (expectation.tests !== undefined && result.verdict !== "JE" && result.verdict !== "CE") {
    return brokenTestRule(expectation.tests, result.tests);
  }
  if (expectation.partial === true && result.verdict !== "JE" && result.verdict !== "CE" && givesPoints(found)) {
    // 2025-09 knows points, not verdicts, for scoring problems: some, but not all of them.
    const max = found.scoreRangeMicros.max ?? Number.POSITIVE_INFINITY;
    return result.scoreMicros > 0 && result.scoreMicros < max ? undefined : "expected some, but not all points";
  }
  if (!expectation.verdicts.includes(result.verdict))
    return `expected ${expectation.verdicts.join(" or ")} (${expectation.source})`;
  if (found.problem.type !== "scoring" || result.verdict !== "AC") return undefined;
  const best = found.objective === "max" ? found.scoreRangeMicros.max : found.scoreRangeMicros.min;
  const score = result.scoreMicros;
  if (expectation.partial === true)
    return best !== undefined && score === best ? "expected fewer than all points" : undefined;
  return range === undefined && best !== undefined && score !== best ? `expected ${best / 1e6} points` : undefined;
}

function givesPoints(found: ProblemPackage): boolean {
  return found.problem.root.children.some((child) => child.type === "group" && child.group.scoring.type === "points");
}

function detailOf(result: JudgeResult, complaint: string | undefined): string {
  const failed = result.tests.find((test) => test.verdict !== "AC");
  const where = failed === undefined ? "" : `${failed.verdict} on ${failed.id}`;
  const judgeError = result.verdict === "JE" || result.verdict === "CE" ? firstError(result.compileLog) : "";
  return [complaint, judgeError === "" ? where : judgeError]
    .filter((part) => part !== undefined && part !== "")
    .join("; ");
}
