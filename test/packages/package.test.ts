import assert from "node:assert/strict";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { inputValidatorArgs } from "../../src/packages/check/index.ts";
import { formatWarning, PackageError, readPackage } from "../../src/packages/index.ts";
import { testsOf } from "../../src/model/problem.ts";
import { packageFiles, writeFolder } from "../support/folders.ts";
import { realPackages } from "../support/real-packages.ts";

const MODERN = "problem_format_version: 2025-09\nname: N\nuuid: 1\n";

async function read(files: Record<string, string>, name = "problem"): Promise<Awaited<ReturnType<typeof readPackage>>> {
  await using folder = await writeFolder(files, name);
  return await readPackage(folder.directory);
}

async function refused(files: Record<string, string>): Promise<PackageError> {
  try {
    await read(files);
  } catch (error) {
    assert.ok(error instanceof PackageError, String(error));
    return error;
  }
  assert.fail("the package was read");
}

test("packages: legacy with nothing said: the format's defaults", async () => {
  const { problem, format, timeMultipliers, timeLimitSource, license } = await read(
    packageFiles("name: Hello\n"),
    "hello",
  );
  assert.equal(format, "legacy");
  assert.equal(problem.id, "hello");
  assert.equal(problem.name, "Hello");
  assert.equal(problem.type, "pass-fail");
  assert.deepEqual(problem.validator, { type: "default" });
  assert.deepEqual(problem.limits, {
    timeMs: 5000,
    memoryMiB: 2048,
    outputMiB: 8,
    codeKiB: 128,
    compilationTimeMs: 60_000,
    compilationMemoryMiB: 2048,
    validationTimeMs: 60_000,
    validationMemoryMiB: 2048,
    validationOutputMiB: 8,
  });
  assert.equal(timeLimitSource, "default");
  assert.deepEqual(timeMultipliers, { acToTimeLimit: 5, timeLimitToTle: 2, resolutionMs: 1000 });
  assert.equal(license, "unknown");
});

test("packages: legacy with everything said: read", async () => {
  const yaml = `
name: All of It
author: Ada Lovelace <ada@example.org>, Alan Turing and Grace Hopper
source: Some Contest 2018
source_url: https://example.org
license: cc by-sa
rights_owner: Someone
keywords: graph  dp
validator_flags: float_tolerance 1e-4 case_sensitive
limits: { memory: 64, output: 1, code: 10, compilation_time: 5, time_multiplier: 3, time_safety_margin: 4 }
`;
  const found = await read(packageFiles(yaml, { ".timelimit": "1.5\n" }));
  assert.equal(found.problem.limits.timeMs, 1500);
  assert.equal(found.problem.limits.memoryMiB, 64);
  assert.equal(found.problem.limits.compilationTimeMs, 5000);
  assert.deepEqual(found.authors, [
    { name: "Ada Lovelace", email: "ada@example.org" },
    { name: "Alan Turing" },
    { name: "Grace Hopper" },
  ]);
  assert.deepEqual(found.source, [{ name: "Some Contest 2018", url: "https://example.org" }]);
  assert.deepEqual(found.keywords, ["graph", "dp"]);
  assert.deepEqual(found.timeMultipliers, { acToTimeLimit: 3, timeLimitToTle: 4, resolutionMs: 1000 });
  assert.deepEqual(testsOf(found.problem.root)[0]?.validatorArgs, ["float_tolerance", "1e-4", "case_sensitive"]);
  assert.deepEqual(found.warnings, []);
});

test("packages: 2025-09: names, credits, limits and validator arguments of groups and tests", async () => {
  const found = await read({
    "problem.yaml": `
problem_format_version: 2025-09
uuid: 5ca6ba5b-36d5-4eff-8aa7-d967cbc4375e
type: [pass-fail]
name: { en: Hello, sv: Hej }
credits: { authors: [A <a@example.org>, { name: B }] }
source: [{ name: One, url: "https://one.example" }, Two]
languages: [cpp, python3]
limits: { time_limit: 0.7, time_resolution: 0.1, time_multipliers: { ac_to_time_limit: 3 } }
`,
    "statement/problem.en.md": "text\n",
    "statement/problem.sv.tex": "\\problemname{Hej $x$}\n",
    "data/sample/1.in": "",
    "data/sample/1.ans": "",
    "data/secret/test_group.yaml": "output_validator_args: [case_sensitive]\n",
    "data/secret/a.in": "",
    "data/secret/a.ans": "",
    "data/secret/b.in": "",
    "data/secret/b.ans": "",
    "data/secret/b.yaml": 'output_validator_args: []\nargs: ["-v", "2"]\n',
    "output_validator/main.py": "",
  });
  assert.equal(found.problem.name, "Hello");
  assert.deepEqual(
    found.statements.map(({ language, type, name }) => [language, type, name]),
    [
      ["en", "md", "Hello"],
      ["sv", "tex", "Hej"],
    ],
  );
  assert.equal(found.problem.limits.timeMs, 700);
  assert.deepEqual(found.timeMultipliers, { acToTimeLimit: 3, timeLimitToTle: 1.5, resolutionMs: 100 });
  assert.deepEqual(found.languages, ["cpp", "python3"]);
  assert.deepEqual(found.authors, [{ name: "A", email: "a@example.org" }, { name: "B" }]);
  assert.deepEqual(found.source, [{ name: "One", url: "https://one.example" }, { name: "Two" }]);
  assert.deepEqual(
    testsOf(found.problem.root).map(({ id, validatorArgs, args }) => [id, validatorArgs, args]),
    [
      ["sample/1", [], undefined],
      ["secret/a", ["case_sensitive"], undefined],
      ["secret/b", [], ["-v", "2"]],
    ],
  );
  assert.deepEqual(found.problem.validator, {
    type: "custom",
    program: { language: "python3", files: ["output_validator/main.py"] },
  });
  assert.deepEqual(found.warnings, []);
});

const INPUT_ARGS: readonly (readonly [format: string, files: Readonly<Record<string, string>>, last: unknown])[] = [
  [
    "legacy",
    { "data/secret/g/testdata.yaml": 'input_validator_flags: --max "1 0"\n' },
    [{ validator: undefined, args: ["--max", "1 0"] }],
  ],
  [
    "2025-09",
    {
      "data/secret/test_group.yaml": "input_validator_args: [a]\n",
      "data/secret/g/test_group.yaml": "input_validator_args: { first: [--max, '10'], second.py: }\n",
    },
    [
      { validator: "first", args: ["--max", "10"] },
      { validator: "second.py", args: [] },
    ],
  ],
  ["2025-09", { "data/secret/test_group.yaml": "input_validator_args: []\n" }, undefined],
];

test("packages: arguments of input validators: from the test's group, for all or by name", async () => {
  for (const [format, files, expected] of INPUT_ARGS) {
    const found = await read({
      "problem.yaml": `problem_format_version: ${format}\nname: N\n`,
      "problem_statement/problem.en.md": "text\n",
      "data/secret/g/1.in": "",
      "data/secret/g/1.ans": "",
      ...files,
    });
    const [test] = testsOf(found.problem.root);
    assert.deepEqual(test?.inputValidatorArgs, expected);
    assert.ok(test !== undefined);
    const argsOf = (file: string) => inputValidatorArgs(test, { path: `input_validators/${file}` });
    const all = format === "legacy" ? ["--max", "1 0"] : [];
    const first = expected === undefined ? [] : format === "legacy" ? all : ["--max", "10"];
    assert.deepEqual([argsOf("first.cpp"), argsOf("first"), argsOf("second.py")], [first, first, all]);
  }
});

test("packages: an early draft: legacy's names beside the new ones", async () => {
  const found = await read({
    "problem.yaml": `
problem_format_version: 2023-07-draft
name: { en: Draft }
author: A and B
validation: custom interactive
validator_flags: --fast
`,
    "problem_statement/problem.en.tex": "",
    "data/secret/1.in": "",
    "data/secret/1.ans": "",
    "data/secret/g/1.in": "",
    "data/secret/g/1.ans": "",
    "data/secret/g/test_group.yaml": "output_validator_flags: -x 1\n",
    "output_validators/inter/inter.cpp": "",
  });
  assert.deepEqual(
    found.authors.map((author) => author.name),
    ["A", "B"],
  );
  assert.equal(found.problem.validator.type, "interactive");
  assert.deepEqual(
    testsOf(found.problem.root).map(({ validatorArgs }) => validatorArgs),
    [["--fast"], ["-x", "1"]],
  );
});

test("packages: order of tests: by base name, groups among them", async () => {
  const tests = ["10", "2", "1-b", "1", "B", "a", "group/1"];
  const files = Object.fromEntries(
    tests.flatMap((name) => [
      [`data/secret/${name}.in`, ""],
      [`data/secret/${name}.ans`, ""],
    ]),
  );
  const { problem } = await read({ "problem.yaml": "name: N\n", ...files });
  assert.deepEqual(
    testsOf(problem.root).map((each) => each.id),
    ["1", "1-b", "10", "2", "B", "a", "group/1"].map((name) => `secret/${name}`),
  );
});

const BAD_VALUES: readonly { id: string; yaml: string; line: number; says: RegExp }[] = [
  {
    id: "memory is text",
    yaml: "name: N\nlimits:\n  memory: lots\n",
    line: 3,
    says: /"limits.memory" must be a number, not "lots"/,
  },
  { id: "memory is 0", yaml: "limits: { memory: 0 }\n", line: 1, says: /"limits.memory" must be greater than 0/ },
  {
    id: "type",
    yaml: "name: N\ntype: hard\n",
    line: 2,
    says: /"type" must be one of "pass-fail", "scoring", not "hard"/,
  },
  { id: "validation", yaml: "validation: special\n", line: 1, says: /"validation" must be "default" or "custom/ },
  { id: "version", yaml: "problem_format_version: 1999\n", line: 1, says: /one of "legacy"/ },
  { id: "limits is a list", yaml: "limits: [1]\n", line: 1, says: /"limits" must be a map, not a list/ },
  { id: "not YAML", yaml: "name: N\nlimits: {memory: 1\n", line: 3, says: /not valid YAML/ },
  { id: "twice", yaml: "name: N\nname: M\n", line: 2, says: /not valid YAML: Map keys must be unique/ },
  { id: "a list", yaml: "- name\n", line: 1, says: /must hold "key: value" lines/ },
  { id: "alias", yaml: "name: &a N\nsource: *a\n", line: 2, says: /aliases are not accepted/ },
  { id: "both types", yaml: `${MODERN}type: [pass-fail, scoring]\n`, line: 4, says: /exclude each other/ },
];

for (const { id, yaml, line, says } of BAD_VALUES) {
  test(`packages: bad value, ${id}: refused with file and line`, async () => {
    const error = await refused(packageFiles(yaml));
    assert.equal(error.code, "DIKAST_PACKAGE_BAD_VALUE");
    assert.deepEqual(error.position, { file: "problem.yaml", line });
    assert.match(error.message, says);
    assert.ok(error.message.startsWith(`problem.yaml:${line}: `), error.message);
  });
}

test("packages: YAML nested ten thousand deep: refused", async () => {
  const error = await refused(packageFiles(`name: ${"[".repeat(100_000)}`));
  assert.equal(error.code, "DIKAST_PACKAGE_BAD_VALUE");
});

test("packages: a misspelt key: a warning that suggests the right one", async () => {
  const { warnings } = await read(packageFiles("name: N\nlimits:\n  memmory: 5\nlicence: cc0\n"));
  assert.deepEqual(warnings.map(formatWarning), [
    'problem.yaml:4: unknown key "licence"; did you mean "license"?',
    'problem.yaml:3: unknown key "limits.memmory"; did you mean "memory"?',
  ]);
});

test("packages: no problem.yaml, no folder, no tests, no answer: each its own code", async () => {
  assert.equal((await refused({ "data/secret/1.in": "" })).code, "DIKAST_PACKAGE_NO_PROBLEM_YAML");
  assert.equal((await refused({ "problem.yaml": "name: N\n" })).code, "DIKAST_PACKAGE_NO_TESTS");
  await assert.rejects(readPackage("/nowhere/at/all"), { code: "DIKAST_PACKAGE_MISSING" });
  const error = await refused({ "problem.yaml": "name: N\n", "data/secret/1.in": "" });
  assert.match(error.message, /^data\/secret\/1\.in: the test has no answer file/);
});

test("packages: a link out of the package: refused; one inside: followed", async () => {
  await using folder = await writeFolder(packageFiles("name: N\n"));
  await symlink("1.in", join(folder.directory, "data/secret/2.in"));
  await symlink("1.ans", join(folder.directory, "data/secret/2.ans"));
  assert.equal(testsOf((await readPackage(folder.directory)).problem.root).length, 2);
  await symlink("/etc/passwd", join(folder.directory, "data/secret/3.in"));
  await assert.rejects(readPackage(folder.directory), { code: "DIKAST_PACKAGE_LINK_ESCAPES" });
});

test("packages: a link that became a plain file: the file it names is used", async () => {
  const { problem } = await read(
    packageFiles("name: N\n", {
      "data/secret/sub/2.in": "../1.in",
      "data/secret/sub/2.ans": "../1.ans",
      "data/secret/3.in": "3.ans",
      "data/secret/3.ans": "",
    }),
  );
  assert.deepEqual(
    testsOf(problem.root).map(({ id, inputFile }) => [id, inputFile]),
    [
      ["secret/1", "data/secret/1.in"],
      ["secret/3", "data/secret/3.in"],
      ["secret/sub/2", "data/secret/1.in"],
    ],
  );
});

test("packages: custom validation without a validator: the default one, with a warning", async () => {
  const { problem, warnings } = await read(packageFiles("name: N\nvalidation: custom\n"));
  assert.deepEqual(problem.validator, { type: "default" });
  assert.match(formatWarning(warnings[0] ?? assert.fail()), /the default validator is used/);
});

test("packages: an interactive problem without an interactor: read, but cannot be judged", async () => {
  const { problem } = await read(packageFiles("validation: custom interactive\n"));
  assert.equal(problem.validator.type, "missing");
});

test("packages: a legacy validator in a folder: all its files, the source first", async () => {
  const { problem } = await read(
    packageFiles("validation: custom interactive\n", {
      "output_validators/check/validate.h": "",
      "output_validators/check/zz.cc": "",
      "output_validators/check/build": "",
    }),
  );
  assert.deepEqual(problem.validator, {
    type: "interactive",
    program: { language: "cpp", files: ["output_validators/check/zz.cc", "output_validators/check/validate.h"] },
  });
});

test("packages: the real packages: all read, nothing but known warnings", {
  skip: realPackages === undefined,
}, async () => {
  const expected: Record<string, { timeMs: number; tests: number; warnings: number }> = {
    different: { timeMs: 5000, tests: 3, warnings: 1 },
    drivinglanes: { timeMs: 2000, tests: 36, warnings: 0 },
    forestforthetrees: { timeMs: 1000, tests: 76, warnings: 0 },
    guess: { timeMs: 5000, tests: 10, warnings: 1 },
    hello: { timeMs: 5000, tests: 1, warnings: 0 },
    oddecho: { timeMs: 5000, tests: 18, warnings: 6 },
    qaly: { timeMs: 1000, tests: 11, warnings: 0 },
    smallschedule: { timeMs: 1000, tests: 52, warnings: 0 },
  };
  for (const [name, wanted] of Object.entries(expected)) {
    const { problem, warnings } = await readPackage(join(realPackages ?? "", name));
    const found = { timeMs: problem.limits.timeMs, tests: testsOf(problem.root).length, warnings: warnings.length };
    assert.deepEqual({ name, ...found }, { name, ...wanted });
  }
});

test("packages: any problem.yaml: read, or refused with a PackageError", async () => {
  const key = fc.constantFrom(
    "name",
    "type",
    "limits",
    "validation",
    "validator_flags",
    "author",
    "problem_format_version",
    "license",
    "grading",
    "credits",
    "source",
    "languages",
    "keywords",
  );
  const value = fc.oneof(
    fc.constantFrom(
      "",
      "~",
      "[]",
      "{}",
      "pass-fail",
      "scoring",
      "[scoring, interactive]",
      "2025-09",
      "legacy",
      "{ memory: 5 }",
      "{ time_limit: .inf }",
      "{ time_multipliers: 3 }",
      "-1",
      "1e400",
      "&a b",
      "*a",
      "{ authors: [{}] }",
      "'",
      "[[[",
      "2023-07-draft",
    ),
    fc.json({ maxDepth: 2 }),
    fc.string(),
  );
  const yaml = fc
    .array(fc.tuple(key, value), { maxLength: 6 })
    .map((pairs) => pairs.map(([name, text]) => `${name}: ${text}\n`).join(""));
  await using folder = await writeFolder(packageFiles(""));
  await fc.assert(
    fc.asyncProperty(yaml, async (text) => {
      await writeFile(join(folder.directory, "problem.yaml"), text);
      await readPackage(folder.directory).catch((error: unknown) =>
        assert.ok(error instanceof PackageError, String(error)),
      );
    }),
    { numRuns: 400 },
  );
});

test("packages: keys of a skeleton that were left empty: as if they were not there", async () => {
  const yaml = `problem_format_version: 2025-09\nuuid: 1\nname:\n  en: N\n  sv:\nsource:\n  name:\n  url:\nrights_owner:\ncredits:\n  authors:\n    -\n    - Ada\n`;
  const { source, authors, rightsOwner } = await read(packageFiles(yaml));
  assert.deepEqual([source, authors, rightsOwner], [[], [{ name: "Ada" }], undefined]);
});

test("packages: a statement beside problem.yaml, as DOMjudge keeps it: found", async () => {
  const files = {
    "problem.yaml": "name: N\n",
    "problem.pdf": "%PDF-1.4\n",
    "data/secret/1.in": "",
    "data/secret/1.ans": "",
  };
  const { statements, warnings } = await read(files);
  assert.deepEqual(statements, [{ language: "en", file: "problem.pdf", type: "pdf", name: "N" }]);
  assert.deepEqual(warnings, []);
});

test("packages: files of a test: named with their paths", async () => {
  const { problem } = await read(
    packageFiles(MODERN, { "data/secret/1.files/b.txt": "", "data/secret/1.files/a/c.txt": "" }),
  );
  assert.deepEqual(testsOf(problem.root)[0]?.extraFiles, ["data/secret/1.files/a/c.txt", "data/secret/1.files/b.txt"]);
});

test("packages: problem.yaml: names of one family with values of the other: read all the same", async () => {
  const mixed =
    "name: N\nauthor: [Ann One, { name: Bob, email: b@x.org }]\nsource: { name: Cup, url: https://x.org }\nkeywords: [a, b]\n";
  const found = await read(packageFiles(mixed, {}));
  assert.deepEqual(found.authors, [{ name: "Ann One" }, { name: "Bob", email: "b@x.org" }]);
  assert.deepEqual(found.source, [{ name: "Cup", url: "https://x.org" }]);
  const draft =
    "problem_format_version: 2023-07\nname: N\nlimits: { time_multiplier: { ac_to_time_limit: 3, time_limit_to_tle: 1.4 }, time_resolution: .5 }\n";
  const { timeMultipliers, warnings } = await read(packageFiles(draft, {}));
  assert.deepEqual(timeMultipliers, { acToTimeLimit: 3, timeLimitToTle: 1.4, resolutionMs: 500 });
  assert.ok(!warnings.some(({ message }) => message.includes("unknown key")));
  const other = await read(packageFiles(draft.replace(/\{ ac.*?\}/, "7").replace("2023-07", "2025-09"), {}));
  assert.equal(other.timeMultipliers.acToTimeLimit, 2);
  assert.ok(other.warnings.some(({ message }) => message.includes('unknown key "limits.time_multiplier"')));
});

test("packages: domjudge-problem.ini: the name and the limit, where nothing else says them", async () => {
  const ini = "short-name = h\r\nname = Hello #1\r\ntimelimit='1.5'\ncolor = #F6A32D\n";
  const { problem } = await read(
    packageFiles("license: cc by\n", { "domjudge-problem.ini": ini, "problem_statement/problem.en.tex": "Text\n" }),
  );
  assert.deepEqual([problem.name, problem.limits.timeMs], ["Hello #1", 1500]);
  const named = await read(packageFiles("name: Other\n", { "domjudge-problem.ini": 'name="x"\ntimelimit=\n' }));
  assert.deepEqual([named.problem.name, named.timeLimitSource], ["Other", "default"]);
});
