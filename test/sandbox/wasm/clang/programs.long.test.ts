import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ClangWorker } from "./harness.ts";
import { PROGRAMS } from "./programs.ts";

describe("clang", () => {
  let worker: ClangWorker;
  before(() => {
    worker = new ClangWorker();
  });
  after(() => worker.close());

  for (const program of PROGRAMS) {
    test(`clang: ${program.id}: runs as natively`, async () => {
      const ran = await worker.run(program);
      assert.equal(ran.type, "ran", ran.log);
      if (ran.type !== "ran") return;
      const told = `${ran.stdout}\n${ran.stderr}\n${ran.log}`;
      if (program.ends === "trapped") assert.equal(ran.status.type, "trapped", told);
      else assert.deepEqual(ran.status, { type: "exited", code: program.ends ?? 0 }, told);
      if (program.stdout !== undefined) assert.equal(ran.stdout, program.stdout);
      if (program.stderr !== undefined) assert.match(ran.stderr, program.stderr);
      if (program.log !== undefined) assert.match(ran.log, program.log);
    });
  }

  test("clang: 50 MB of input: cin, scanf and fread read it all", async () => {
    const line = "123456789 -5\n";
    const stdin = Buffer.from(line.repeat(4_000_000));
    const readers = {
      cin: "ios::sync_with_stdio(false); long long s = 0; int x; while (cin >> x) s += x; cout << s;",
      scanf: 'long long s = 0; int x; while (scanf("%d", &x) == 1) s += x; printf("%lld", s);',
      fread:
        "static char b[1 << 16]; long long s = 0, x = 0; int sign = 1; size_t n; while ((n = fread(b, 1, sizeof b, stdin))) for (size_t i = 0; i < n; i++) { if (b[i] == '-') sign = -1; else if (b[i] >= '0') x = x * 10 + b[i] - '0'; else s += sign * x, x = 0, sign = 1; } printf(\"%lld\", s);",
    };
    for (const [id, body] of Object.entries(readers)) {
      const files = { "main.cc": `#include <bits/stdc++.h>\nusing namespace std;\nint main() { ${body} }\n` };
      const ran = await worker.run({ files, stdin });
      assert.deepEqual(ran.type === "ran" ? ran.status : ran.log, { type: "exited", code: 0 });
      assert.equal(ran.type === "ran" ? ran.stdout : "", String(4_000_000n * (123_456_789n - 5n)), id);
    }
  });
});
