/** The same programs under different flags of the engine: the same output, cost and memory, to the last bit. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const cacheDirectory = mkdtempSync(join(tmpdir(), "dikast-determinism-"));
after(() => rmSync(cacheDirectory, { recursive: true, force: true }));

const FLAGS: readonly (readonly string[])[] = [
  [],
  ["--no-liftoff"],
  ["--liftoff-only"],
  ["--max-old-space-size=128", "--max-semi-space-size=1"],
  ["--no-liftoff", "--no-wasm-inlining", "--no-wasm-loop-unrolling", "--no-wasm-loop-peeling"],
  ["--no-wasm-tier-up", "--wasm-enforce-bounds-checks"],
];

async function observe(flags: readonly string[]): Promise<string> {
  const entry = new URL("./determinism-run.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, entry, cacheDirectory]);
  return stdout;
}

let expected: Promise<string> | undefined;
for (const flags of FLAGS) {
  test(`determinism: node ${flags.join(" ")}: nothing differs`, async () => {
    expected ??= observe([]);
    const observed = await observe(flags);
    assert.equal(observed.split("\n").length, 4);
    assert.equal(observed, await expected);
  });
}
