/** Runs fixed programs and prints what came out of them, for `determinism.long.test.ts`. */
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Program } from "../../../../sandbox/engine.ts";
import { WasmRunner } from "../../../../sandbox/wasm/runner/index.ts";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { ENGINE_STACK_MIB } from "../../../../sandbox/wasm/wasi/index.ts";

const PYTHON = `
import random, time, math, sys
sys.setrecursionlimit(10000)
def f(n): return n if n < 2 else f(n - 1) + f(n - 2)
d = {str(i): i * 0.1 for i in range(5000)}
print(f(16), random.random(), time.time(), sum(d.values()), hash("x"), math.sin(1e22), float("nan") * -1, id(d) % 97)
`;
const JAVASCRIPT = `
function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); }
const m = new Map(); for (let i = 0; i < 5000; i++) m.set(String(i), i / 3);
const bits = new Uint8Array(new Float64Array([0 / 0, -(0 / 0), Infinity - Infinity, Math.sqrt(-1)]).buffer);
console.log(f(15), Math.random(), Date.now(), [...m.values()].reduce((a, b) => a + b), bits.join(), Math.sin(1e22), Math.pow(1.1, 100.5));
`;
const DEEP_JAVASCRIPT = "function f(n) { return 1 + f(n + 1); } try { f(0); } catch (e) { console.log(e.name); }";

const source = (name: string, text: string) => [{ name, bytes: new TextEncoder().encode(text) }];
const PROGRAMS: readonly Program[] = [
  { type: "python", sources: source("main.py", PYTHON) },
  { type: "javascript", sources: source("main.js", JAVASCRIPT) },
  { type: "javascript", sources: source("main.js", DEEP_JAVASCRIPT) },
];
const LIMITS = {
  costMax: 5_000 * COST_PER_VIRTUAL_MS,
  memoryBytesMax: 256 * 2 ** 20,
  stdoutBytesMax: 65_536,
  stderrBytesMax: 65_536,
};

if (isMainThread) {
  const options = { workerData: process.argv[2], resourceLimits: { stackSizeMb: ENGINE_STACK_MIB } };
  new Worker(new URL(import.meta.url), options).on("message", (line: string) => console.log(line));
} else {
  const runner = new WasmRunner({ cacheDirectory: workerData as string });
  for (const program of PROGRAMS) {
    const outcome = await runner.run(program, { args: [], stdin: new Uint8Array(0) }, LIMITS);
    const { status, cost, memoryBytes, stdout, stderr } = outcome;
    const decoder = new TextDecoder();
    parentPort?.postMessage(
      JSON.stringify([status, cost, memoryBytes, decoder.decode(stdout), decoder.decode(stderr)]),
    );
  }
}
