import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { nobleSigner } from "../../../src/model/index.ts";
import { checkContest, formatFinding } from "../../../src/packages/check/index.ts";
import { readContest } from "../../../src/packages/index.ts";
import { contestYaml, createContest } from "../../../src/packages/template/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { secretKeyFor } from "../../support/keys.ts";
import { type Tree, writeTree } from "../../support/trees.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

async function newContest(t: TestContext): Promise<string> {
  const directory = path.join(await temporaryDirectory(t), "contest");
  await createContest(directory);
  return directory;
}

async function linesOf(directory: string): Promise<string[]> {
  const { findings } = await checkContest(directory, {
    acceptsValidatorArgs: (args) => !args.includes("bad"),
    embeddedLanguages: ["c", "cpp", "python3"],
    nowMs: Date.parse("2026-11-21T12:00:00Z"),
  });
  return findings.map(formatFinding);
}

test("check: a new contest: nothing to complain about", async (t) => {
  const directory = await newContest(t);
  assert.deepEqual(await linesOf(directory), []);
  const contest = await readContest(directory);
  assert.deepEqual(
    [contest.id, contest.problems[0]?.label, contest.problems[0]?.package.submissions.length],
    ["contest", "A", 5],
  );
  assert.deepEqual(contest.warnings, []);
});

test("check: the template's comments: every one of them is a setting that can be read", async (t) => {
  const directory = await newContest(t);
  const keys = [...contestYaml("x").matchAll(/^ *# ([a-z_]+): (.+)$/gm)];
  assert.ok(keys.length >= 9, `${keys.length}`);
  for (const [line] of keys) {
    const text = contestYaml("x").replace(line, line.replace("# ", ""));
    // The list needs its policy, and real ids in place of the template's shortened ones.
    const fitting = line.includes("allow_list")
      ? text
          .replace("registration: token", "registration: allow-list")
          .replaceAll(/\[16Uiu2.*\]/g, `[${nobleSigner(secretKeyFor("a")).id}]`)
      : text;
    await writeFile(path.join(directory, "contest.yaml"), fitting);
    const { findings } = await checkContest(directory);
    assert.deepEqual(findings.map(formatFinding), [], line);
  }
});

test("check: a folder that is not empty: left alone", async (t) => {
  const directory = await newContest(t);
  await assert.rejects(createContest(directory), { code: "DIKAST_CONTEST_NOT_EMPTY" });
});

test("check: the demo contest: no errors", async () => {
  const { findings } = await checkContest(path.join(ROOT, "examples/demo"));
  assert.deepEqual(findings.filter((finding) => finding.severity === "error").map(formatFinding), []);
});

const YAML = "sum/problem.yaml";
/** What is done to a good contest: files to write (undefined = remove); and the finding that it must give. */
const FAULTS: readonly (readonly [string, Readonly<Record<string, string | undefined>>, RegExp])[] = [
  [
    "no statement",
    { "sum/statement/problem.en.md": undefined },
    /^sum\/statement: error: .*no statement.*\[statement-missing\]$/,
  ],
  ["an empty statement", { "sum/statement/problem.en.md": "TODO\n" }, /problem.en.md: warning: .*\[statement-empty\]/],
  [
    "an image that is not there",
    { "sum/statement/problem.en.md": "A long enough statement about loaves of bread.\n\n![x](loaf.png)\n" },
    /problem.en.md:3: warning: names the image "loaf.png"/,
  ],
  [
    "an answer is missing",
    { "sum/data/secret/02-small.ans": undefined },
    /02-small.in: error: the test has no answer file/,
  ],
  [
    "an input is missing",
    { "sum/data/secret/02-small.in": undefined },
    /02-small.ans: warning: an answer without an input/,
  ],
  ["an empty input", { "sum/data/secret/02-small.in": "" }, /02-small.in: warning: the input is empty \[input-empty\]/],
  ["an empty answer", { "sum/data/secret/02-small.ans": "" }, /02-small.ans: warning: .*\[answer-empty\]/],
  ["Windows line ends", { "sum/data/secret/02-small.in": "1\n1\r\n" }, /02-small.in:2: warning: .*\[line-ends\]/],
  [
    "a byte order mark",
    { "sum/data/secret/02-small.in": "\uFEFF1\n1\n" },
    /02-small.in:1: error: .*\[byte-order-mark\]/,
  ],
  ["a NUL byte", { "sum/data/secret/02-small.in": "1\n\0\n" }, /02-small.in:2: warning: .*\[nul-byte\]/],
  ["a last line that does not end", { "sum/data/secret/02-small.in": "1\n1" }, /02-small.in: warning: .*\[last-line\]/],
  [
    "one test twice",
    { "sum/data/secret/02-small.in": "1\n1000000000\n" },
    /02-small.in: warning: has the same input as "secret\/01-one"/,
  ],
  ["a stray file among the tests", { "sum/data/secret/03.i": "1\n" }, /03.i: warning: .*\[stray-file\]/],
  [
    "a folder whose name is mistyped",
    { "sum/submisions/a.py": "x" },
    /sum\/submisions: warning: .*did you mean "submissions"/,
  ],
  ["tests in a folder that is not judged", { "sum/data/hidden/1.in": "x" }, /data\/hidden: warning: .*not judged/],
  ["a name that not every system has", { "sum/attachments/a:b.txt": "x" }, /a:b.txt: error: cannot be distributed/],
  [
    "an unknown license",
    { [YAML]: "license: mine\n" },
    /problem.yaml:\d+: error: "mine" is no license.*\[license-unknown\]/,
  ],
  ["no license", { [YAML]: "license: unknown\n" }, /problem.yaml:\d+: warning: .*\[license-missing\]/],
  ["a malformed uuid", { [YAML]: "uuid: 123\n" }, /problem.yaml:\d+: error: "123" is no UUID/],
  [
    "an unknown key",
    { [YAML]: "licence: cc0\n" },
    /problem.yaml:\d+: warning: unknown key "licence"; did you mean "license"/,
  ],
  ["a bad value", { [YAML]: "type: fun\n" }, /problem.yaml:\d+: error: "type" must be one of/],
  [
    "a very long time limit",
    { [YAML]: "limits: { time_limit: 90 }\n" },
    /problem.yaml:\d+: warning: .*\[time-limit-long\]/,
  ],
  [
    "no time limit",
    { [YAML]: "limits: { memory: 64 }\n" },
    /problem.yaml:\d+: warning: no time limit is stated.*\[time-limit-missing\]/,
  ],
  ["more memory than there is", { [YAML]: "limits: { time_limit: 1, memory: 8192 }\n" }, /\[memory-limit-large\]/],
  [
    "a code limit below the solution",
    { [YAML]: "limits: { time_limit: 1, code: 1 }\n", "sum/submissions/accepted/sum.py": `${"#".repeat(2000)}\n` },
    /accepted\/sum.py: error: .*\[code-limit-small\]/,
  ],
  [
    "arguments that the validator does not take",
    { "sum/data/secret/test_group.yaml": "output_validator_args: [bad]\n" },
    /\[validator-args\]/,
  ],
  [
    "a validator in a language that needs Docker",
    { "sum/output_validator/v.java": "class v {}\n" },
    /v.java: warning: .*needs the Docker sandbox/,
  ],
  [
    "interactive without an interactor",
    { [YAML]: "type: [pass-fail, interactive]\n" },
    /error: the problem is interactive but has no output validator/,
  ],
  ["no input validator", { "sum/input_validators/validate.py": undefined }, /\[input-validator-missing\]/],
  [
    "no accepted submission",
    { "sum/submissions/accepted/sum.py": undefined, "sum/submissions/accepted/sum.cpp": undefined },
    /sum\/submissions\/accepted: error: .*\[accepted-missing\]/,
  ],
  ["no wrong submission", { "sum/submissions/wrong_answer/overflow.cpp": undefined }, /\[wrong-answer-missing\]/],
  ["no slow submission", { "sum/submissions/time_limit_exceeded/cent-by-cent.py": undefined }, /\[too-slow-missing\]/],
  [
    "a submission in an unknown language",
    { "sum/submissions/accepted/sum.xyz": "x\n" },
    /sum.xyz: warning: .*\[submission-language\]/,
  ],
  ["a package that is not named", { "more/problem.yaml": "name: More\n" }, /^more: warning: .*\[package-unused\]$/],
  [
    "a problem that is not there",
    { "contest.yaml": "problems: [sum, more]\n" },
    /^contest.yaml:1: error: there is no problem package "more"/,
  ],
  [
    "an unknown key in contest.yaml",
    { "contest.yaml": "name: x\ndurration: 1h\nproblems: [sum]\n" },
    /^contest.yaml:2: error: unknown key "durration"; did you mean "duration"/,
  ],
  [
    "a contest in the past",
    { "contest.yaml": "start_time: 2020-01-01T10:00:00Z\nproblems: [sum]\n" },
    /^contest.yaml:1: warning: .*\[start-past\]/,
  ],
  [
    "an even cluster",
    { "contest.yaml": "cluster_size: 4\nproblems: [sum]\n" },
    /^contest.yaml:1: warning: .*\[cluster-even\]/,
  ],
  [
    "more asked than there are",
    { "contest.yaml": "cluster_size: 3\nredundancy: 5\nproblems: [sum]\n" },
    /^contest.yaml:2: error: .*\[redundancy-large\]/,
  ],
  [
    "a language that no solution is in",
    { "contest.yaml": "languages: [javascript]\nproblems: [sum]\n" },
    /\[language-unsolved\]/,
  ],
  ["YAML that is none", { "contest.yaml": "a: [\n" }, /^contest.yaml:\d+: error: not valid YAML/],
  ["points under ICPC rules", { [YAML]: "type: scoring\n" }, /^contest.yaml:\d+: warning: points do not count/],
];

test("check: one fault at a time: its finding names file, line and rule", async (t) => {
  for (const [name, changes, expected] of FAULTS) {
    const directory = await newContest(t);
    for (const [file, text] of Object.entries(changes)) {
      if (text === undefined) await rm(path.join(directory, file));
      else if (file === YAML) await writeTree(directory, { [file]: withKey(text) });
      else await writeTree(directory, { [file]: text });
    }
    const lines = await linesOf(directory);
    assert.ok(
      lines.some((line) => expected.test(line)),
      `${name}: ${expected} not in\n${lines.join("\n")}`,
    );
  }
});

/** A good problem.yaml with one key of its own. */
function withKey(line: string): string {
  const base = [
    "problem_format_version: 2025-09",
    "uuid: 6f1c9c2e-3b1d-4c59-9b3c-0a6e0f7f6a11",
    "name: Sum",
    "license: cc0",
    "rights_owner: me",
    "type: pass-fail",
    "limits: { time_limit: 1 }",
  ];
  return `${[...base.filter((each) => each.split(":")[0] !== line.split(":")[0]), line.trim()].join("\n")}\n`;
}

test("check: one unreadable package: the others are checked all the same", async (t) => {
  const directory = await newContest(t);
  const tree: Tree = {
    "contest.yaml": "problems: [bad, sum]\n",
    "bad/problem.yaml": "type: fun\n",
    "sum/statement/problem.en.md": "x",
  };
  await writeTree(directory, tree);
  const lines = await linesOf(directory);
  assert.equal(lines.filter((line) => line.includes("must be one of")).length, 1, lines.join("\n"));
  assert.ok(lines.some((line) => line.startsWith("bad/problem.yaml:1: error")));
  assert.ok(lines.some((line) => line.startsWith("sum/statement/")));
});

test("check: a fault in a thousand files: told a few times, then counted", async (t) => {
  const directory = await newContest(t);
  const tests = Array.from({ length: 40 }, (_, at) => [
    [`sum/data/secret/x${at}.in`, `1\n${at + 1}`],
    [`sum/data/secret/x${at}.ans`, `${at + 1}\n`],
  ]);
  await writeTree(directory, Object.fromEntries(tests.flat()) as Tree);
  const lines = (await linesOf(directory)).filter((line) => line.endsWith("[last-line]"));
  assert.equal(lines.length, 6);
  assert.ok(lines.some((line) => line.includes("… and 35 more of the same")));
});

test("check: no such folder: one finding", async () => {
  assert.deepEqual(await linesOf("/nowhere/at/all"), ["/nowhere/at/all: error: there is no such folder [missing]"]);
});
