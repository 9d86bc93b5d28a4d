import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { unboundedRecursion } from "../../../../sandbox/wasm/clang/recursion.ts";

test("clang: recursion without room on the module's stack, or without writing to it: ends, and not by the engine's stack", async () => {
  const worker = new Worker(new URL("./recursion-worker.ts", import.meta.url), {
    resourceLimits: { stackSizeMb: 1024 },
  });
  const [ends] = (await once(worker, "message")) as [unknown];
  assert.deepEqual(ends, [...Array<string>(3).fill("returned,returned"), ...Array<string>(3).fill("trap,trap")]);
  await worker.terminate();
});

test("clang: recursion: found are functions that reach themselves past no frame on the module's stack", () => {
  const shape = { hasFrame: false, type: 0, inTable: false, calls: [], callsIndirectly: [] };
  const found = unboundedRecursion([
    { ...shape, calls: [0] },
    { ...shape, calls: [2] },
    { ...shape, calls: [1, 3] },
    { ...shape, calls: [4] },
    { ...shape, calls: [3], hasFrame: true },
    { ...shape, callsIndirectly: [1] },
    { ...shape, type: 1, inTable: true, calls: [5] },
    { ...shape, type: 1, inTable: true },
    { ...shape, calls: [0] },
  ]);
  assert.deepEqual(
    [...found].sort((a, b) => a - b),
    [0, 1, 2, 5, 6],
  );
});
