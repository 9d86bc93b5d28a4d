import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { COMPILE_LOG_BYTES_MAX } from "../../../../src/model/verdict.ts";
import { ClangWorker } from "./harness.ts";
import { HOSTILE } from "./hostile.ts";

/** A generous bound for a loaded machine; what counts is that the call budget ended the compile. */
const WALL_MS_MAX = 120_000;
const PROGRAM = { "a.cc": '#include <cstdio>\nint main() { puts("ok"); }\n' };

describe("clang, hostile sources", () => {
  let worker: ClangWorker;
  before(() => {
    worker = new ClangWorker();
  });
  after(() => worker.close());

  for (const hostile of HOSTILE) {
    test(`clang: ${hostile.id}: rejected, and the next compile is as ever`, async () => {
      const outcome = await worker.run(hostile);
      assert.equal(outcome.type, "rejected");
      assert.match(outcome.log, hostile.log);
      assert.ok(Buffer.byteLength(outcome.log) <= COMPILE_LOG_BYTES_MAX);
      assert.doesNotMatch(outcome.log, /root:|\/usr\/|\/build\/|\/kit\/|node_modules|Stack dump/);
      assert.ok(outcome.compileMs < WALL_MS_MAX);
      const next = await worker.run({ files: PROGRAM });
      assert.equal(next.type === "ran" ? next.stdout : next.log, "ok\n");
    });
  }

  test("clang: names of the build: nothing tells of the machine", async () => {
    const files = {
      "a.cc": '#include <cstdio>\nint main() { puts(__DATE__ " " __TIME__ " " __FILE__ " " __BASE_FILE__); }\n',
    };
    const ran = await worker.run({ files });
    assert.equal(ran.type === "ran" ? ran.stdout : ran.log, "Jan  1 1970 00:00:00 a.cc a.cc\n");
  });
});
