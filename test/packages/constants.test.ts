/** Constants (2025-09.md "Constants"): what problem.yaml may say, and where the values go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { constantsInFile, constantsInText } from "../../src/model/constants.ts";
import { testsOf } from "../../src/model/problem.ts";
import { PackageError, readPackage } from "../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../support/folders.ts";

const MODERN = "problem_format_version: 2025-09\nname: N\nuuid: 1\n";

async function constantsOf(yaml: string): Promise<unknown> {
  await using folder = await writeFolder(packageFiles(`${MODERN}${yaml}`));
  return (await readPackage(folder.directory)).problem.constants;
}

test("packages: constants: values as they are written, variants by their plain value", async () => {
  const yaml = 'constants:\n  A: 5\n  B: 5.0\n  C: "x y"\n  D: 1e-6\n  E:\n    value: "10.0"\n    GERMAN: "10,0"\n';
  assert.deepEqual(await constantsOf(yaml), { A: "5", B: "5.0", C: "x y", D: "1e-6", E: "10.0" });
  assert.equal(await constantsOf("constants: {}\n"), undefined);
  assert.equal(await constantsOf(""), undefined);
});

for (const [id, yaml] of Object.entries({
  "a name with a dash": "constants: { a-b: 1 }\n",
  "a list": "constants: { A: [1] }\n",
  "no value": "constants: { A: }\n",
}))
  test(`packages: constants: ${id}: refused with its line`, async () => {
    await assert.rejects(
      constantsOf(yaml),
      (error: unknown) => error instanceof PackageError && /^problem.yaml:4/.test(error.message),
    );
  });

const TEXTS: readonly (readonly [text: string, replaced: string])[] = [
  ["a {{N}} b {{N}}{{M}}", "a 7 b 7$&"],
  [String.raw`\constant{N}, \constants{N}`, String.raw`7, \constants{N}`],
  ["{{X}} {{toString}} {{ N }} {N} {{N}", "{{X}} {{toString}} {{ N }} {N} {{N}"],
  ["vector<pair<int,int>> v{{{N}}};", "vector<pair<int,int>> v{7};"],
];
for (const [text, replaced] of TEXTS)
  test(`packages: constants: ${text}: names that are defined, and nothing else`, () => {
    const constants = { N: "7", M: "$&" };
    assert.equal(constantsInText(text, constants), replaced);
    const bytes = constantsInFile(Buffer.from(`\uFEFF${text}ü`), constants);
    assert.equal(Buffer.from(bytes).toString(), `\uFEFF${replaced}ü`);
  });

test("packages: constants: a file that is no text stays as it is", () => {
  const bytes = Uint8Array.from([0x7b, 0x7b, 0x4e, 0x7d, 0x7d, 0xff]);
  assert.deepEqual(constantsInFile(bytes, { N: "7" }), bytes);
});

test("packages: constants: settings of tests know them", async () => {
  const files = packageFiles(`${MODERN}constants: { EPS: 1e-6 }\n`, {
    "data/secret/test_group.yaml": 'output_validator_args: [float_tolerance, "{{EPS}}"]\n',
  });
  await using folder = await writeFolder(files);
  const { problem, warnings } = await readPackage(folder.directory);
  assert.deepEqual(testsOf(problem.root)[0]?.validatorArgs, ["float_tolerance", "1e-6"]);
  assert.deepEqual(
    warnings.filter(({ file }) => file === "problem.yaml"),
    [],
  );
});
