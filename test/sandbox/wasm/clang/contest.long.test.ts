import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ClangWorker } from "./harness.ts";

/** Programs as contestants write them, with what `g++` and `gcc` make them print (where those can compile them). */
const FOLDER = join(import.meta.dirname, "contest");

describe("clang, programs of contests", () => {
  let worker: ClangWorker;
  before(() => {
    worker = new ClangWorker();
  });
  after(() => worker.close());

  const sources = readdirSync(FOLDER).filter((name) => /\.cc?$/.test(name));
  assert.ok(sources.length >= 20);
  for (const name of sources) {
    const path = (ending: string) => join(FOLDER, name.replace(/\.\w+$/, ending));
    test(`clang: ${name}: prints what it prints natively`, async () => {
      const ran = await worker.run({
        language: name.endsWith(".c") ? "c" : "cpp",
        files: { [name]: readFileSync(join(FOLDER, name)) },
        stdin: existsSync(path(".in")) ? readFileSync(path(".in")) : "",
        compileLimits: { timeMs: 60_000, memoryMiB: 2048 },
      });
      assert.equal(ran.type, "ran", ran.log);
      if (ran.type !== "ran") return;
      assert.deepEqual(ran.status, { type: "exited", code: 0 }, ran.stderr);
      assert.equal(ran.stdout, readFileSync(path(".out"), "utf8"));
    });
  }

  test("clang: 50 MB through cin, synchronized or not, and mixed with the C library: a few virtual seconds", async () => {
    const line = "123456789 -5\n";
    const stdin = Buffer.from(line.repeat(4_000_000));
    const read = "long long s = 0; int x; while (cin >> x) s += x;";
    const readers = {
      "sync off": { body: `ios::sync_with_stdio(false); ${read} cout << s;`, msMax: 4000 },
      "sync on": { body: `${read} cout << s;`, msMax: 4000 },
      mixed: { body: `${read} getchar(); printf("%lld", s);`, msMax: 10_000 },
    };
    for (const [id, { body, msMax }] of Object.entries(readers)) {
      const files = { "main.cc": `#include <bits/stdc++.h>\nusing namespace std;\nint main() { ${body} }\n` };
      const ran = await worker.run({ files, stdin });
      assert.equal(ran.type === "ran" ? ran.stdout : ran.log, String(4_000_000n * (123_456_789n - 5n)), id);
      assert.ok(ran.type === "ran" && ran.virtualMs < msMax, id);
    }
  });
});
