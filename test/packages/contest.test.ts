import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { ContestError, parseDurationMs, parseInstantMs, readContest, timeLimitFrom } from "../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../support/folders.ts";

function contestFiles(yaml: string | undefined, names: readonly string[]): Record<string, string> {
  const packages = names.flatMap((name) =>
    Object.entries(packageFiles(`name: ${name.toUpperCase()}\n`)).map(([path, text]) => [`${name}/${path}`, text]),
  );
  return { ...Object.fromEntries(packages), ...(yaml === undefined ? {} : { "contest.yaml": yaml }) };
}

async function read(
  yaml: string | undefined,
  names: readonly string[] = ["beta", "alpha"],
): Promise<Awaited<ReturnType<typeof readContest>>> {
  await using folder = await writeFolder(contestFiles(yaml, names), "My Contest");
  return await readContest(folder.directory);
}

test("contest: a folder of packages: defaults, labels by name", async () => {
  const contest = await read(undefined);
  assert.deepEqual([contest.id, contest.name, contest.rules], ["my-contest", "my-contest", "icpc"]);
  assert.deepEqual(contest.start, { type: "unset" });
  assert.deepEqual(
    [contest.durationMs, contest.freezeDurationMs, contest.penaltyMs],
    [18_000_000, undefined, 1_200_000],
  );
  assert.deepEqual(
    contest.problems.map(({ label, id, name }) => [label, id, name]),
    [
      ["A", "alpha", "ALPHA"],
      ["B", "beta", "BETA"],
    ],
  );
});

test("contest: DOMjudge's spellings: read", async () => {
  const contest = await read(`
name: Spring Contest
short-name: spring26
start-time: 2026-11-21T10:00:00+01:00
duration: 5:00:00.000
scoreboard-freeze-duration: 1:00:00
penalty-time: 15
medals: { gold: 4 }
languages: [{ name: C++, id: cpp }, Python3, cobol]
problems:
  - { label: X, short-name: beta, color: red, rgb: "#F00", time_limit: 2.5 }
  - { letter: Y, id: alpha, name: Better Name }
`);
  assert.deepEqual([contest.id, contest.name], ["spring26", "Spring Contest"]);
  assert.deepEqual(contest.start, { type: "absolute", epochMs: Date.UTC(2026, 10, 21, 9) });
  assert.deepEqual([contest.freezeDurationMs, contest.penaltyMs], [3_600_000, 900_000]);
  assert.deepEqual(contest.languages, ["cpp", "python3"]);
  assert.match(contest.warnings[0]?.message ?? "", /"cobol" is no language here/);
  assert.deepEqual(
    contest.problems.map(({ label, id, name, color, rgb, package: { problem, timeLimitSource } }) => [
      label,
      id,
      name,
      color,
      rgb,
      problem.limits.timeMs,
      timeLimitSource,
    ]),
    [
      ["X", "beta", "BETA", "red", "#ff0000", 2500, "package"],
      ["Y", "alpha", "Better Name", undefined, undefined, 5000, "default"],
    ],
  );
});

test("contest: ours: session length, cluster size, redundancy, council", async () => {
  const contest = await read(
    "start_time: +30s\nsession_length: 90s\ncluster_size: 5\nredundancy: 3\nchecks_percent: 10\ncouncil_size: 7\nregistration: open\nproblems: [alpha]\n",
  );
  assert.deepEqual(contest.start, { type: "relative", inMs: 30_000 });
  assert.deepEqual(contest.network, {
    sessionLengthMs: 90_000,
    clusterSize: 5,
    redundancy: 3,
    checksPercent: 10,
    councilSize: 7,
    evaluators: undefined,
    keepRegions: undefined,
    registration: "open",
    registrationOpensMs: undefined,
    registrationClosesMs: undefined,
    lateRegistration: undefined,
    allowed: undefined,
    sages: undefined,
  });
  assert.deepEqual(
    contest.problems.map((problem) => problem.label),
    ["A"],
  );
});

const NODE = "16Uiu2HAm5hPxT7s3TA2f4b4YjAPzS7yLRSgdj87ysDZ6NAXMiRuY";

test("contest: ours: allow-list, times of registration, further sages", async () => {
  const { network } = await read(
    `registration: allow-list\nallow_list: [${NODE}, ${NODE}]\nregistration_closes: 2027-01-16T10:00:00Z\nlate_registration: false\nsages:\n  - id: ${NODE}\n    addresses: [/ip4/192.0.2.8/tcp/9000/p2p/${NODE}]\n    beacon: "${"0a".repeat(32)}"\n`,
  );
  assert.equal(network.registration, "allow-list");
  assert.deepEqual(network.allowed, [NODE]);
  assert.equal(network.lateRegistration, false);
  assert.equal(network.registrationClosesMs, Date.UTC(2027, 0, 16, 10));
  assert.deepEqual(network.sages, [{ id: NODE, addresses: ["/ip4/192.0.2.8/tcp/9000"], beacon: "0a".repeat(32) }]);
});

const FAULTS: readonly { id: string; yaml: string; line: number; says: RegExp; code?: string }[] = [
  {
    id: "misspelt key",
    yaml: "name: N\ndurration: 1h\n",
    line: 2,
    says: /unknown key "durration"; did you mean "duration"\?/,
  },
  {
    id: "duration",
    yaml: "duration: five hours\n",
    line: 1,
    says: /"duration" must be a duration such as 5:00:00, 90s or 1h30m, not "five hours"/,
  },
  {
    id: "allow-list without list",
    yaml: "registration: allow-list\n",
    line: 1,
    says: /there is no "allow_list" with the ids of those who may take part/,
  },
  {
    id: "list without allow-list",
    yaml: `registration: open\nallow_list: [${NODE}]\n`,
    line: 2,
    says: /"allow_list" needs the policy "registration: allow-list"/,
  },
  { id: "no node", yaml: "registration: allow-list\nallow_list:\n  - Ada\n", line: 3, says: /must be a node's id/ },
  {
    id: "sage's address",
    yaml: `sages:\n  - id: ${NODE}\n    addresses: [192.0.2.8:9000]\n`,
    line: 3,
    says: /must be an address such as \/ip4\/192\.0\.2\.7\/tcp\/9000/,
  },
  {
    id: "sage without id",
    yaml: "sages:\n  - addresses: [/ip4/192.0.2.8/tcp/9000]\n",
    line: 2,
    says: /a sage needs an "id"/,
  },
  { id: "start", yaml: "start_time: tomorrow\n", line: 1, says: /"start_time" must be a time with its zone/ },
  { id: "freeze", yaml: "duration: 1h\nscoreboard_freeze_duration: 2h\n", line: 2, says: /longer than the contest/ },
  { id: "cluster size", yaml: "cluster_size: many\n", line: 1, says: /"cluster_size" must be a number/ },
  {
    id: "missing package",
    yaml: "problems:\n  - id: alpha\n  - id: gamma\n",
    line: 3,
    says: /there is no problem package "gamma"/,
    code: "DIKAST_CONTEST_PROBLEM_MISSING",
  },
  { id: "a path", yaml: "problems:\n  - id: ../alpha\n", line: 2, says: /must be a folder's name/ },
  {
    id: "label twice",
    yaml: "problems:\n  - { id: alpha, label: A }\n  - { id: beta, label: A }\n",
    line: 3,
    says: /two problems have the label "A"/,
  },
  { id: "problem twice", yaml: "problems: [alpha, alpha]\n", line: 1, says: /"alpha" is named twice/ },
  {
    id: "key of a problem",
    yaml: "problems:\n  - { id: alpha, labell: A }\n",
    line: 2,
    says: /unknown key "problems\[0\]\.labell"/,
  },
  { id: "no known language", yaml: "languages: [cobol]\n", line: 1, says: /names no language that dikast has/ },
];

for (const { id, yaml, line, says, code } of FAULTS) {
  test(`contest: fault, ${id}: refused with file and line`, async () => {
    await assert.rejects(read(yaml), (error: unknown) => {
      assert.ok(error instanceof ContestError, String(error));
      assert.equal(error.code, code ?? "DIKAST_CONTEST_BAD_VALUE");
      assert.match(error.message, says);
      assert.deepEqual(error.position, { file: "contest.yaml", line });
      return true;
    });
  });
}

test("contest: nothing in it, or no folder: its own code", async () => {
  await assert.rejects(read(undefined, []), { code: "DIKAST_CONTEST_NO_PROBLEMS" });
  await assert.rejects(readContest("/nowhere/at/all"), { code: "DIKAST_CONTEST_MISSING" });
});

test("contest: the demo contest: every problem has every kind of submission somewhere, no warnings", async () => {
  const contest = await readContest(join(import.meta.dirname, "../../examples/demo"));
  assert.deepEqual(contest.warnings, []);
  assert.equal(contest.problems.length, 5);
  const verdicts = new Set(
    contest.problems.flatMap((problem) =>
      problem.package.submissions.flatMap((each) => each.expectation?.verdicts ?? []),
    ),
  );
  assert.deepEqual([...verdicts].sort(), ["AC", "CE", "MLE", "OLE", "RE", "TLE", "WA"]);
  for (const {
    id,
    package: { submissions, timeLimitSource },
  } of contest.problems) {
    const accepted = submissions.filter((each) => each.path.startsWith("accepted/")).map((each) => each.language);
    assert.deepEqual(
      [id, accepted.toSorted((a, b) => (a ?? "").localeCompare(b ?? "")), timeLimitSource],
      [id, ["cpp", "python3"], "package"],
    );
  }
});

test("contest: durations", () => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ["5:00:00", 18_000_000],
    ["0:00:01.5", 1_500],
    ["100:00:00", 360_000_000],
    ["90", 90_000],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
    ["1h30m", 5_400_000],
    ["1h 30min", 5_400_000],
    ["250ms", 250],
    ["2d", 172_800_000],
    ["1:30", undefined],
    ["1:60:00", undefined],
    ["-1s", undefined],
    ["1x", undefined],
    ["", undefined],
    ["1h2", undefined],
  ];
  for (const [text, ms] of table) assert.deepEqual([text, parseDurationMs(text)], [text, ms]);
});

test("contest: instants need a zone", () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5);
  const table: readonly (readonly [string, number | undefined])[] = [
    ["2026-01-02T03:04:05Z", at],
    ["2026-01-02 04:04:05+01:00", at],
    ["2026-01-02T04:04:05+01", at],
    ["2026-01-02T01:34:05-0130", at],
    ["2026-01-02T03:04Z", at - 5_000],
    ["2026-01-02T03:04:05", undefined],
    ["2026-13-02T03:04:05Z", undefined],
  ];
  for (const [text, ms] of table) assert.deepEqual([text, parseInstantMs(text)], [text, ms]);
});

test("packages: time limit by the format's rule: the next multiple above slowest times multiplier", () => {
  const legacy = { acToTimeLimit: 5, timeLimitToTle: 2, resolutionMs: 1000 };
  const modern = { acToTimeLimit: 2, timeLimitToTle: 1.5, resolutionMs: 100 };
  const table: readonly (readonly [number, typeof legacy, number])[] = [
    [0, legacy, 1000],
    [200, legacy, 1000],
    [200.1, legacy, 2000],
    [1000, legacy, 5000],
    [50, modern, 100],
    [51, modern, 200],
    [1e9, modern, 600_000],
  ];
  for (const [slowestMs, multipliers, limitMs] of table)
    assert.deepEqual([slowestMs, timeLimitFrom(slowestMs, multipliers)], [slowestMs, limitMs]);
});

test("contest: limits and points: of the contest, of one problem, and what is wrong with them", async () => {
  const contest = await read(
    "score_mode: max_subtask\nmax_submissions: 50\nmin_submission_interval: 30\n" +
      "problems:\n  - { id: alpha, points: 62.5, max_submissions: 3 }\n  - beta\n",
  );
  assert.deepEqual([contest.scoreMode, contest.submissionIntervalMs], ["max_subtask", 30_000]);
  assert.deepEqual(
    contest.problems.map(({ pointsMicros, submissionsMax }) => [pointsMicros, submissionsMax]),
    [
      [62_500_000, 3],
      [undefined, 50],
    ],
  );
  const plain = await read(undefined);
  assert.deepEqual(
    [plain.scoreMode, plain.submissionIntervalMs, plain.problems[0]?.submissionsMax],
    ["max", 0, undefined],
  );
  assert.equal((await read("min_submission_interval: 2m\n")).submissionIntervalMs, 120_000);
  await assert.rejects(read("score_mode: best\n"), /contest.yaml:1: "score_mode" must be one of "max", "max_subtask"/);
  await assert.rejects(read("max_submissions: 0\n"), /contest.yaml:1: "max_submissions" must be/);
  await assert.rejects(read("min_submission_interval: 48:00:00\n"), /contest.yaml:1: .*at most a day/);
  await assert.rejects(read("problems:\n  - id: alpha\n    points: -1\n"), /contest.yaml:3: "problems.0..points"/);
});
