import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSandbox } from "../../../sandbox/fake/index.ts";
import { resultDigest } from "../../../sandbox/judging/digest.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../../support/folders.ts";

interface Judged {
  readonly result: JudgeResult;
  readonly progress: readonly string[];
}

const SUM = "# @FAKE@ sum";

async function judge(files: Record<string, string>, source: string, tests: "all" | "samples" = "all"): Promise<Judged> {
  await using folder = await writeFolder(files);
  const { problem } = await readPackage(folder.directory);
  const sandbox = new FakeSandbox();
  const progress: string[] = [];
  const result = await sandbox.judge(
    {
      language: "python3",
      sources: [{ name: "main.py", bytes: Buffer.from(source) }],
      problem,
      packageDirectory: folder.directory,
      tests,
    },
    { onProgress: ({ done, total }) => progress.push(`${done}/${total}`) },
  );
  return { result, progress };
}

function data(tests: Readonly<Record<string, readonly [input: string, answer: string]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tests).flatMap(([name, [input, answer]]) => [
      [`data/${name}.in`, `${input}\n`],
      [`data/${name}.ans`, `${answer}\n`],
    ]),
  );
}

const PASS_FAIL = {
  "problem.yaml": "name: N\nlimits: { memory: 1, output: 1 }\n",
  ".timelimit": "1",
  ...data({ "sample/1": ["1 2", "3"], "secret/1": ["2 2", "4"], "secret/2": ["5 5", "10"], "secret/3": ["9", "9"] }),
};

const verdicts = ({ tests }: JudgeResult): string => tests.map(({ id, verdict }) => `${id} ${verdict}`).join(", ");

test("judge: pass-fail, all right: AC, every test in order, progress to the end", async () => {
  const { result, progress } = await judge(PASS_FAIL, SUM);
  assert.equal(result.verdict, "AC");
  assert.equal(result.scoreMicros, 1_000_000);
  assert.equal(verdicts(result), "sample/1 AC, secret/1 AC, secret/2 AC, secret/3 AC");
  assert.deepEqual(progress, ["1/4", "2/4", "3/4", "4/4"]);
});

const OUTCOMES: readonly (readonly [id: string, source: string, verdict: string, tests: string])[] = [
  ["wrong on the second", `@FAKE@ when 2 2: exit 0\n${SUM}`, "WA", "sample/1 AC, secret/1 WA"],
  ["too slow", `@FAKE@ when 5 5: loop\n${SUM}`, "TLE", "sample/1 AC, secret/1 AC, secret/2 TLE"],
  ["costs just the limit", `@FAKE@ cost 999000\n${SUM}`, "AC", "sample/1 AC, secret/1 AC, secret/2 AC, secret/3 AC"],
  ["costs one more", `@FAKE@ cost 999001\n${SUM}`, "TLE", "sample/1 TLE"],
  ["too much memory", `@FAKE@ memory 1048576\n${SUM}`, "MLE", "sample/1 MLE"],
  ["too much output", "@FAKE@ flood", "OLE", "sample/1 OLE"],
  ["crash", "@FAKE@ crash", "RE", "sample/1 RE"],
  ["right output, exit code 1", `${SUM}\n@FAKE@ exit 1`, "RE", "sample/1 RE"],
  ["does not compile", "@FAKE@ reject", "CE", ""],
  ["longer than the code limit", `${SUM} ${"x".repeat(128 * 1024)}`, "CE", ""],
  ["a machine that cannot", `@FAKE@ when 9: abstain\n${SUM}`, "JE", ""],
];

for (const [id, source, verdict, tests] of OUTCOMES) {
  test(`judge: pass-fail, ${id}: ${verdict}`, async () => {
    const { result } = await judge(PASS_FAIL, source);
    assert.equal(result.verdict, verdict);
    assert.equal(verdicts(result), tests);
    assert.equal(result.scoreMicros, verdict === "AC" ? 1_000_000 : 0);
  });
}

test("judge: samples only: every sample is run, nothing secret", async () => {
  const files = { ...PASS_FAIL, ...data({ "sample/2": ["0", "0"], "sample/3": ["7", "7"] }) };
  const { result } = await judge(files, `@FAKE@ when 1 2: exit 3\n${SUM}`, "samples");
  assert.equal(result.verdict, "RE");
  assert.equal(verdicts(result), "sample/1 RE, sample/2 AC, sample/3 AC");
});

test("judge: legacy on_reject continue: everything is run, the worst error counts", async () => {
  const files = { ...PASS_FAIL, "data/testdata.yaml": "on_reject: continue\n" };
  const { result } = await judge(files, `@FAKE@ when 1 2: exit 0\n@FAKE@ when 5 5: crash\n${SUM}`);
  assert.equal(result.verdict, "RE");
  assert.equal(verdicts(result), "sample/1 WA, secret/1 AC, secret/2 RE, secret/3 AC");
});

/** As oddecho: two groups of 50 points, samples do not count. */
const LEGACY_SCORING = {
  "problem.yaml": "name: N\ntype: scoring\n",
  "data/testdata.yaml": "on_reject: continue\nrange: 0 100\ngrader_flags: ignore_sample\n",
  "data/secret/testdata.yaml": "on_reject: continue\ngrader_flags: first_error accept_if_any_accepted\n",
  "data/secret/a/testdata.yaml": "on_reject: break\naccept_score: 50\ngrader_flags: min\n",
  "data/secret/b/testdata.yaml": "on_reject: break\naccept_score: 50\ngrader_flags: min\n",
  ...data({
    "sample/1": ["1 2", "3"],
    "secret/a/1": ["2 2", "4"],
    "secret/a/2": ["5 5", "10"],
    "secret/b/1": ["9", "9"],
    "secret/b/2": ["8", "8"],
  }),
};

const SCORES: readonly (readonly [id: string, source: string, verdict: string, points: number, tests: number])[] = [
  ["everything right", SUM, "AC", 100, 5],
  ["second group wrong", `@FAKE@ when 9: exit 0\n${SUM}`, "AC", 50, 4],
  ["samples wrong", `@FAKE@ when 1 2: exit 0\n${SUM}`, "AC", 100, 5],
  ["both groups wrong", `@FAKE@ when 5 5: exit 0\n@FAKE@ when 9: crash\n${SUM}`, "WA", 0, 4],
];

const ofGroups = (result: { readonly groupScoresMicros?: readonly number[] }): readonly number[] | undefined =>
  result.groupScoresMicros?.map((micros) => micros / 1_000_000);

test("judge: points of groups: those that add up, none where they do not", async () => {
  const wrong = `@FAKE@ when 9: exit 0\n${SUM}`;
  assert.deepEqual(ofGroups((await judge(LEGACY_SCORING, SUM)).result), [50, 50]);
  assert.deepEqual(ofGroups((await judge(LEGACY_SCORING, wrong)).result), [50, 0]);
  assert.deepEqual(ofGroups((await judge(MODERN_SCORING, SUM)).result), [30, 70]);
  assert.deepEqual(ofGroups((await judge(MODERN_SCORING, `@FAKE@ when 5 5: exit 0\n${SUM}`)).result), [0, 0]);
  const least = { ...MODERN_SCORING, "data/secret/test_group.yaml": "score_aggregation: min\n" };
  assert.equal(ofGroups((await judge(least, SUM)).result), undefined);
  assert.equal(ofGroups((await judge(PASS_FAIL, SUM)).result), undefined);
});

test("judge: points of groups: they are part of what evaluators agree upon", () => {
  const result = { verdict: "WA", scoreMicros: 50, tests: [] } as const;
  const digests = [undefined, [50, 0], [0, 50]].map((groupScoresMicros) =>
    resultDigest(groupScoresMicros === undefined ? result : { ...result, groupScoresMicros }, "verdicts"),
  );
  assert.equal(new Set(digests).size, 3);
});

test("judge: legacy scoring: what is not accepted in the end gives nothing", async () => {
  const strict = { ...LEGACY_SCORING, "data/secret/testdata.yaml": "on_reject: continue\ngrader_flags: first_error\n" };
  const { result } = await judge(strict, `@FAKE@ when 9: exit 0\n${SUM}`);
  assert.deepEqual([result.verdict, result.scoreMicros, ofGroups(result)], ["WA", 0, undefined]);
});

for (const [id, source, verdict, points, tests] of SCORES) {
  test(`judge: legacy scoring, ${id}: ${verdict}, ${points} points`, async () => {
    const { result } = await judge(LEGACY_SCORING, source);
    assert.deepEqual([result.verdict, result.scoreMicros, result.tests.length], [verdict, points * 1_000_000, tests]);
  });
}

const MODERN_SCORING = {
  "problem.yaml": "problem_format_version: 2025-09\nuuid: u\nname: N\ntype: scoring\n",
  "data/secret/a/test_group.yaml": "max_score: 30\n",
  "data/secret/b/test_group.yaml": "max_score: 70\nscore_aggregation: sum\nrequire_pass: [sample, secret/a]\n",
  ...data({
    "sample/1": ["1 2", "3"],
    "secret/a/1": ["2 2", "4"],
    "secret/a/2": ["5 5", "10"],
    "secret/b/1": ["9", "9"],
    "secret/b/2": ["8", "8"],
  }),
};

const MODERN_SCORES: readonly (readonly [
  id: string,
  source: string,
  verdict: string,
  points: number,
  tests: string,
])[] = [
  ["everything right", SUM, "AC", 100, "sample/1 AC, secret/a/1 AC, secret/a/2 AC, secret/b/1 AC, secret/b/2 AC"],
  [
    "half of the sum group",
    `@FAKE@ when 9: exit 0\n${SUM}`,
    "WA",
    65,
    "sample/1 AC, secret/a/1 AC, secret/a/2 AC, secret/b/1 WA, secret/b/2 AC",
  ],
  ["the required group failed", `@FAKE@ when 2 2: crash\n${SUM}`, "RE", 0, "sample/1 AC, secret/a/1 RE"],
  ["the sample failed", `@FAKE@ when 1 2: exit 0\n${SUM}`, "WA", 30, "sample/1 WA, secret/a/1 AC, secret/a/2 AC"],
];

for (const [id, source, verdict, points, tests] of MODERN_SCORES) {
  test(`judge: 2025-09 scoring, ${id}: ${points} points`, async () => {
    const { result } = await judge(MODERN_SCORING, source);
    assert.deepEqual([result.verdict, result.scoreMicros], [verdict, points * 1_000_000]);
    assert.equal(verdicts(result), tests);
  });
}

function validated(validator: string, yaml = "validation: custom\n"): Record<string, string> {
  return { ...PASS_FAIL, "problem.yaml": yaml, "output_validators/check.py": validator };
}

const VALIDATORS: readonly (readonly [id: string, files: Record<string, string>, verdict: string, points: number])[] = [
  ["accepts", validated("@FAKE@ compare"), "AC", 1],
  ["rejects", validated("@FAKE@ exit 43"), "WA", 0],
  ["exit code 0", validated("@FAKE@ exit 0"), "JE", 0],
  ["crashes", validated("@FAKE@ crash"), "JE", 0],
  ["too slow", validated("@FAKE@ loop"), "JE", 0],
  ["does not compile", validated("@FAKE@ reject"), "JE", 0],
  [
    "in an unknown language",
    { ...validated(""), "output_validators/check.py": "", "problem.yaml": "validation: custom interactive\n" },
    "JE",
    0,
  ],
  [
    "scores each test",
    validated("@FAKE@ feedback score.txt 2.5\n@FAKE@ exit 42", "type: scoring\nvalidation: custom score\n"),
    "AC",
    10,
  ],
  ["does not score", validated("@FAKE@ exit 42", "type: scoring\nvalidation: custom score\n"), "JE", 0],
  [
    "scores with words",
    validated("@FAKE@ feedback score.txt many\n@FAKE@ exit 42", "type: scoring\nvalidation: custom score\n"),
    "JE",
    0,
  ],
  [
    "scores without leave",
    validated("@FAKE@ feedback score.txt 1\n@FAKE@ exit 42", "type: scoring\nvalidation: custom\n"),
    "JE",
    0,
  ],
];

for (const [id, files, verdict, points] of VALIDATORS) {
  test(`judge: custom validator, ${id}: ${verdict}`, async () => {
    const { result } = await judge(files, SUM);
    assert.deepEqual([result.verdict, result.scoreMicros], [verdict, points * 1_000_000], result.compileLog);
  });
}

test("judge: a validator's scores: part of the tests' results and of the digest", async () => {
  const yaml = "type: scoring\nvalidation: custom score\n";
  const one = await judge(validated("@FAKE@ feedback score.txt 1\n@FAKE@ exit 42", yaml), SUM);
  assert.equal(one.result.tests[0]?.scoreMicros, 1_000_000);
});

test("judge: interactive: the interactor's word", async () => {
  const files = {
    ...packageFiles("validation: custom interactive\n"),
    "output_validators/talk.py": "@FAKE@ answer-guesses",
    "data/secret/1.in": "371\n",
  };
  assert.equal((await judge(files, "@FAKE@ guess")).result.verdict, "AC");
  assert.equal((await judge({ ...files, "output_validators/talk.py": "@FAKE@ exit 43" }, SUM)).result.verdict, "WA");
  assert.equal((await judge(files, "@FAKE@ loop")).result.verdict, "TLE");
  // The submission broke first: that the interactor then broke as well is not its fault.
  assert.equal(
    (await judge({ ...files, "output_validators/talk.py": "@FAKE@ exit 1" }, "@FAKE@ crash")).result.verdict,
    "RE",
  );
  assert.equal((await judge({ ...files, "output_validators/talk.py": "@FAKE@ exit 1" }, SUM)).result.verdict, "JE");
});

test("judge: include/: its files replace the submission's", async () => {
  const files = { ...PASS_FAIL, "include/python3/main.py": SUM, "include/cpp/main.py": "@FAKE@ crash" };
  assert.equal((await judge(files, "@FAKE@ crash")).result.verdict, "AC");
});

async function digest(source: string): Promise<string> {
  return (await judge(PASS_FAIL, source)).result.digest;
}

test("judge: digest: the same for the same run, another for one unit of cost", async () => {
  const first = await digest(SUM);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(await digest(SUM), first);
  assert.notEqual(await digest(`@FAKE@ cost 1\n${SUM}`), first);
  assert.notEqual(await digest(`@FAKE@ memory 1\n${SUM}`), first);
});

test("judge: a problem whose file names lead out of the package: JE, nothing read", async () => {
  await using folder = await writeFolder(PASS_FAIL);
  const { problem } = await readPackage(folder.directory);
  const outside = (inputFile: string): Promise<JudgeResult> =>
    new FakeSandbox().judge({
      language: "python3",
      sources: [{ name: "main.py", bytes: Buffer.from(SUM) }],
      problem: {
        ...problem,
        root: {
          ...problem.root,
          children: [
            { type: "test", test: { id: "x", inputFile, answerFile: "data/secret/1.ans", validatorArgs: [] } },
          ],
        },
      },
      packageDirectory: folder.directory,
      tests: "all",
    });
  for (const name of ["../../etc/passwd", "/etc/passwd", "data/../problem.yaml", "data/nothing.in", ""]) {
    const result = await outside(name);
    assert.deepEqual([name, result.verdict], [name, "JE"]);
  }
});

test("judge: cancelled: rejects with the signal's reason", async () => {
  await using folder = await writeFolder(PASS_FAIL);
  const { problem } = await readPackage(folder.directory);
  const controller = new AbortController();
  const reason = new Error("enough");
  const task = {
    language: "python3",
    sources: [{ name: "a.py", bytes: Buffer.from(SUM) }],
    problem,
    packageDirectory: folder.directory,
    tests: "all",
  } as const;
  const judged = new FakeSandbox().judge(task, {
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await assert.rejects(judged, reason);
});
