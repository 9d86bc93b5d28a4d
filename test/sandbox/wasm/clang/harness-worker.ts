/** Compiles, and runs what came out, in one thread with a large stack. */
import { parentPort, workerData } from "node:worker_threads";
import { createClangToolchain } from "../../../../sandbox/wasm/clang/index.ts";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { WasmRunner } from "../../../../sandbox/wasm/runner/index.ts";
import type { CompileJob, CompiledAndRun } from "./harness.ts";

const { cacheDirectory } = workerData as { readonly cacheDirectory: string };
const toolchain = createClangToolchain({ cacheDirectory });
const runner = new WasmRunner({ cacheDirectory });
const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function handle(job: CompileJob): Promise<CompiledAndRun> {
  const sources = Object.entries(job.files).map(([name, content]) => ({
    name,
    bytes: typeof content === "string" ? encoder.encode(content) : content,
  }));
  const limits = { timeMs: 30_000, memoryMiB: 1024, ...job.compileLimits };
  const started = performance.now();
  const compiled = await toolchain[job.language ?? "cpp"].compile(sources, limits);
  const compileMs = performance.now() - started;
  const { log } = compiled;
  if (compiled.type === "rejected") return { type: "rejected", log, compileMs };
  const { program } = compiled;
  const module = program.type === "wasi" ? program.module : new Uint8Array(0);
  if (job.run === false) return { type: "compiled", log, module, compileMs };
  const stdin = typeof job.stdin === "string" ? encoder.encode(job.stdin) : (job.stdin ?? new Uint8Array(0));
  const ran = await runner.run(
    program,
    { args: job.args ?? [], stdin },
    {
      costMax: 60_000 * COST_PER_VIRTUAL_MS,
      memoryBytesMax: 512 * 1024 * 1024,
      stdoutBytesMax: 1 << 24,
      stderrBytesMax: 1 << 16,
    },
  );
  return {
    type: "ran",
    log,
    module,
    compileMs,
    status: ran.status,
    stdout: decoder.decode(ran.stdout),
    stderr: decoder.decode(ran.stderr),
    memoryBytes: ran.memoryBytes,
    virtualMs: ran.cost / COST_PER_VIRTUAL_MS,
  };
}

parentPort?.on("message", ({ id, job }: { id: number; job: CompileJob }) => {
  handle(job).then(
    (result) => parentPort?.postMessage({ id, result, rssBytes: process.memoryUsage.rss() }),
    (error: unknown) => parentPort?.postMessage({ id, error }),
  );
});
