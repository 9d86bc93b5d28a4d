/** Walks the test groups, runs the tests that the rules need, and grades the groups on the way back. */
import { unreachable } from "../../src/model/errors.ts";
import {
  testsOf,
  type GraderScoring,
  type PointsScoring,
  type Problem,
  type TestCase,
  type TestGroup,
} from "../../src/model/problem.ts";
import type { CustomGrader } from "./custom-grader.ts";
import { JudgeFault } from "./engine.ts";
import {
  combinedPointsMicros,
  firstError,
  type GradedNode,
  gradeGroup,
  groupPointsMicros,
  type PointsTest,
  scoreFault,
} from "./grading.ts";
import type { TestOutcome } from "./validation.ts";

type RunOne = (test: TestCase) => Promise<TestOutcome>;

export class GroupWalk {
  readonly #problem: Problem;
  readonly #run: RunOne;
  readonly #customGrade: CustomGrader;
  /** Groups that ran all their tests and had each accepted. */
  readonly #passed = new Set<string>();
  readonly #points = new Map<string, number>();

  constructor(problem: Problem, run: RunOne, customGrade: CustomGrader) {
    this.#problem = problem;
    this.#run = run;
    this.#customGrade = customGrade;
  }

  /** What each group gave, by id; those that were not run are absent. */
  get points(): ReadonlyMap<string, number> {
    return this.#points;
  }

  /** @throws JudgeFault if a validator's score, or the grader, is a fault of the package. */
  async grade(group: TestGroup): Promise<GradedNode> {
    const graded = await this.#grade(group);
    this.#points.set(group.id, graded.scoreMicros);
    return graded;
  }

  async #grade(group: TestGroup): Promise<GradedNode> {
    const { scoring } = group;
    switch (scoring.type) {
      case "grader": {
        // The root of a 2025-09 scoring problem: its points are those of `secret`.
        if (group.children.some(isPointsGroup)) return await this.#gradePointsRoot(group);
        return await this.#gradeByGrader(group, scoring);
      }
      case "points":
        return await this.#gradePoints(group, scoring);
      default:
        return unreachable(scoring);
    }
  }

  async #gradeByGrader(group: TestGroup, scoring: GraderScoring): Promise<GradedNode> {
    const children: GradedNode[] = [];
    for (const child of group.children) {
      const graded =
        child.type === "group" ? await this.grade(child.group) : await this.#legacyTest(child.test, scoring);
      const counts = !(scoring.ignoreSample && child.type === "group" && child.group.id === "sample");
      if (counts) children.push(graded);
      if (graded.verdict !== "AC" && scoring.stopOnReject) break;
    }
    if (scoring.customFlags !== undefined) return await this.#customGrade(children, scoring.customFlags);
    return gradeGroup(children, scoring);
  }

  async #legacyTest(test: TestCase, scoring: GraderScoring): Promise<GradedNode> {
    const { verdict, score } = await this.#run(test);
    const accepted = verdict === "AC";
    const byDefault = accepted ? scoring.acceptScoreMicros : scoring.rejectScoreMicros;
    if (this.#problem.type === "pass-fail") return { verdict, scoreMicros: byDefault };
    if (score.type === "multiplier")
      throw new JudgeFault("the validator wrote score_multiplier.txt, which this format does not know");
    if (score.type === "score") {
      if (this.#problem.validatorScore === "never")
        throw new JudgeFault("the validator wrote score.txt, but the problem does not say that it scores");
      // The reference does not look at the score of a rejected test.
      return { verdict, scoreMicros: accepted ? score.micros : byDefault };
    }
    if (accepted && this.#problem.validatorScore === "required")
      throw new JudgeFault("the validator wrote no score.txt");
    return { verdict, scoreMicros: byDefault };
  }

  /** `sample` and `secret` of a scoring problem. The verdict is AC only where every test was accepted; the points stand either way. */
  async #gradePointsRoot(root: TestGroup): Promise<GradedNode> {
    const children: GradedNode[] = [];
    let scoreMicros = 0;
    for (const child of root.children) {
      if (child.type === "test") throw new JudgeFault("a scoring problem has tests outside of sample and secret");
      const graded = await this.grade(child.group);
      children.push(graded);
      if (!(child.group.scoring.type === "points" && child.group.scoring.ignored)) scoreMicros += graded.scoreMicros;
    }
    return { verdict: firstError(children.map((child) => child.verdict)), scoreMicros };
  }

  async #gradePoints(group: TestGroup, scoring: PointsScoring): Promise<GradedNode> {
    // Whoever is required comes earlier, so a group that was left out has a failure before it that stands for it.
    if (!scoring.requirePass.every((required) => this.#passed.has(required))) return { verdict: "WA", scoreMicros: 0 };
    const graded = group.children.some((child) => child.type === "group")
      ? await this.#gradePointsGroups(group, scoring)
      : await this.#gradePointsTests(group, scoring);
    if (scoring.maxScoreMicros !== "unbounded" && graded.scoreMicros > scoring.maxScoreMicros) {
      throw new JudgeFault(`the score of "${group.id}" exceeds its maximum`);
    }
    return graded;
  }

  async #gradePointsGroups(group: TestGroup, scoring: PointsScoring): Promise<GradedNode> {
    const graded: GradedNode[] = [];
    for (const child of group.children) {
      if (child.type === "test") throw new JudgeFault(`"${group.id}" holds tests beside groups`);
      graded.push(await this.grade(child.group));
      // Nothing can be won any more.
      if (scoring.aggregation === "pass-fail" && graded.at(-1)?.verdict !== "AC") break;
    }
    const verdict = firstError(graded.map((child) => child.verdict));
    if (verdict === "AC") this.#passed.add(group.id);
    const points = graded.map((child) => child.scoreMicros);
    return { verdict, scoreMicros: combinedPointsMicros(scoring, points, verdict === "AC") };
  }

  /** Where one failure makes the group worth nothing, the rest is not run; samples all are, because people want to see them. */
  async #gradePointsTests(group: TestGroup, scoring: PointsScoring): Promise<GradedNode> {
    const tests = testsOf(group);
    const ran: PointsTest[] = [];
    for (const test of tests) {
      const { verdict, score } = await this.#run(test);
      const result: PointsTest = { verdict, score: scoring.ignored ? { type: "none" } : score };
      const fault = scoreFault(scoring, tests.length, result);
      if (fault !== undefined) throw new JudgeFault(`${test.id}: ${fault}`);
      ran.push(result);
      if (verdict !== "AC" && scoring.aggregation !== "sum" && !scoring.ignored) break;
    }
    const verdict = firstError(ran.map((test) => test.verdict));
    if (verdict === "AC") this.#passed.add(group.id);
    return { verdict, scoreMicros: scoring.ignored ? 0 : groupPointsMicros(scoring, tests.length, ran) };
  }
}

function isPointsGroup(child: TestGroup["children"][number]): boolean {
  return child.type === "group" && child.group.scoring.type === "points";
}
