/** The thread in which the benchmarks of the interpreters run programs, as the evaluator's run processes do. */
import { parentPort, workerData } from "node:worker_threads";
import { UNMETERED } from "../../sandbox/wasm/interpreter/meter-port.ts";
import { createJavaScriptEngine } from "../../sandbox/wasm/javascript/index.ts";
import { COST_PER_VIRTUAL_MS } from "../../sandbox/wasm/meter/index.ts";
import { createPythonEngine } from "../../sandbox/wasm/python/index.ts";
import type { BenchJob, BenchRun } from "./interpreter-bench.ts";

const { cacheDirectory, metered } = workerData as { readonly cacheDirectory: string; readonly metered: boolean };
const options = metered ? { cacheDirectory } : { cacheDirectory, meter: UNMETERED };
const engines = {
  python: lazy(() => createPythonEngine(options)),
  javascript: lazy(() => createJavaScriptEngine(options)),
};
const limits = {
  costMax: 600_000 * COST_PER_VIRTUAL_MS,
  memoryBytesMax: 2 ** 30,
  stdoutBytesMax: 64 * 2 ** 20,
  stderrBytesMax: 65_536,
};

parentPort?.on("message", ({ language, name, source, stdin, times }: BenchJob) => {
  const engine = engines[language]();
  const runs: BenchRun[] = [];
  for (let round = 0; round < times; round += 1) {
    const sources = [{ name, bytes: new TextEncoder().encode(source) }];
    const cpu = process.threadCpuUsage();
    const start = performance.now();
    const program = { type: language, sources };
    const outcome = (engine.run as (p: unknown, ...rest: unknown[]) => ReturnType<typeof engine.run>)(
      program,
      { args: [], stdin },
      limits,
    );
    const wallMs = performance.now() - start;
    const spent = process.threadCpuUsage(cpu);
    if (outcome.status.type !== "exited" || outcome.status.code !== 0) {
      throw new Error(`${name}: ${JSON.stringify(outcome.status)} ${new TextDecoder().decode(outcome.stderr)}`);
    }
    runs.push({
      wallMs,
      cpuMs: (spent.user + spent.system) / 1_000,
      cost: outcome.cost,
      memoryBytes: outcome.memoryBytes,
      stdout: outcome.stdout,
    });
  }
  parentPort?.postMessage({ runs, residentBytes: process.memoryUsage.rss() });
});

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
