import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, test, type TestContext } from "node:test";
import type { Sandbox } from "../../../sandbox/index.ts";
import { createWasmSandbox } from "../../../sandbox/wasm/evaluator/index.ts";
import { type Language, languageOfFile, type Verdict } from "../../../src/model/index.ts";
import { inputValidatorArgs, readInput, readInputValidators } from "../../../src/packages/check/index.ts";
import { testsOf } from "../../../src/model/problem.ts";
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

/** Reads and says whatever packages mostly do. */
const LINES_CHECKER = `#include "testlib.h"
#include <cassert>
#include <bits/stdc++.h>
#include <ext/pb_ds/assoc_container.hpp>
#include <sys/time.h>
#ifdef _WIN32
#  include <windows.h>
#endif
using namespace std;
int n, count_of_lines;
string readOne(InStream& stream) {
    string word = stream.readToken("[a-z]{1,10}", "word");
    if (!stream.seekEoln()) stream.quitf(_pe, "more in the line");
    stream.nextLine();
    string line = stream.readLine();
    double x = stream.readDouble(-1e9, 1e9, "x");
    vector<int> v = stream.readInts(2, 0, 9, "v");
    return word + "/" + line + "/" + (doubleCompare(2.5, x, 1e-6) ? "good" : "bad") + "/" + to_string(v[0] + v[1]);
}
int main(int argc, char* argv[]) {
    setName("compare %s", "lines");
    registerTestlibCmd(argc, argv);
    n = inf.readInt(1, 100, "n");
    assert(n > 0);
    string jury = readOne(ans), theirs = readOne(ouf);
    ensuref(jury != "", "the jury says nothing");
    quitif(jury != theirs, _wa, "expected %s, found %s", jury.c_str(), theirs.c_str());
    __gnu_pbds::gp_hash_table<int, int> table;
    table[1] = 2;
    vector<int> shuffled{1, 2, 3};
    shuffle(shuffled.begin(), shuffled.end());
    quitf(_ok, "%d, and %s", n, format("%d", rnd.next(1, 1)).c_str());
}
`;

test("polygon: the calls of testlib that packages mostly make: compiled and run", async (t) => {
  const tree = {
    ...BATCH,
    "files/check.cpp": LINES_CHECKER,
    "solutions/one.cpp":
      '#include <iostream>\nint main() { std::cout << "abc\\na line of text\\n2.5000001\\n3 4\\n"; }\n',
    "solutions/two.py": 'print("abc\\nanother text\\n2.5\\n3 4")\n',
    "solutions/empty.py": 'print("abc\\na line of text\\n2.5\\n3 4 5")\n',
    "solutions/slow.py": 'print("abc\\na line of text\\n2.5\\n4 3")\n',
    "tests/01.a": "abc\r\na line of text\r\n2.5\r\n3 4\r\n",
    "tests/02.a": "abc\na line of text\n2.5\n3 4\n",
    "tests/03.a": "abc\na line of text\n2.5\n3 4\n",
  };
  assert.deepEqual(await verdicts(t, tree), {
    "accepted/one.cpp": ["AC", 1, ""],
    "mixed/slow.py": ["AC", 1, ""],
    "wrong_answer/empty.py": ["WA", 0, ""],
    "wrong_answer/two.py": ["WA", 0, ""],
  });
});

test("polygon: a checker that ends without a word: the judge's error", async (t) => {
  const silent =
    '#include "testlib.h"\nint main(int argc, char* argv[]) { registerTestlibCmd(argc, argv); ouf.readInt(); }\n';
  assert.equal((await verdicts(t, { ...BATCH, "files/check.cpp": silent }))["accepted/one.cpp"]?.[0], "JE");
});

test("polygon: a strict validator: accepts what is right, refuses a space, a missing line end and a forgotten readEof", async (t) => {
  const parent = await temporaryDirectory(t);
  const { directory } = await importPolygon(await writeTree(path.join(parent, "polygon"), BATCH), parent);
  const [validator] = await readInputValidators(directory, undefined);
  assert.ok(validator !== undefined);
  const said: unknown[] = [];
  const replaced = (text: string) =>
    validator.sources.map((source) =>
      source.name === "validator.h" ? { ...source, bytes: new TextEncoder().encode(text) } : source,
    );
  const forgets = '#include "testlib.h"\nint main() { registerValidation(); inf.readInt(); }\n';
  for (const [sources, stdin] of [
    [validator.sources, "6\n"],
    [validator.sources, "6 \n"],
    [validator.sources, "6"],
    [validator.sources, "1001\n"],
    [replaced(forgets), "6\n"],
  ] as const) {
    const limits = { timeLimitMs: 60_000, memoryLimitMiB: 2048, outputLimitMiB: 8 };
    const bytes = new TextEncoder().encode(stdin);
    said.push((await (await sandbox()).run({ language: "cpp", sources, stdin: bytes, ...limits }, {})).exitCode);
  }
  assert.deepEqual(said, [42, 43, 43, 43, 43]);
});

test("polygon: a validator and a checker that ask for the group: each test's own", async (t) => {
  const parent = await temporaryDirectory(t);
  const xml = (BATCH["problem.xml"] as string).replaceAll("<test ", '<test group="tiny" ');
  const tree = {
    ...BATCH,
    "problem.xml": xml.replace('group="tiny" cmd', 'group="big" cmd'),
    "files/val.cpp":
      '#include "testlib.h"\n#include <unordered_set>\nusing namespace std;\nnamespace std {\ntemplate <> struct hash<pair<int, int>> {\n    size_t operator()(const pair<int, int>& p) const { return p.first; }\n};\n}\nunordered_set<pair<int, int>> seen;\nint main(int argc, char* argv[]) {\n    registerValidation(argc, argv);\n    seen.insert({1, 2});\n    inf.readInt(1, validator.group() == "tiny" ? 7 : 9, "n");\n    inf.readEoln();\n    inf.readEof();\n}\n',
    "files/check.cpp":
      '#include "testlib.h"\nint main(int argc, char* argv[]) {\n    registerTestlibCmd(argc, argv);\n    ouf.readInt();\n    quitf(checker.group() == "big" ? _wa : _ok, "of %s", checker.group().c_str());\n}\n',
  };
  const { directory } = await importPolygon(await writeTree(path.join(parent, "polygon"), tree), parent);
  const { problem } = await readPackage(directory);
  const [validator] = await readInputValidators(directory, undefined);
  assert.ok(validator !== undefined);
  const limits = { timeLimitMs: 60_000, memoryLimitMiB: 2048, outputLimitMiB: 8 };
  const said: unknown[] = [];
  for (const each of testsOf(problem.root)) {
    const stdin = await readInput(directory, each.inputFile);
    const args = inputValidatorArgs(each, validator);
    const task = { language: "cpp", sources: validator.sources, args, stdin, ...limits } as const;
    said.push((await (await sandbox()).run(task, {})).exitCode);
  }
  // 6 of "tiny", 8 of "big", 9 of "tiny".
  assert.deepEqual(said, [42, 42, 43]);
  const bytes = new Uint8Array(Buffer.from('#include <cstdio>\nint main() { puts("1"); }\n'));
  const task = {
    language: "cpp",
    sources: [{ name: "one.cpp", bytes }],
    problem,
    packageDirectory: directory,
  } as const;
  const { tests } = await (await sandbox()).judge({ ...task, tests: "all" });
  assert.deepEqual(
    tests.map(({ id, verdict }) => `${id} ${verdict}`),
    ["sample/001 AC", "secret/002 WA"],
  );
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
