/** Multi-pass problems (2025-09.md "Multi-pass Validation"): the submission runs again on what the validator wrote. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSandbox } from "../../../sandbox/fake/index.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../../support/folders.ts";

const MODERN =
  "problem_format_version: 2025-09\nname: N\ntype: multi-pass\nlimits: { time_limit: 1, validation_passes: 3 }\n";
const LEGACY = "name: N\nvalidation: custom multi-pass\nlimits: { time_limit: 1, validation_passes: 3 }\n";
const SUM = "@FAKE@ sum\n@FAKE@ when 5 5: cost 1000";
/** The input is `1 2`; each pass sums what it reads: 3, then 10, then 100. */
const TWICE = "@FAKE@ when 3: feedback nextpass.in 5 5\n@FAKE@ exit 42";

async function judge(yaml: string, validator: string, source = SUM): Promise<JudgeResult> {
  const folder = yaml === MODERN ? "output_validator" : "output_validators";
  await using written = await writeFolder(
    packageFiles(yaml, { [`${folder}/check.py`]: validator, "data/secret/1.in": "1 2\n" }),
  );
  const { problem } = await readPackage(written.directory);
  return await new FakeSandbox().judge({
    language: "python3",
    sources: [{ name: "main.py", bytes: Buffer.from(source) }],
    problem,
    packageDirectory: written.directory,
    tests: "all",
  });
}

for (const [format, yaml] of Object.entries({ "2025-09": MODERN, legacy: LEGACY })) {
  test(`multi-pass, ${format}: a next input: the submission runs again, the dearest pass counts`, async () => {
    const once = await judge(yaml, "@FAKE@ exit 42");
    const twice = await judge(yaml, TWICE);
    assert.deepEqual([once.verdict, twice.verdict], ["AC", "AC"]);
    assert.equal((twice.tests[0]?.cost ?? 0) - (once.tests[0]?.cost ?? 0), 1_000);
  });
}

test("multi-pass: the second pass is rejected, or too slow: that is the verdict", async () => {
  assert.equal((await judge(MODERN, `@FAKE@ when 10: exit 43\n${TWICE}`)).verdict, "WA");
  assert.equal((await judge(MODERN, TWICE, `@FAKE@ when 5 5: loop\n${SUM}`)).verdict, "TLE");
});

test("multi-pass: rejected with a next input: there is no next pass", async () => {
  assert.equal((await judge(MODERN, "@FAKE@ feedback nextpass.in 5 5\n@FAKE@ exit 43")).verdict, "WA");
});

test("multi-pass: more passes than the problem allows: the judge's error", async () => {
  const result = await judge(MODERN, "@FAKE@ feedback nextpass.in 5 5\n@FAKE@ exit 42");
  assert.equal(result.verdict, "JE");
  assert.match(result.compileLog, /more than 3 passes/);
});

test("multi-pass: what the validator wrote stays, but the next input does not", async () => {
  // The fake keeps whatever it is given: a next input that stayed would never end.
  const result = await judge(MODERN, `@FAKE@ feedback judgemessage.txt seen\n${TWICE}`);
  assert.equal(result.verdict, "AC");
});

test("multi-pass: a problem that is none: a next input means nothing", async () => {
  const yaml = "name: N\nvalidation: custom\nlimits: { time_limit: 1 }\n";
  assert.equal((await judge(yaml, "@FAKE@ feedback nextpass.in 5 5\n@FAKE@ exit 42")).verdict, "AC");
});

test("multi-pass: no validator: the judge's error, and the reason", async () => {
  await using written = await writeFolder(packageFiles(MODERN));
  const { problem, warnings } = await readPackage(written.directory);
  assert.equal(problem.validator.type, "missing");
  assert.ok(warnings.some(({ message }) => message.includes("multi-pass but has no output validator")));
});
