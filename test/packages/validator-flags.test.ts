import assert from "node:assert/strict";
import { test } from "node:test";
import { testsOf } from "../../src/model/problem.ts";
import { readPackage } from "../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../support/folders.ts";

const FLAGS: readonly (readonly [yaml: string, args: readonly string[]])[] = [
  ["float_tolerance 1e-6  case_sensitive", ["float_tolerance", "1e-6", "case_sensitive"]],
  [`--message "two words" --more='a "b"'`, ["--message", "two words", `--more=a "b"`]],
  [String.raw`a\ b "c\"d" "" '\n'`, ["a b", `c"d`, "", String.raw`\n`]],
  [`an "open quote`, ["an", "open quote"]],
  ["", []],
];

for (const [flags, args] of FLAGS) {
  test(`packages: validator flags ${flags || "(none)"}: split as a shell does`, async () => {
    await using folder = await writeFolder(packageFiles(`name: N\nvalidator_flags: |-\n  ${flags}\n`));
    const { problem } = await readPackage(folder.directory);
    assert.deepEqual(testsOf(problem.root)[0]?.validatorArgs, args);
  });
}
