/** How groups of tests become a verdict and points; pure. Points are integers in millionths. */
import type { GraderScoring, PointsScoring, TestGroup } from "../../src/model/problem.ts";
import { SCORED_GROUPS_MAX, type Verdict } from "../../src/model/verdict.ts";

export interface GradedNode {
  readonly verdict: Verdict;
  readonly scoreMicros: number;
}

/** Worst first (the reference grader's order; CE cannot occur in a test). */
const WORST_FIRST: readonly Verdict[] = ["JE", "CE", "RE", "MLE", "TLE", "OLE", "WA", "AC"];

export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? "AC";
}

export function firstError(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => verdict !== "AC") ?? "AC";
}

/**
 * The default grader (legacy.md "Default Grader Specification"). `children`: what was judged, in order; none = accepted with 0
 * points. A judge error among them always stands.
 */
export function gradeGroup(children: readonly GradedNode[], scoring: GraderScoring): GradedNode {
  if (children.length === 0) return { verdict: "AC", scoreMicros: 0 };
  const verdicts = children.map((child) => child.verdict);
  const scoreMicros = aggregate(
    children.map((child) => child.scoreMicros),
    scoring.score,
  );
  if (verdicts.includes("JE")) return { verdict: "JE", scoreMicros: 0 };
  if (scoring.acceptIfAnyAccepted && verdicts.includes("AC")) return { verdict: "AC", scoreMicros };
  switch (scoring.verdict) {
    case "always-accept":
      return { verdict: "AC", scoreMicros };
    case "first-error":
      return { verdict: firstError(verdicts), scoreMicros };
    case "worst-error":
      return { verdict: worstVerdict(verdicts), scoreMicros };
  }
}

function aggregate(scores: readonly number[], mode: GraderScoring["score"]): number {
  const sum = scores.reduce((total, score) => total + score, 0);
  switch (mode) {
    case "sum":
      return sum;
    case "avg":
      return Math.round(sum / scores.length);
    case "min":
      return scores.reduce((least, score) => Math.min(least, score));
    case "max":
      return scores.reduce((most, score) => Math.max(most, score));
  }
}

/** In 2025-09 points stand whatever the verdict; in the legacy format "a submission that is accepted is additionally given a score". */
export function scoresUnaccepted(root: TestGroup): boolean {
  return root.children.some((child) => child.type === "group" && child.group.scoring.type === "points");
}

/**
 * Points of the groups whose points are added up, in their order: those of `secret`, and `sample` where it counts. None unless there are
 * several and they make `totalMicros`.
 */
export function addedGroups(
  root: TestGroup,
  points: ReadonlyMap<string, number>,
  totalMicros: number,
): readonly number[] {
  const groups = summands(root).flatMap((group) => (group.id === "secret" ? orItself(group) : [group]));
  const found = groups.map((group) => points.get(group.id) ?? 0);
  const sum = found.reduce((total, each) => total + each, 0);
  return found.length > 1 && found.length <= SCORED_GROUPS_MAX && sum === totalMicros ? found : [];
}

function orItself(group: TestGroup): readonly TestGroup[] {
  const below = summands(group);
  return below.length === 0 ? [group] : below;
}

/** Empty where points are not simply added, or tests lie beside groups. */
function summands({ scoring, children }: TestGroup): readonly TestGroup[] {
  const groups = children.flatMap((child) => (child.type === "group" ? [child.group] : []));
  if (groups.length < children.length || (scoring.type === "points" && scoring.aggregation !== "sum")) return [];
  if (scoring.type === "grader" && (scoring.score !== "sum" || scoring.customFlags !== undefined)) return [];
  return groups.filter(
    (group) =>
      !(group.scoring.type === "points" && group.scoring.ignored) &&
      !(scoring.type === "grader" && scoring.ignoreSample && group.id === "sample"),
  );
}

/** What the validator wrote for a test, already parsed; at most one of the two. */
export type TestScore =
  | { readonly type: "none" }
  | { readonly type: "score"; readonly micros: number }
  /** 0 to 1. */
  | { readonly type: "multiplier"; readonly value: number };

export interface PointsTest {
  readonly verdict: Verdict;
  readonly score: TestScore;
}

/**
 * The most a test of a group can give (2025-09.md "Scoring problems"): the group's maximum where the least counts, an even
 * share where they add up. Not rounded.
 */
export function testMaximumMicros(group: PointsScoring, testCount: number): number | "unbounded" {
  if (group.maxScoreMicros === "unbounded") return "unbounded";
  return group.aggregation === "sum" ? group.maxScoreMicros / testCount : group.maxScoreMicros;
}

/** Why a validator's score is a fault of the package (2025-09.md "It is a judge error if"), or undefined. */
export function scoreFault(group: PointsScoring, testCount: number, test: PointsTest): string | undefined {
  if (group.ignored) return undefined;
  const { score, verdict } = test;
  if (verdict !== "AC") return score.type === "none" ? undefined : "the validator scored a test that it did not accept";
  if (group.aggregation === "pass-fail") {
    return score.type === "none" ? undefined : "the validator scored a test of a pass-fail group";
  }
  const maximum = testMaximumMicros(group, testCount);
  if (maximum === "unbounded") {
    return score.type === "score" ? undefined : "the validator must write score.txt: the group's score is unbounded";
  }
  if (score.type === "score" && score.micros > Math.ceil(maximum))
    return "the validator's score exceeds the test's maximum";
  return undefined;
}

/** Points of one test, rounded. */
export function testPointsMicros(group: PointsScoring, testCount: number, test: PointsTest): number {
  return Math.round(exactTestPoints(group, testCount, test));
}

function exactTestPoints(group: PointsScoring, testCount: number, test: PointsTest): number {
  if (test.verdict !== "AC") return 0;
  if (test.score.type === "score") return test.score.micros;
  const maximum = testMaximumMicros(group, testCount);
  if (maximum === "unbounded") return 0;
  return test.score.type === "multiplier" ? maximum * test.score.value : maximum;
}

/**
 * Points of a group of tests (2025-09.md "Scoring test data groups"). `tests`: those that ran; `testCount`: all it has, so tests that
 * were left out after a failure count as failed.
 */
export function groupPointsMicros(group: PointsScoring, testCount: number, tests: readonly PointsTest[]): number {
  const complete = tests.length === testCount;
  switch (group.aggregation) {
    case "pass-fail":
      if (!complete || tests.some((test) => test.verdict !== "AC")) return 0;
      return group.maxScoreMicros === "unbounded" ? 0 : group.maxScoreMicros;
    case "min":
      if (!complete) return 0;
      return tests.reduce(
        (least, test) => Math.min(least, testPointsMicros(group, testCount, test)),
        Number.MAX_SAFE_INTEGER,
      );
    case "sum": {
      // Equal shares are added before rounding: three thirds of 100 are 100.
      return Math.round(tests.reduce((total, test) => total + exactTestPoints(group, testCount, test), 0));
    }
  }
}

/** Points of `secret` from those of its groups. `passed`: every test of every group was accepted. */
export function combinedPointsMicros(secret: PointsScoring, groups: readonly number[], passed: boolean): number {
  switch (secret.aggregation) {
    case "sum":
      return groups.reduce((sum, points) => sum + points, 0);
    case "min":
      return groups.length === 0 ? 0 : groups.reduce((least, points) => Math.min(least, points));
    case "pass-fail":
      return passed && secret.maxScoreMicros !== "unbounded" ? secret.maxScoreMicros : 0;
  }
}
