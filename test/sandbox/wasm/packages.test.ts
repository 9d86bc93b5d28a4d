/** What packages bring along for judging: files beside standard input, constants, validators with scripts. JavaScript: it needs no compiler. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createWasmSandbox } from "../../../sandbox/wasm/evaluator/index.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../../support/folders.ts";

const sandbox = await createWasmSandbox({ workers: 1 });
after(() => sandbox.close());

const MODERN = "problem_format_version: 2025-09\nname: N\nuuid: 1\nlimits: { time_limit: 1 }\n";

async function judge(files: Record<string, string>, source: string): Promise<JudgeResult> {
  await using folder = await writeFolder(files);
  const { problem } = await readPackage(folder.directory);
  return await sandbox.judge({
    language: "javascript",
    sources: [{ name: "main.js", bytes: Buffer.from(source) }],
    problem,
    packageDirectory: folder.directory,
    tests: "all",
  });
}

test("sandbox: files of a test: in the working directory, for this test only", async () => {
  const files = packageFiles(MODERN, {
    "data/secret/1.files/words.txt": "one\n",
    "data/secret/1.files/more/words.txt": "two\n",
    "data/secret/1.ans": "one two false\n",
    "data/secret/2.in": "",
    "data/secret/2.ans": "none none false\n",
  });
  const source = `const fs = require("fs");
    const read = (name) => { try { return fs.readFileSync(name, "utf8").trim(); } catch { return "none"; } };
    let written = true;
    try { fs.writeFileSync("words.txt", "x"); } catch { written = false; }
    console.log(read("words.txt"), read("more/words.txt"), written);`;
  const result = await judge(files, source);
  assert.deepEqual(
    result.tests.map(({ id, verdict }) => `${id} ${verdict}`),
    ["secret/1 AC", "secret/2 AC"],
    result.compileLog,
  );
});

test("sandbox: constants: in validators and included files, not in what contestants write", async () => {
  const files = packageFiles(`${MODERN}constants: { N: 7 }\n`, {
    "include/javascript/limits.js": "exports.n = {{N}};\n",
    "output_validator/v.js":
      'process.exit(require("fs").readFileSync(0, "utf8").trim() === "{{N}} " + "{".repeat(2) + "N}}" ? 42 : 43);\n',
  });
  const result = await judge(files, 'console.log(require("./limits.js").n, "{{N}}");');
  assert.equal(result.verdict, "AC", result.compileLog);
});

test("sandbox: a validator with build and run: compiled and called as they say", async () => {
  const files = packageFiles(MODERN, {
    "output_validator/run":
      '#!/bin/sh\nFEEDBACK="$3"\nshift 3\nexec python3 "$(dirname "$0")/v.py" "$FEEDBACK/log" last "$@"\n',
    "output_validator/v.py":
      "import sys\nopen(sys.argv[1], 'w').write('x')\nsys.exit(42 if sys.argv[2:] == ['last', 'a b'] and sys.stdin.read() == '1\\n' else 43)\n",
    "data/secret/test_group.yaml": "output_validator_args: [a b]\n",
  });
  assert.equal((await judge(files, "console.log(1)")).verdict, "AC");
  assert.equal((await judge(files, "console.log(2)")).verdict, "WA");
});
