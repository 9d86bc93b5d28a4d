import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { checkContest } from "../../../src/packages/check/index.ts";
import { testsOf } from "../../../src/model/problem.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { importPolygon, type ImportedProblem } from "../../../src/packages/polygon/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { BATCH, INTERACTIVE, SCORING } from "../../support/polygon.ts";
import { readTree, type Tree, writeTree } from "../../support/trees.ts";

async function imported(t: TestContext, tree: Tree): Promise<ImportedProblem> {
  const directory = await temporaryDirectory(t);
  return await importPolygon(await writeTree(path.join(directory, "polygon"), tree), directory);
}

test("polygon: a batch problem: a package without faults", async (t) => {
  const { directory, warnings, submissions } = await imported(t, BATCH);
  const read = await readPackage(directory);
  const { problem } = read;
  assert.deepEqual(
    [problem.id, problem.name, problem.type, problem.limits.timeMs, problem.limits.memoryMiB],
    ["divisor", "Divisor & Co", "pass-fail", 1500, 256],
  );
  assert.deepEqual(
    read.statements.map((each) => [each.language, each.name]),
    [["en", "Divisor & Co"]],
  );
  assert.equal(problem.validator.type, "custom");
  assert.deepEqual(
    read.submissions.map((each) => [each.path, each.expectation?.verdicts]),
    [
      ["accepted/one.cpp", ["AC"]],
      ["mixed/slow.py", ["TLE", "AC"]],
      ["wrong_answer/empty.py", ["WA"]],
      ["wrong_answer/two.py", ["WA"]],
    ],
  );
  assert.equal(submissions, 4);
  const tree = await readTree(directory);
  assert.deepEqual(
    Object.keys(tree)
      .filter((file) => file.startsWith("data/"))
      .sort(),
    [
      "data/sample/001.ans",
      "data/sample/001.in",
      "data/secret/002.ans",
      "data/secret/002.in",
      "data/secret/003.ans",
      "data/secret/003.in",
    ],
  );
  assert.equal(tree["data/sample/001.in"], "6\n");
  assert.equal(
    tree["statement/problem.en.tex"],
    "\\problemname{Divisor & Co}\n\nFind a divisor of $n$.\n\n\\section*{Input}\nAn integer $n$.\n\n\\section*{Output}\nAny divisor.\n",
  );
  assert.equal(tree["statement/picture.png"], "png");
  assert.equal(tree["input_validators/validator/main.cpp"]?.includes('#include "validator.h"'), true);
  assert.deepEqual(warnings, [
    "2 test files had Windows line ends; they are ordinary ones now",
    'the solution "solutions/old.pas" is left out: its language is not known here',
  ]);
  const { findings } = await checkContest(directory);
  assert.deepEqual(
    findings.filter((finding) => finding.severity === "error"),
    [],
  );
});

test("polygon: the same package twice: the same files", async (t) => {
  const [a, b] = [await imported(t, BATCH), await imported(t, BATCH)];
  assert.deepEqual(await readTree(a.directory), await readTree(b.directory));
});

test("polygon: groups with points: folders with scores, whoever is required comes first", async (t) => {
  const { directory } = await imported(t, SCORING);
  const { problem, scoreRangeMicros } = await readPackage(directory);
  assert.equal(problem.type, "scoring");
  const secret = problem.root.children.find((child) => child.type === "group" && child.group.id === "secret");
  assert.ok(secret?.type === "group");
  const groups = secret.group.children.map((child) => {
    assert.ok(child.type === "group" && child.group.scoring.type === "points");
    const { scoring, children, id } = child.group;
    return [id, scoring.aggregation, Number(scoring.maxScoreMicros) / 1e6, scoring.requirePass, children.length];
  });
  assert.deepEqual(groups, [
    ["secret/001-small", "sum", 20, [], 2],
    ["secret/002-big", "pass-fail", 60, ["secret/001-small", "sample"], 2],
    ["secret/003-odd", "sum", 5, [], 1],
    ["secret/004-odd", "sum", 15, [], 1],
  ]);
  assert.equal(scoreRangeMicros.max, 100_000_000);
});

function groupArgs(name: string): string {
  const args = `  - --group\n  - ${name}\n`;
  return `output_validator_args:\n${args}input_validator_args:\n${args}`;
}

test("polygon: programs that ask for the test's group: told by group, tests outside of their group's folder by themselves", async (t) => {
  const asking = {
    "files/check.cpp": "// checker . group()\n",
    "files/val.cpp": "// validator.group()\n",
  };
  const settings = async (tree: Tree): Promise<Tree> => {
    const files = Object.entries(await readTree((await imported(t, tree)).directory));
    return Object.fromEntries(files.filter(([file]) => /^data.*\.yaml$/.test(file)));
  };
  const validators =
    '<validators><validator><source path="files/val.cpp" type="cpp.g++17"/></validator></validators><solutions>';
  const xml = (SCORING["problem.xml"] as string).replace("<solutions>", validators);
  const scoring = await settings({ ...SCORING, ...asking, "problem.xml": xml });
  assert.deepEqual(Object.keys(scoring).sort(), [
    "data/sample/001.yaml",
    "data/secret/001-small/test_group.yaml",
    "data/secret/002-big/test_group.yaml",
    "data/secret/003-odd/test_group.yaml",
    "data/secret/004-odd/test_group.yaml",
    "data/secret/test_group.yaml",
  ]);
  assert.equal(scoring["data/sample/001.yaml"], groupArgs('"0"'));
  assert.ok(String(scoring["data/secret/001-small/test_group.yaml"]).endsWith(groupArgs("small")));
  const grouped = (BATCH["problem.xml"] as string).replace('cmd="gen 1"', 'cmd="gen 1" group="one"');
  const plain = await settings({ ...BATCH, ...asking, "problem.xml": grouped });
  assert.deepEqual(plain, { "data/secret/002.yaml": groupArgs("one") });
  assert.deepEqual(await settings({ ...BATCH, "problem.xml": grouped }), {});
});

test("polygon: an interactive problem: an interactor that asks the checker", async (t) => {
  const { directory } = await imported(t, INTERACTIVE);
  const { problem } = await readPackage(directory);
  assert.ok(problem.validator.type === "interactive");
  assert.deepEqual(
    problem.validator.program.files.map((file) => path.basename(file)),
    ["main.cpp", "checker.h", "interactor.h", "testlib.h"],
  );
});

test("polygon: the checker wcmp: the default validator, case-sensitive", async (t) => {
  const xml = (BATCH["problem.xml"] as string).replace("<checker ", '<checker name="std::wcmp.cpp" ');
  const { directory } = await imported(t, { ...BATCH, "problem.xml": xml });
  const { problem } = await readPackage(directory);
  assert.equal(problem.validator.type, "default");
  const tests = testsOf(problem.root).map(({ id, validatorArgs }) => [id, ...validatorArgs]);
  assert.deepEqual(
    tests,
    ["sample/001", "secret/002", "secret/003"].map((id) => [id, "case_sensitive"]),
  );
});

const BAD: readonly (readonly [string, (xml: string) => string, string, RegExp])[] = [
  ["no XML", () => "hello", "DIKAST_POLYGON_BAD_XML", /^problem.xml:1: not valid XML/],
  [
    "an entity bomb",
    (xml) => xml.replace("<problem ", '<!DOCTYPE p [<!ENTITY a "aaaa">]><problem '),
    "DIKAST_POLYGON_BAD_XML",
    /document types are not accepted/,
  ],
  ["nested without end", () => "<a>".repeat(100), "DIKAST_POLYGON_BAD_XML", /deeply nested/],
  ["another root", () => "<contest/>", "DIKAST_POLYGON_BAD_VALUE", /is no problem of Polygon/],
  [
    "a short name that leads out",
    (xml) => xml.replace('short-name="divisor"', 'short-name="../x"'),
    "DIKAST_POLYGON_BAD_VALUE",
    /cannot be a short name/,
  ],
  [
    "a pattern that leads out",
    (xml) => xml.replace("tests/%02d.a", "../../etc/%02d"),
    "DIKAST_POLYGON_NO_TESTS",
    /full package/,
  ],
  [
    "a checker that leads out",
    (xml) => xml.replace("files/check.cpp", "../../etc/passwd"),
    "DIKAST_POLYGON_FILE_MISSING",
    /not in the package/,
  ],
  [
    "tests that are not there",
    (xml) => xml.replace("<test-count>3", "<test-count>4"),
    "DIKAST_POLYGON_NO_TESTS",
    /test 4 is not in the package: get the full package/,
  ],
  [
    "a checker in Pascal",
    (xml) => xml.replace('path="files/check.cpp" type="cpp.g++17"', 'path="files/check.dpr" type="pas.dpr"'),
    "DIKAST_POLYGON_CHECKER_LANGUAGE",
    /only C\+\+/,
  ],
  [
    "a time limit that is no number",
    (xml) => xml.replace("<time-limit>1500", "<time-limit>fast"),
    "DIKAST_POLYGON_BAD_VALUE",
    /^problem.xml:\d+: "fast" is no number/,
  ],
  [
    "a problem that runs twice",
    (xml) => xml.replace('run-count="1"', 'run-count="2"'),
    "DIKAST_POLYGON_BAD_VALUE",
    /twice/,
  ],
];

test("polygon: bad packages: one sentence each with file and line, nothing left", async (t) => {
  const directory = await temporaryDirectory(t);
  for (const [name, change, code, words] of BAD) {
    const source = await writeTree(path.join(directory, "polygon"), {
      ...BATCH,
      "problem.xml": change(BATCH["problem.xml"] as string),
    });
    await assert.rejects(importPolygon(source, directory), (error: Error & { code: string }) => {
      assert.equal(error.code, code, `${name}: ${error.message}`);
      assert.match(error.message, words, name);
      return true;
    });
    assert.deepEqual(await readdir(directory), ["polygon"], name);
  }
  await writeFile(path.join(directory, "divisor"), "");
  await writeTree(path.join(directory, "polygon"), BATCH);
  await assert.rejects(importPolygon(path.join(directory, "polygon"), directory), {
    code: "DIKAST_POLYGON_TARGET_EXISTS",
    message: /divisor: this folder exists already; move it away, or import into another one/,
  });
});
