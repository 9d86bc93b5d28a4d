import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenTestRule, readPackage } from "../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../support/folders.ts";

type Row = readonly [path: string, language: string | undefined, verdicts: string | undefined, files: number];

async function rows(files: Record<string, string>): Promise<Row[]> {
  await using folder = await writeFolder(packageFiles("name: N\n", files));
  const { submissions } = await readPackage(folder.directory);
  return submissions.map(({ path, language, expectation, files }) => [
    path,
    language,
    expectation?.verdicts.join(" "),
    files.length,
  ]);
}

test("packages: submissions: what each folder means", async () => {
  const folders: Record<string, string | undefined> = {
    accepted: "AC",
    brute_force: "RE TLE MLE",
    compile_error: "CE",
    memory_limit_exceeded: "MLE",
    mixed: undefined,
    output_limit_exceeded: "OLE",
    partially_accepted: "AC",
    rejected: "WA TLE MLE OLE RE CE",
    run_time_error: "RE MLE",
    time_limit_exceeded: "TLE",
    wrong_answer: "WA",
  };
  const files = Object.fromEntries(Object.keys(folders).map((folder) => [`submissions/${folder}/a.py`, ""]));
  assert.deepEqual(
    await rows(files),
    Object.entries(folders).map(([folder, verdicts]) => [`${folder}/a.py`, "python3", verdicts, 1]),
  );
});

const TAGS: readonly { id: string; folder: string; source: string; verdicts: string | undefined }[] = [
  { id: "one", folder: "mixed", source: "// @EXPECTED_RESULTS@: WRONG-ANSWER\n", verdicts: "WA" },
  { id: "several", folder: "mixed", source: "# @EXPECTED_RESULTS@: TIMELIMIT, run-error\n", verdicts: "TLE RE MLE" },
  { id: "in a C comment", folder: "mixed", source: "/* @EXPECTED_RESULTS@: CORRECT */ int x;\n", verdicts: "AC" },
  { id: "underscores", folder: "mixed", source: "@EXPECTED_RESULTS@: WRONG_ANSWER\n", verdicts: "WA" },
  { id: "without output", folder: "mixed", source: "@EXPECTED_RESULTS@: NO-OUTPUT\n", verdicts: "WA" },
  {
    id: "narrower than the folder",
    folder: "rejected",
    source: "@EXPECTED_RESULTS@: CORRECT, TIMELIMIT\n",
    verdicts: "TLE",
  },
  { id: "against the folder", folder: "accepted", source: "@EXPECTED_RESULTS@: TIMELIMIT\n", verdicts: "TLE" },
  { id: "unknown name", folder: "accepted", source: "@EXPECTED_RESULTS@: CHECK-MANUALLY\n", verdicts: "AC" },
];

for (const { id, folder, source, verdicts } of TAGS) {
  test(`packages: submissions: tag ${id}: read`, async () => {
    assert.deepEqual(await rows({ [`submissions/${folder}/a.cpp`]: source }), [
      [`${folder}/a.cpp`, "cpp", verdicts, 1],
    ]);
  });
}

test("packages: submissions: folders, headers, notes and unknown languages", async () => {
  const found = await rows({
    "submissions/accepted/several/helper.cc": "",
    "submissions/accepted/several/main.cc": "",
    "submissions/accepted/several/helper.h": "",
    "submissions/accepted/README.md": "",
    "submissions/accepted/old.pas": "",
    "submissions/accepted/two/a.py": "",
    "submissions/accepted/two/b.cpp": "",
  });
  assert.deepEqual(found, [
    ["accepted/old.pas", undefined, "AC", 1],
    ["accepted/several", "cpp", "AC", 3],
    ["accepted/two", undefined, "AC", 2],
  ]);
  await using folder = await writeFolder(
    packageFiles("name: N\n", { "submissions/accepted/x/helper.cc": "", "submissions/accepted/x/main.cc": "" }),
  );
  const { submissions } = await readPackage(folder.directory);
  assert.equal(submissions[0]?.files[0], "submissions/accepted/x/main.cc");
});

test("packages: submissions.yaml: globs, verdicts, scores, language", async () => {
  const files = {
    "submissions/accepted/a.py": "",
    "submissions/mine/slow.py": "",
    "submissions/mine/odd.txt.py": "",
    "submissions/time_limit_exceeded/b.py": "",
    "submissions/submissions.yaml": `
time_limit_exceeded:
  permitted: [AC, WA, TLE]
  required: [TLE, WA]
"mine/{slow,fast}.py":
  permitted: [AC, TLE]
  required: [TLE]
  use_for_time_limit: false
"mine/o*":
  required: [RTE]
  score: [10, 20.5]
  language: cpp
`,
  };
  await using folder = await writeFolder(packageFiles("name: N\n", files));
  const { submissions } = await readPackage(folder.directory);
  assert.deepEqual(
    submissions.map(({ path, expectation, language, boundsTimeLimit }) => [
      path,
      expectation?.verdicts.join(" "),
      expectation?.scoreMicros,
      language,
      boundsTimeLimit,
    ]),
    [
      ["accepted/a.py", "AC", undefined, "python3", true],
      ["mine/odd.txt.py", "RE MLE OLE", { min: 10_000_000, max: 20_500_000 }, "cpp", false],
      ["mine/slow.py", "TLE", undefined, "python3", false],
      ["time_limit_exceeded/b.py", "TLE WA", undefined, "python3", false],
    ],
  );
});

test("packages: submissions: submissions.json of DOMjudge: the entry point is the main file", async () => {
  const path = "submissions/accepted/two";
  const details = { [`${path}/`]: { entry_point: "start.py" }, other: 3, more: null, "submissions/accepted/x": {} };
  for (const [json, main] of [
    [JSON.stringify(details), "start.py"],
    ["[]", "main.py"],
    ["null", "main.py"],
    ["{", "main.py"],
  ] as const) {
    const files = { [`${path}/main.py`]: "", [`${path}/start.py`]: "", "submissions.json": json };
    await using folder = await writeFolder(packageFiles("name: N\n", files));
    const { submissions } = await readPackage(folder.directory);
    assert.equal(submissions[0]?.files[0], `${path}/${main}`);
  }
});

test("packages: submissions.yaml: what single tests must get: their rules, and the rule of all", async () => {
  const yaml =
    "accepted: { permitted: [AC] }\nmine: { permitted: [AC, WA, TLE], required: [TLE] }\nmine/a.py:\n  secret/*1: { permitted: [AC, RTE], message: x }\n  sample: { required: [AC], score: 5 }\n  '*': { odd: 3 }\n";
  const files = { "submissions/accepted/a.py": "", "submissions/mine/a.py": "", "submissions/submissions.yaml": yaml };
  await using folder = await writeFolder(packageFiles("name: N\n", files));
  const { submissions, warnings } = await readPackage(folder.directory);
  const [accepted, mine] = submissions.map(({ expectation }) => expectation);
  assert.deepEqual([accepted?.tests, accepted?.verdicts], [undefined, ["AC"]]);
  assert.deepEqual(mine?.verdicts, ["TLE"]);
  assert.deepEqual(mine.tests, [
    { pattern: undefined, permitted: ["AC", "WA", "TLE"], required: ["TLE"] },
    { pattern: "secret/*1", permitted: ["AC", "RE", "MLE", "OLE"], required: undefined },
    { pattern: "sample", permitted: undefined, required: ["AC"] },
  ]);
  assert.deepEqual(
    warnings.filter(({ file }) => file.endsWith("submissions.yaml")).map(({ line, message }) => [line, message]),
    [[6, 'unknown key "mine/a.py.*.odd"']],
  );
});

const RULES = [
  { pattern: undefined, permitted: ["AC", "WA"], required: ["WA"] },
  { pattern: "secret/*1", permitted: ["AC"], required: undefined },
  { pattern: "secret/b", permitted: undefined, required: ["WA"] },
] as const;
for (const [results, broken] of [
  [["AC", "AC", "AC", "WA"], undefined],
  [["WA", "AC", "WA", "WA"], undefined],
  [["TLE", "AC", "AC", "WA"], "TLE on sample/1 is not permitted"],
  [["AC", "WA", "AC", "WA"], "WA on secret/a1 is not permitted"],
  [["AC", "AC", "AC", "AC"], "no test got WA"],
  [["WA", "AC", "AC", "AC"], 'no test of "secret/b" got WA'],
  [["WA", "AC"], 'no test of "secret/b" got WA'],
] as const) {
  test(`packages: submissions.yaml: ${results.join(" ")}: ${broken ?? "as permitted and required"}`, () => {
    const ids = ["sample/1", "secret/a1", "secret/b/1", "secret/b/2"];
    const tests = results.map((verdict, index) => ({ id: ids[index] ?? "", verdict }));
    assert.equal(brokenTestRule(RULES, tests), broken);
  });
}

test("packages: submissions: what compilers, interpreters and editors leave behind is none", async () => {
  const found = await rows({
    "submissions/accepted/a.py": "",
    "submissions/accepted/a.py~": "",
    "submissions/accepted/A.class": "",
    "submissions/accepted/a.exe": "",
    "submissions/accepted/__pycache__/a.cpython-312.pyc": "",
    "submissions/accepted/notes/README.md": "",
  });
  assert.deepEqual(found, [["accepted/a.py", "python3", "AC", 1]]);
});
