import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraderScoring, PointsScoring } from "../../../src/model/problem.ts";
import { PASS_FAIL_SCORING } from "../../../src/model/problem.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import {
  combinedPointsMicros,
  gradeGroup,
  groupPointsMicros,
  type PointsTest,
  scoreFault,
  testPointsMicros,
} from "../../../sandbox/judging/grading.ts";

const POINT = 1_000_000;

type Child = readonly [Verdict, number];
const GRADER: readonly (readonly [
  id: string,
  flags: Partial<GraderScoring>,
  children: readonly Child[],
  verdict: Verdict,
  points: number,
])[] = [
  ["nothing judged", {}, [], "AC", 0],
  [
    "sum",
    { score: "sum" },
    [
      ["AC", 1],
      ["AC", 2],
      ["AC", 4],
    ],
    "AC",
    7,
  ],
  [
    "min",
    { score: "min" },
    [
      ["AC", 3],
      ["AC", 2],
      ["AC", 4],
    ],
    "AC",
    2,
  ],
  [
    "max",
    { score: "max" },
    [
      ["AC", 3],
      ["AC", 2],
      ["AC", 4],
    ],
    "AC",
    4,
  ],
  [
    "avg",
    { score: "avg" },
    [
      ["AC", 1],
      ["AC", 2],
    ],
    "AC",
    1.5,
  ],
  [
    "avg that does not come out even",
    { score: "avg" },
    [
      ["AC", 1],
      ["AC", 0],
      ["AC", 0],
    ],
    "AC",
    0.333333,
  ],
  [
    "sum with rejected ones",
    { score: "sum" },
    [
      ["AC", 1],
      ["WA", 0.5],
    ],
    "WA",
    1.5,
  ],
  [
    "negative scores",
    { score: "min" },
    [
      ["AC", -1],
      ["AC", 2],
    ],
    "AC",
    -1,
  ],
  [
    "worst error",
    { verdict: "worst-error" },
    [
      ["WA", 0],
      ["TLE", 0],
      ["RE", 0],
    ],
    "RE",
    0,
  ],
  [
    "worst error: memory before time",
    { verdict: "worst-error" },
    [
      ["TLE", 0],
      ["MLE", 0],
    ],
    "MLE",
    0,
  ],
  [
    "worst error: time before output",
    { verdict: "worst-error" },
    [
      ["OLE", 0],
      ["TLE", 0],
      ["WA", 0],
    ],
    "TLE",
    0,
  ],
  [
    "first error",
    { verdict: "first-error" },
    [
      ["AC", 0],
      ["WA", 0],
      ["RE", 0],
    ],
    "WA",
    0,
  ],
  [
    "always accept",
    { verdict: "always-accept" },
    [
      ["WA", 0],
      ["AC", 5],
    ],
    "AC",
    5,
  ],
  [
    "accept if any",
    { acceptIfAnyAccepted: true, verdict: "first-error" },
    [
      ["WA", 0],
      ["AC", 50],
    ],
    "AC",
    50,
  ],
  [
    "accept if any, none",
    { acceptIfAnyAccepted: true, verdict: "first-error" },
    [
      ["TLE", 0],
      ["WA", 0],
    ],
    "TLE",
    0,
  ],
  [
    "a judge error stands, always",
    { verdict: "always-accept", acceptIfAnyAccepted: true },
    [
      ["AC", 9],
      ["JE", 0],
    ],
    "JE",
    0,
  ],
];

for (const [id, flags, children, verdict, points] of GRADER) {
  test(`grading: default grader: ${id}`, () => {
    const graded = gradeGroup(
      children.map(([childVerdict, childPoints]) => ({ verdict: childVerdict, scoreMicros: childPoints * POINT })),
      { ...PASS_FAIL_SCORING, ...flags },
    );
    assert.deepEqual(graded, { verdict, scoreMicros: Math.round(points * POINT) });
  });
}

function points(aggregation: PointsScoring["aggregation"], max: number | "unbounded"): PointsScoring {
  return {
    type: "points",
    aggregation,
    maxScoreMicros: max === "unbounded" ? max : max * POINT,
    requirePass: [],
    ignored: false,
  };
}
const ok: PointsTest = { verdict: "AC", score: { type: "none" } };
const bad: PointsTest = { verdict: "WA", score: { type: "none" } };
const scored = (value: number): PointsTest => ({ verdict: "AC", score: { type: "score", micros: value * POINT } });
const times = (value: number): PointsTest => ({ verdict: "AC", score: { type: "multiplier", value } });

/** 2025-09.md "Scoring test cases" and "Scoring test data groups". */
const GROUPS: readonly (readonly [
  id: string,
  group: PointsScoring,
  tests: readonly PointsTest[],
  count: number,
  micros: number,
])[] = [
  ["pass-fail, all", points("pass-fail", 30), [ok, ok], 2, 30 * POINT],
  ["pass-fail, one failed", points("pass-fail", 30), [ok, bad], 2, 0],
  ["pass-fail, stopped early", points("pass-fail", 30), [ok], 2, 0],
  ["sum, all: exactly the maximum", points("sum", 100), [ok, ok, ok], 3, 100 * POINT],
  ["sum, two of three", points("sum", 100), [ok, bad, ok], 3, 66_666_667],
  ["sum, multiplier", points("sum", 100), [times(0.5), ok], 2, 75 * POINT],
  ["sum, score", points("sum", 100), [scored(12.5), ok], 2, 62_500_000],
  ["sum, unbounded", points("sum", "unbounded"), [scored(7), scored(1000)], 2, 1007 * POINT],
  ["min, all", points("min", 40), [ok, ok], 2, 40 * POINT],
  ["min, multiplier", points("min", 40), [ok, times(0.25), times(0.5)], 3, 10 * POINT],
  ["min, one failed", points("min", 40), [times(0.5), bad], 2, 0],
  ["min, stopped early", points("min", 40), [ok], 2, 0],
];

for (const [id, group, tests, count, micros] of GROUPS) {
  test(`grading: points of a group: ${id}`, () => {
    assert.equal(groupPointsMicros(group, count, tests), micros);
  });
}

const FAULTS: readonly (readonly [id: string, group: PointsScoring, tested: PointsTest, says: RegExp | undefined])[] = [
  ["accepted without a score, bounded", points("sum", 10), ok, undefined],
  ["accepted without a score, unbounded", points("sum", "unbounded"), ok, /must write score.txt/],
  ["multiplier, unbounded", points("sum", "unbounded"), times(0.5), /must write score.txt/],
  ["score of a failed test", points("sum", 10), { ...scored(1), verdict: "WA" }, /did not accept/],
  ["score in a pass-fail group", points("pass-fail", 10), scored(1), /pass-fail group/],
  ["score above the maximum", points("min", 10), scored(10.5), /exceeds the test's maximum/],
  ["score at the maximum", points("min", 10), scored(10), undefined],
  ["score in samples", { ...points("pass-fail", "unbounded"), ignored: true }, scored(10), undefined],
];

for (const [id, group, tested, says] of FAULTS) {
  test(`grading: validator's score: ${id}: ${says === undefined ? "fine" : "judge error"}`, () => {
    const fault = scoreFault(group, 1, tested);
    if (says === undefined) assert.equal(fault, undefined);
    else assert.match(fault ?? "", says);
  });
}

test("grading: points of one test are rounded, those of a group are exact", () => {
  const group = points("sum", 100);
  assert.equal(testPointsMicros(group, 3, ok), 33_333_333);
  assert.equal(groupPointsMicros(group, 3, [ok, ok, ok]), 100 * POINT);
});

test("grading: secret over groups", () => {
  assert.equal(combinedPointsMicros(points("sum", 100), [20, 0, 30], false), 50);
  assert.equal(combinedPointsMicros(points("min", 100), [20, 0, 30], false), 0);
  assert.equal(combinedPointsMicros(points("pass-fail", 100), [0, 0], true), 100 * POINT);
  assert.equal(combinedPointsMicros(points("pass-fail", 100), [0, 0], false), 0);
});
