/**
 * Python and JavaScript in 20 processes, with different flags and heap sizes, while the machine has other work: status,
 * cost, memory and output are the same every time.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { promisify } from "node:util";
import { RUN_PROCESS_FLAGS } from "../../../../sandbox/wasm/evaluator/process-flags.ts";

const FLAGS: readonly (readonly string[])[] = [
  RUN_PROCESS_FLAGS,
  [],
  ["--liftoff-only"],
  ["--no-liftoff"],
  ["--max-old-space-size=300", "--max-semi-space-size=1"],
  ["--max-old-space-size=4096", "--min-semi-space-size=32"],
  ["--no-wasm-tier-up"],
  ["--no-wasm-inlining", "--no-wasm-loop-peeling"],
  ["--wasm-bounds-checks", "--disable-wasm-trap-handler"],
  ["--single-threaded"],
];
/** Each set of flags twice, two processes at a time. */
const REPEATS = 2;

const entry = fileURLToPath(new URL("./determinism-process.ts", import.meta.url));
const observe = async (flags: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [...flags, entry], { maxBuffer: 2 ** 24 })).stdout;

test("interpreters: 20 processes with ten sets of flags: bit-identical results", async () => {
  const expected = await observe([]);
  assert.ok(expected.length > 1_000);
  for (const flags of FLAGS) {
    const observed = await Promise.all(Array.from({ length: REPEATS }, () => observe(flags)));
    for (const one of observed) assert.deepEqual(JSON.parse(one), JSON.parse(expected), flags.join(" "));
  }
});
