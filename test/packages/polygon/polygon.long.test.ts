import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, test, type TestContext } from "node:test";
import type { Sandbox } from "../../../sandbox/index.ts";
import { createWasmSandbox } from "../../../sandbox/wasm/evaluator/index.ts";
import { type Language, languageOfFile, type Verdict } from "../../../src/model/index.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { importPolygon } from "../../../src/packages/polygon/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { BATCH, INTERACTIVE, SCORING } from "../../support/polygon.ts";
import { type Tree, writeTree } from "../../support/trees.ts";

let opened: Promise<Sandbox> | undefined;
const sandbox = async (): Promise<Sandbox> => await (opened ??= createWasmSandbox());
after(async () => await (await opened)?.close());

async function verdicts(t: TestContext, tree: Tree): Promise<Record<string, [Verdict, number, string]>> {
  const parent = await temporaryDirectory(t);
  const { directory } = await importPolygon(await writeTree(path.join(parent, "polygon"), tree), parent);
  const { problem, submissions } = await readPackage(directory);
  const found: Record<string, [Verdict, number, string]> = {};
  for (const { path: name, files } of submissions) {
    const [file = ""] = files;
    const sources = [{ name: path.basename(file), bytes: new Uint8Array(await readFile(path.join(directory, file))) }];
    const language = languageOfFile(file) as Language;
    const result = await (await sandbox()).judge({
      language,
      sources,
      problem,
      packageDirectory: directory,
      tests: "all",
    });
    found[name] = [result.verdict, result.scoreMicros / 1e6, result.verdict === "JE" ? result.compileLog : ""];
  }
  return found;
}

test("polygon: a testlib checker in the sandbox: every solution gets what its tag says", async (t) => {
  assert.deepEqual(await verdicts(t, BATCH), {
    "accepted/one.cpp": ["AC", 1, ""],
    "mixed/slow.py": ["AC", 1, ""],
    "wrong_answer/empty.py": ["WA", 0, ""],
    "wrong_answer/two.py": ["WA", 0, ""],
  });
});

test("polygon: a checker that fails: the judge's error, not the contestant's", async (t) => {
  const outcome = (await verdicts(t, { ...BATCH, "tests/03.a": "0\n" }))["accepted/one.cpp"];
  assert.equal(outcome?.[0], "JE");
});

test("polygon: an interactor and then the checker: both decide", async (t) => {
  assert.deepEqual(await verdicts(t, INTERACTIVE), {
    "accepted/search.py": ["AC", 1, ""],
    "wrong_answer/count.py": ["WA", 0, ""],
    "wrong_answer/mute.py": ["WA", 0, ""],
  });
});

test("polygon: points by group", async (t) => {
  assert.deepEqual(await verdicts(t, SCORING), { "accepted/one.cpp": ["AC", 100, ""] });
  // Divides 2·n only for n = 1, 2, 3, 6: test 5 of group "small" fails, and with it what depends on it.
  const three =
    "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << (n == 10 ? 3 : 1) << std::endl; }\n";
  assert.deepEqual(await verdicts(t, { ...SCORING, "solutions/one.cpp": three }), {
    "accepted/one.cpp": ["WA", 30, ""],
  });
});

test("polygon: points given by the checker", async (t) => {
  const checker = `#include "testlib.h"
int main(int argc, char* argv[]) {
    registerTestlibCmd(argc, argv);
    ouf.readInt();
    int n = inf.readInt();
    if (n == 14) quitf(_pc(5), "a part");
    quitp(n == 12 ? 2.5 : 1, "points");
}
`;
  const outcome = (await verdicts(t, { ...SCORING, "files/check.cpp": checker }))["accepted/one.cpp"];
  // small 2 × 1 of 10, big 60 (any points pass a complete group), odd 2.5 of 5 and 5 % of 15.
  assert.deepEqual(outcome, ["AC", 65.25, ""]);
});
