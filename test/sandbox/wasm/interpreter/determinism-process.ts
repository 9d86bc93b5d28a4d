/** Runs fixed programs of the interpreters in a process of its own and prints a digest, for `determinism.long.test.ts`. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { InterpreterWorker, type Job } from "./harness.ts";

const CORPUS = new URL("../../../../bench/corpus/", import.meta.url);
const corpus = (file: string): Job => ({
  name: file.endsWith(".py") ? "main.py" : "main.js",
  source: readFileSync(new URL(file, CORPUS), "utf8"),
});
const python = (source: string): Job => ({ name: "main.py", source });
const javascript = (source: string): Job => ({ name: "main.js", source });

/** Ordinary ones, and ones that end in every way: at the cost limit, the memory limit, the output limit, by depth. */
const JOBS: readonly Job[] = [
  corpus("python/queens.py"),
  corpus("python/parsing.py"),
  corpus("python/big_numbers.py"),
  corpus("python/life.py"),
  python("while True: pass"),
  python("x = []\nwhile True: x.append('y' * 10**6)"),
  python("while True: print('x' * 1000)"),
  python("import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return f((x, bytes(10**5)))\nf(1)"),
  python(
    "import functools, sys\nsys.setrecursionlimit(10**9)\n@functools.lru_cache(None)\ndef f(n): return f(n + 1)\nf(0)",
  ),
  python(
    "import time, random, os\nprint(time.time(), random.random(), os.urandom(9), id([]), hash('a'), float('nan'), {'a', 'b', 'c'})",
  ),
  corpus("javascript/queens.js"),
  corpus("javascript/big_numbers.js"),
  corpus("javascript/closures.js"),
  javascript("for (;;);"),
  javascript("const x = []; for (;;) x.push(new Uint8Array(1e6).fill(x.length))"),
  javascript("for (;;) console.log('x'.repeat(1000))"),
  javascript("const f = () => f() + 1; f()"),
  javascript(
    "console.log(Math.random(), Date.now(), performance.now(), NaN, new Float64Array([NaN, -NaN]), Math.sin(1e10), 0.1 ** 0.3)",
  ),
];

const worker = new InterpreterWorker();
const limits = { costMax: 600 * COST_PER_VIRTUAL_MS, memoryBytesMax: 96 * 2 ** 20, stdoutBytesMax: 2 ** 20 };
const results: unknown[] = [];
for (const job of JOBS) {
  const { status, cost, memoryBytes, stdout, stderr } = await worker.run({ ...job, limits });
  results.push([status, cost, memoryBytes, createHash("sha256").update(stdout).update(stderr).digest("hex")]);
}
console.log(JSON.stringify(results));
await worker.close();
