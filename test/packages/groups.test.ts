import assert from "node:assert/strict";
import { test } from "node:test";
import { readPackage } from "../../src/packages/index.ts";
import { groupOf, type GraderScoring, type PointsScoring } from "../../src/model/problem.ts";
import { writeFolder } from "../support/folders.ts";

const POINT = 1_000_000;

function testFiles(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`data/${name}.in`, ""],
      [`data/${name}.ans`, ""],
    ]),
  );
}

async function scoringOf<T>(files: Record<string, string>, id: string): Promise<T> {
  await using folder = await writeFolder(files);
  const { problem } = await readPackage(folder.directory);
  const group = groupOf(problem.root, id);
  assert.ok(group !== undefined, `no group "${id}"`);
  return group.scoring as T;
}

const LEGACY = { "problem.yaml": "name: N\ntype: scoring\n", ...testFiles("sample/1", "secret/a/1", "secret/b/1") };

test("packages: legacy groups: keys that are missing come from the parent, ignore_sample stays at the root", async () => {
  const files = {
    ...LEGACY,
    "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\nrange: 0 100\n",
    "data/secret/testdata.yaml": "grader_flags: first_error accept_if_any_accepted\naccept_score: 5\n",
    "data/secret/a/testdata.yaml": "on_reject: break\naccept_score: 40\ngrader_flags: min\n",
  };
  const root = await scoringOf<GraderScoring>(files, "");
  assert.deepEqual([root.ignoreSample, root.stopOnReject, root.verdict], [true, false, "worst-error"]);
  const sample = await scoringOf<GraderScoring>(files, "sample");
  assert.deepEqual([sample.ignoreSample, sample.stopOnReject], [false, false]);
  const secret = await scoringOf<GraderScoring>(files, "secret");
  assert.deepEqual(
    [secret.verdict, secret.acceptIfAnyAccepted, secret.acceptScoreMicros],
    ["first-error", true, 5 * POINT],
  );
  const a = await scoringOf<GraderScoring>(files, "secret/a");
  assert.deepEqual(
    [a.stopOnReject, a.score, a.verdict, a.acceptIfAnyAccepted, a.acceptScoreMicros],
    [true, "min", "worst-error", false, 40 * POINT],
  );
  const b = await scoringOf<GraderScoring>(files, "secret/b");
  assert.deepEqual([b.stopOnReject, b.acceptIfAnyAccepted, b.acceptScoreMicros], [false, true, 5 * POINT]);
});

test("packages: legacy groups: nothing said: stop at the first failure, sum, one point a test", async () => {
  const scoring = await scoringOf<GraderScoring>(LEGACY, "secret/a");
  assert.deepEqual(scoring, {
    type: "grader",
    stopOnReject: true,
    verdict: "worst-error",
    score: "sum",
    acceptIfAnyAccepted: false,
    ignoreSample: false,
    acceptScoreMicros: POINT,
    rejectScoreMicros: 0,
  });
});

test("packages: legacy groups: a flag that nobody knows: ignored as by the reference, with a warning", async () => {
  await using folder = await writeFolder({ ...LEGACY, "data/secret/testdata.yaml": "grader_flags: mean max\n" });
  const { problem, warnings } = await readPackage(folder.directory);
  assert.equal((groupOf(problem.root, "secret")?.scoring as GraderScoring | undefined)?.score, "max");
  assert.deepEqual(
    warnings.filter(({ message }) => message.includes("flag")),
    [{ file: "data/secret/testdata.yaml", line: 1, message: 'unknown grader flag "mean"; it is ignored' }],
  );
});

const CUSTOM = {
  ...LEGACY,
  "data/secret/testdata.yaml": "grading: custom\ngrader_flags: all 40\non_reject: continue\n",
  "data/secret/b/testdata.yaml": "grading: default\ngrader_flags: max\n",
};

test("packages: legacy groups: custom grading: the grader with its flags, which groups below inherit", async () => {
  await using folder = await writeFolder({ ...CUSTOM, "graders/grader.py": "print('AC 1')\n" });
  const { problem, warnings } = await readPackage(folder.directory);
  const flags = (id: string): unknown => (groupOf(problem.root, id)?.scoring as GraderScoring | undefined)?.customFlags;
  assert.deepEqual(["", "secret", "secret/a", "secret/b"].map(flags), [
    undefined,
    ["all", "40"],
    ["all", "40"],
    undefined,
  ]);
  assert.deepEqual(problem.grader, { language: "python3", files: ["graders/grader.py"] });
  assert.ok(!warnings.some(({ message }) => message.includes("grader")));
});

test("packages: legacy groups: custom grading without a grader: a warning, and no program", async () => {
  await using folder = await writeFolder(CUSTOM);
  const { problem, warnings } = await readPackage(folder.directory);
  assert.equal(problem.grader, undefined);
  assert.ok(warnings.some(({ message }) => /name a custom grader, but there is none/.test(message)));
});

const LEGACY_FAULTS: readonly { id: string; yaml: string; says: RegExp }[] = [
  {
    id: "grading",
    yaml: "x: 1\ngrading: own\n",
    says: /testdata\.yaml:2: "grading" must be one of "default", "custom"/,
  },
  { id: "range", yaml: "range: 0\n", says: /testdata\.yaml:1: "range" must be two numbers/ },
  { id: "on_reject", yaml: "on_reject: stop\n", says: /"on_reject" must be one of "break", "continue"/ },
  { id: "score", yaml: "accept_score: 1e30\n", says: /"accept_score" must be at most/ },
];

for (const { id, yaml, says } of LEGACY_FAULTS) {
  test(`packages: legacy groups: ${id}: refused`, async () => {
    await using folder = await writeFolder({ ...LEGACY, "data/secret/testdata.yaml": yaml });
    await assert.rejects(readPackage(folder.directory), says);
  });
}

const MODERN = {
  "problem.yaml": "problem_format_version: 2025-09\nname: N\nuuid: u\ntype: scoring\n",
  ...testFiles("sample/1", "secret/a/1", "secret/b/x/1", "secret/b/2"),
};

test("packages: 2025-09 groups: defaults by place", async () => {
  assert.deepEqual(await scoringOf<PointsScoring>(MODERN, "sample"), {
    type: "points",
    aggregation: "pass-fail",
    maxScoreMicros: "unbounded",
    requirePass: [],
    ignored: true,
  });
  assert.deepEqual(await scoringOf<PointsScoring>(MODERN, "secret"), {
    type: "points",
    aggregation: "sum",
    maxScoreMicros: 100 * POINT,
    requirePass: [],
    ignored: false,
  });
  assert.equal((await scoringOf<PointsScoring>(MODERN, "secret/a")).aggregation, "pass-fail");
});

test("packages: 2025-09 groups: folders in a group are no groups", async () => {
  await using folder = await writeFolder(MODERN);
  const { problem } = await readPackage(folder.directory);
  const ids = groupOf(problem.root, "secret/b")?.children.map((child) =>
    child.type === "test" ? child.test.id : "group",
  );
  assert.deepEqual(ids, ["secret/b/2", "secret/b/x/1"]);
});

test("packages: 2025-09 groups: points, requirements and their faults", async () => {
  const files = {
    ...MODERN,
    "data/secret/b/test_group.yaml": "max_score: 60\nscore_aggregation: min\nrequire_pass: [sample, secret/a]\n",
  };
  assert.deepEqual(await scoringOf<PointsScoring>(files, "secret/b"), {
    type: "points",
    aggregation: "min",
    maxScoreMicros: 60 * POINT,
    requirePass: ["sample", "secret/a"],
    ignored: false,
  });
  await using later = await writeFolder({ ...MODERN, "data/secret/a/test_group.yaml": "require_pass: secret/b\n" });
  await assert.rejects(readPackage(later.directory), /names "secret\/b", which is not an earlier group/);
  await using sample = await writeFolder({ ...MODERN, "data/sample/test_group.yaml": "max_score: 5\n" });
  await assert.rejects(readPackage(sample.directory), /"max_score" is not allowed in sample/);
});

test("packages: a pass-fail problem with groups: stops at the first failure everywhere", async () => {
  const files = { ...MODERN, "problem.yaml": "problem_format_version: 2025-09\nname: N\nuuid: u\n" };
  for (const id of ["", "sample", "secret", "secret/a"]) {
    const scoring = await scoringOf<GraderScoring>(files, id);
    assert.deepEqual([scoring.type, scoring.stopOnReject, scoring.verdict], ["grader", true, "first-error"]);
  }
});
