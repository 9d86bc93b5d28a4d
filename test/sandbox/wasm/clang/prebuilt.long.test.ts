import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

test("clang: shipped objects of the runtime: their sources make the same bytes", { timeout: 600_000 }, async () => {
  const cacheDirectory = mkdtempSync(join(tmpdir(), "dikast-prebuilt-"));
  try {
    const worker = new Worker(new URL("./prebuilt-worker.ts", import.meta.url), {
      workerData: { cacheDirectory },
      resourceLimits: { stackSizeMb: 256 },
    });
    const [differing] = (await once(worker, "message")) as [string[]];
    assert.deepEqual(differing, []);
    await worker.terminate();
  } finally {
    rmSync(cacheDirectory, { recursive: true, force: true });
  }
});
