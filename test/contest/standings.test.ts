/** Boards: ICPC and IOI, penalties, ties, first solves, freeze (issue "Sages and the life of a contest", Scoring). */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  boardOf,
  forget,
  type JudgedSubmission,
  newStandings,
  record,
  type ScoringRules,
  setRules,
  setTeams,
} from "../../src/contest/index.ts";
import { hashOf, type Instant, type NodeId, type Verdict } from "../../src/model/index.ts";

const START = 1_800_000_000_000;
const teams = ["ann", "bob", "cid"].map((name) => ({ id: name as NodeId, displayName: name }));

function rulesOf(type: "icpc" | "ioi"): ScoringRules {
  return {
    type,
    penaltyMinutes: 20,
    freezeMs: null,
    compileErrorPenalty: false,
    scoreMode: "max",
    startsAt: START as Instant,
    durationMs: 300 * 60_000,
    problems: ["a", "b"].map((id) => ({
      id,
      label: id.toUpperCase(),
      name: id,
      pointsMicros: 100_000_000,
      fullScoreMicros: 1_000_000,
    })),
  };
}

function minute(number: number): Instant {
  return (START + number * 60_000) as Instant;
}

type Made = readonly [
  team: string,
  problem: string,
  minute: number,
  verdict: Verdict | undefined,
  scoreMicros?: number,
];

function submissionOf([team, problem, minute, verdict, scoreMicros = 0]: Made, index: number): JudgedSubmission {
  return {
    id: hashOf(new TextEncoder().encode(`${index}`)),
    submitter: team as NodeId,
    problem,
    at: (START + minute * 60_000) as Instant,
    index,
    ...(verdict === undefined ? {} : { verdict, scoreMicros: verdict === "AC" ? 1_000_000 : scoreMicros }),
  };
}

function summaryOf(type: "icpc" | "ioi", made: readonly Made[], hiddenMinute: number | null = null): string {
  const standings = newStandings(rulesOf(type), teams);
  for (const [index, each] of made.entries()) record(standings, submissionOf(each, index));
  const board = boardOf(standings, hiddenMinute === null ? null : START + hiddenMinute * 60_000);
  return board.rows
    .map((row) => `${row.rank} ${row.displayName} ${row.solved}/${row.penaltyMinutes}/${row.pointsMicros / 1_000_000}`)
    .join(", ");
}

const cases: readonly (readonly [string, "icpc" | "ioi", readonly Made[], string])[] = [
  ["nothing submitted", "icpc", [], "1 ann 0/0/0, 1 bob 0/0/0, 1 cid 0/0/0"],
  ["solved at once", "icpc", [["bob", "a", 10, "AC"]], "1 bob 1/10/0, 2 ann 0/0/0, 2 cid 0/0/0"],
  [
    "wrong attempts before the accepted one cost 20 minutes each, later ones nothing",
    "icpc",
    [
      ["ann", "a", 1, "WA"],
      ["ann", "a", 2, "TLE"],
      ["ann", "a", 30, "AC"],
      ["ann", "a", 40, "WA"],
    ],
    "1 ann 1/70/0, 2 bob 0/0/0, 2 cid 0/0/0",
  ],
  [
    "compile errors and judge errors cost nothing; unsolved problems cost nothing",
    "icpc",
    [
      ["ann", "a", 1, "CE"],
      ["ann", "a", 2, "JE"],
      ["ann", "a", 3, "AC"],
      ["ann", "b", 4, "WA"],
    ],
    "1 ann 1/3/0, 2 bob 0/0/0, 2 cid 0/0/0",
  ],
  [
    "equal penalty: the earlier last solve is ahead",
    "icpc",
    [
      ["ann", "a", 10, "AC"],
      ["ann", "b", 50, "AC"],
      ["bob", "a", 25, "AC"],
      ["bob", "b", 35, "AC"],
    ],
    "1 bob 2/60/0, 2 ann 2/60/0, 3 cid 0/0/0",
  ],
  [
    "every kind of rejection costs the same",
    "icpc",
    [
      ["ann", "a", 1, "RE"],
      ["ann", "a", 2, "MLE"],
      ["ann", "a", 3, "OLE"],
      ["ann", "a", 4, "AC"],
    ],
    "1 ann 1/64/0, 2 bob 0/0/0, 2 cid 0/0/0",
  ],
  ["in the first minute: no penalty", "icpc", [["ann", "a", 0.9, "AC"]], "1 ann 1/0/0, 2 bob 0/0/0, 2 cid 0/0/0"],
  ["in the last minute: counted", "icpc", [["ann", "a", 299.99, "AC"]], "1 ann 1/299/0, 2 bob 0/0/0, 2 cid 0/0/0"],
  [
    "more problems beat less penalty",
    "icpc",
    [
      ["ann", "a", 1, "AC"],
      ["bob", "a", 290, "AC"],
      ["bob", "b", 299, "AC"],
    ],
    "1 bob 2/589/0, 2 ann 1/1/0, 3 cid 0/0/0",
  ],
  [
    "equal in all: they share the rank, and the next one is skipped",
    "icpc",
    [
      ["cid", "a", 10, "AC"],
      ["ann", "b", 10, "AC"],
      ["bob", "a", 11, "AC"],
    ],
    "1 ann 1/10/0, 1 cid 1/10/0, 3 bob 1/11/0",
  ],
  [
    "unjudged before the accepted one: no penalty yet",
    "icpc",
    [
      ["ann", "a", 5, undefined],
      ["ann", "a", 10, "AC"],
    ],
    "1 ann 1/10/0, 2 bob 0/0/0, 2 cid 0/0/0",
  ],
  [
    "a stranger's submission: not on the board",
    "icpc",
    [["eve", "a", 1, "AC"]],
    "1 ann 0/0/0, 1 bob 0/0/0, 1 cid 0/0/0",
  ],
  ["nothing submitted", "ioi", [], "1 ann 0/0/0, 1 bob 0/0/0, 1 cid 0/0/0"],
  [
    "points of problems add up; worse later ones do not matter",
    "ioi",
    [
      ["ann", "a", 10, "WA", 250_000],
      ["ann", "b", 20, "WA", 333_333],
      ["ann", "b", 30, "WA", 0],
    ],
    "1 ann 0/0/58.3333, 2 bob 0/0/0, 2 cid 0/0/0",
  ],
  [
    "unjudged, compile errors and judge errors: no points",
    "ioi",
    [
      ["ann", "a", 10, undefined],
      ["bob", "a", 10, "CE"],
      ["cid", "a", 10, "JE", 900_000],
    ],
    "1 ann 0/0/0, 1 bob 0/0/0, 1 cid 0/0/0",
  ],
  ["after the end: no points", "ioi", [["ann", "a", 300, "AC"]], "1 ann 0/0/0, 1 bob 0/0/0, 1 cid 0/0/0"],
  ["after the end: not counted", "icpc", [["ann", "a", 300, "AC"]], "1 ann 0/0/0, 1 bob 0/0/0, 1 cid 0/0/0"],
  [
    "best score counts, not the last",
    "ioi",
    [
      ["ann", "a", 10, "WA", 300_000],
      ["ann", "a", 20, "WA", 700_000],
      ["ann", "a", 30, "WA", 500_000],
      ["bob", "a", 40, "AC"],
    ],
    "1 bob 1/0/100, 2 ann 0/0/70, 3 cid 0/0/0",
  ],
  [
    "equal points share a rank, however they were made",
    "ioi",
    [
      ["ann", "a", 10, "AC"],
      ["bob", "a", 20, "WA", 500_000],
      ["bob", "b", 30, "WA", 500_000],
    ],
    "1 ann 1/0/100, 1 bob 0/0/100, 3 cid 0/0/0",
  ],
];

for (const [situation, type, made, expected] of cases) {
  test(`board: ${type}: ${situation}`, () => assert.equal(summaryOf(type, made), expected));
}

/** Points of the groups, 30, 30 and 40 of a package's 100; minute · points. AC: all of them. */
type Tried = readonly [minute: number, groups: readonly number[], total?: number];

const SUBTASKS: readonly (readonly [
  situation: string,
  tried: readonly Tried[],
  /** `max`, then `max_subtask`: points, minute at which they were reached, solved. */
  max: readonly [number, number | null, boolean],
  subtask: readonly [number, number | null, boolean],
  full?: number | null,
])[] = [
  ["nothing tried", [], [0, null, false], [0, null, false]],
  ["half of the package's points are half, not all", [[5, [30, 0, 20]]], [50, 5, false], [50, 5, false]],
  [
    "different groups in different submissions: only max_subtask puts them together",
    [
      [1, [30, 0, 0]],
      [2, [0, 30, 0]],
      [3, [0, 0, 40]],
    ],
    [40, 3, false],
    [100, 3, true],
  ],
  [
    "a later, worse one takes nothing away; the time is that of the last gain",
    [
      [1, [30, 10, 0]],
      [2, [0, 30, 0]],
      [3, [0, 0, 0]],
      [4, [30, 0, 0]],
    ],
    [40, 1, false],
    [60, 2, false],
  ],
  ["all at once", [[7, [30, 30, 40]]], [100, 7, true], [100, 7, true]],
  [
    "no groups known: counted as a whole, not beside the others",
    [
      [1, [30, 0, 0]],
      [2, [], 70],
      [3, [0, 30, 0]],
    ],
    [70, 2, false],
    [70, 2, false],
  ],
  [
    "the package was exchanged for one with other groups: never more than all",
    [
      [1, [30, 30, 40]],
      [2, [100]],
    ],
    [100, 1, true],
    [100, 1, true],
  ],
  ["a package without a maximum: points as they are", [[1, [250, 17]]], [267, 1, false], [267, 1, false], null],
  ["a maximum of 200: scaled to the problem's points", [[1, [30, 30, 40]]], [50, 1, false], [50, 1, false], 200],
];

for (const [situation, tried, ...expected] of SUBTASKS) {
  const full = expected[2] === undefined ? 100 : expected[2];
  for (const [index, scoreMode] of (["max", "max_subtask"] as const).entries()) {
    test(`board: ioi: ${scoreMode}: ${situation}`, () => {
      const rules = rulesOf("ioi");
      const problems = rules.problems.map((problem) => ({
        ...problem,
        fullScoreMicros: full === null ? null : full * 1_000_000,
      }));
      const standings = newStandings({ ...rules, scoreMode, problems }, teams);
      for (const [number, [minute, groups, total]] of tried.entries()) {
        const groupScoresMicros = groups.map((points) => points * 1_000_000);
        const scoreMicros = total === undefined ? groupScoresMicros.reduce((sum, each) => sum + each, 0) : total * 1e6;
        const verdict = scoreMicros === (full ?? -1) * 1_000_000 ? ("AC" as const) : ("WA" as const);
        record(standings, { ...submissionOf(["ann", "a", minute, verdict], number), scoreMicros, groupScoresMicros });
      }
      const cell = boardOf(standings, null).rows.find((row) => row.displayName === "ann")?.cells[0];
      assert.deepEqual([(cell?.pointsMicros ?? 0) / 1e6, cell?.minutes, cell?.solved], expected[index]);
    });
  }
}

test("board: ioi: max_subtask: hidden by the freeze, pending and after the end count for nothing", () => {
  const standings = newStandings({ ...rulesOf("ioi"), scoreMode: "max_subtask" }, teams);
  const points = (minute: number, groups: readonly number[], verdict: Verdict | undefined, index: number): void =>
    record(standings, {
      ...submissionOf(["ann", "a", minute, verdict], index),
      scoreMicros: 0,
      groupScoresMicros: groups.map((part) => part * 10_000),
    });
  points(10, [30, 0], "WA", 0);
  points(20, [0, 70], undefined, 1);
  points(250, [0, 70], "WA", 2);
  points(301, [0, 70], "WA", 3);
  const row = boardOf(standings, START + 240 * 60_000).rows[0];
  assert.deepEqual([row?.pointsMicros, row?.cells[0]?.pending], [30_000_000, 2]);
  assert.equal(boardOf(standings, null).rows[0]?.pointsMicros, 100_000_000);
});

test("board: ioi: first solves: whoever has all points, not whoever a package accepts with some", () => {
  const standings = newStandings(rulesOf("ioi"), teams);
  record(standings, { ...submissionOf(["bob", "a", 10, "AC"], 0), scoreMicros: 500_000 });
  record(standings, submissionOf(["ann", "a", 11, "AC"], 1));
  const first = boardOf(standings, null).rows.filter((row) => row.cells[0]?.first);
  assert.deepEqual(
    first.map((row) => row.displayName),
    ["ann"],
  );
});

test("board: frozen: what came after the freeze is pending, the old rank stays", () => {
  const made: readonly Made[] = [
    ["ann", "a", 10, "AC"],
    ["bob", "a", 250, "AC"],
    ["bob", "b", 5, "AC"],
  ];
  assert.equal(summaryOf("icpc", made), "1 bob 2/255/0, 2 ann 1/10/0, 3 cid 0/0/0");
  assert.equal(summaryOf("icpc", made, 240), "1 bob 1/5/0, 2 ann 1/10/0, 3 cid 0/0/0");
});

test("board: first solves: by receipt, also when the verdict came later", () => {
  const standings = newStandings(rulesOf("icpc"), teams);
  record(standings, submissionOf(["bob", "a", 10, undefined], 0));
  record(standings, submissionOf(["ann", "a", 11, "AC"], 1));
  record(standings, submissionOf(["bob", "a", 10, "AC"], 0));
  const first = boardOf(standings, null).rows.filter((row) => row.cells[0]?.first);
  assert.deepEqual(
    first.map((row) => row.displayName),
    ["bob"],
  );
});

test("board: first solves: nobody's while an earlier submission waits for its verdict", () => {
  const standings = newStandings(rulesOf("icpc"), teams);
  record(standings, submissionOf(["bob", "a", 10, undefined], 0));
  record(standings, submissionOf(["ann", "a", 11, "AC"], 1));
  const firstOf = (): readonly string[] =>
    boardOf(standings, null)
      .rows.filter((row) => row.cells[0]?.first)
      .map((row) => row.displayName);
  assert.deepEqual(firstOf(), []);
  record(standings, submissionOf(["bob", "a", 10, "WA"], 0));
  assert.deepEqual(firstOf(), ["ann"]);
});

test("board: ioi: frozen: the best score of before the freeze", () => {
  const made: readonly Made[] = [
    ["ann", "a", 10, "WA", 200_000],
    ["ann", "a", 250, "AC"],
  ];
  assert.equal(summaryOf("ioi", made, 240), "1 ann 0/0/20, 2 bob 0/0/0, 2 cid 0/0/0");
});

test("board: compile errors cost a penalty where the rules say so", () => {
  const standings = newStandings({ ...rulesOf("icpc"), compileErrorPenalty: true }, teams);
  record(standings, submissionOf(["ann", "a", 1, "CE"], 0));
  record(standings, submissionOf(["ann", "a", 3, "AC"], 1));
  assert.equal(boardOf(standings, null).rows[0]?.penaltyMinutes, 23);
});

test("board: pauses and extensions: minutes are those of the contest's clock", () => {
  const standings = newStandings(rulesOf("icpc"), teams);
  record(standings, submissionOf(["ann", "a", 50, "AC"], 0));
  record(standings, submissionOf(["bob", "a", 305, "AC"], 1));
  assert.equal(boardOf(standings, null).rows.filter(({ solved }) => solved > 0).length, 1);
  setRules(standings, { ...rulesOf("icpc"), pauses: [{ from: minute(20), until: minute(40) }] });
  const [ann, bob] = boardOf(standings, null).rows;
  assert.deepEqual([ann?.penaltyMinutes, bob?.penaltyMinutes], [30, 285]);
});

test("board: a submission that is dismissed leaves no trace", () => {
  const standings = newStandings(rulesOf("icpc"), teams);
  record(standings, submissionOf(["ann", "a", 50, "WA"], 0));
  forget(standings, submissionOf(["ann", "a", 50, "WA"], 0));
  assert.equal(boardOf(standings, null).rows[0]?.cells[0]?.attempts, 0);
});

const anySubmission = fc.tuple(
  fc.constantFrom("ann", "bob", "cid"),
  fc.constantFrom("a", "b"),
  fc.integer({ min: 0, max: 310 }),
  fc.constantFrom<Verdict | undefined>("AC", "WA", "CE", "JE", undefined),
  fc.integer({ min: 0, max: 999_999 }),
);

test("board: any history in any order: the same board", () => {
  fc.assert(
    fc.property(
      fc.array(anySubmission, { maxLength: 30 }),
      fc.constantFrom("icpc" as const, "ioi" as const),
      (made, type) => {
        const all = made.map((each, index) => submissionOf(each, index));
        const [one, two] = [newStandings(rulesOf(type), teams), newStandings(rulesOf(type), teams)];
        for (const each of all) record(one, each);
        for (const each of all.toReversed()) {
          record(two, submissionOf([each.submitter, each.problem, 0, undefined], each.index));
          boardOf(two, null);
          record(two, each);
        }
        assert.deepEqual(boardOf(one, null), boardOf(two, null));
      },
    ),
  );
});

test("board: two that begin with one list of teams: one gets another team, the other one stays as it is", () => {
  const [one, two] = [newStandings(rulesOf("icpc"), teams), newStandings(rulesOf("icpc"), teams)];
  setTeams(one, [...teams, { id: "dot" as NodeId, displayName: "dot" }]);
  const count = (standings: typeof one): number => boardOf(standings, null).rows.length;
  assert.deepEqual([count(one), count(two), count(newStandings(rulesOf("icpc"), teams))], [4, 3, 3]);
});
