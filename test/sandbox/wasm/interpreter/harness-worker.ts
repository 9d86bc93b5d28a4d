/** The thread behind `harness.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import {
  createJavaScriptEngine,
  createJavaScriptToolchains,
  type JavaScriptProgram,
} from "../../../../sandbox/wasm/javascript/index.ts";
import { createPythonEngine } from "../../../../sandbox/wasm/python/index.ts";
import type { ValidatorOutcome } from "../../../../sandbox/engine.ts";
import type { Job } from "./harness.ts";

const { cacheDirectory } = workerData as { readonly cacheDirectory: string };
const python = lazy(() => createPythonEngine({ cacheDirectory }));
const javascript = lazy(() => createJavaScriptEngine({ cacheDirectory }));
const { typescript } = createJavaScriptToolchains(javascript, { cacheDirectory });
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = (value: string | Uint8Array): Uint8Array => (typeof value === "string" ? encoder.encode(value) : value);

parentPort?.on("message", ({ id, job }: { readonly id: number; readonly job: Job }) => {
  perform(job).then(
    (ran) => parentPort?.postMessage({ id, ran }),
    (error: unknown) => parentPort?.postMessage({ id, error }),
  );
});

async function perform(job: Job): Promise<unknown> {
  const name = job.name ?? "main.py";
  const sources = Object.entries({ [name]: job.source, ...job.more }).map(([name, text]) => ({
    name,
    bytes: encode(text),
  }));
  const limits = {
    costMax: 10_000 * COST_PER_VIRTUAL_MS,
    memoryBytesMax: 512 * 2 ** 20,
    stdoutBytesMax: 8 * 2 ** 20,
    stderrBytesMax: 65_536,
    ...job.limits,
  };
  const input = {
    args: job.args ?? [],
    stdin: encode(job.stdin ?? ""),
    files: Object.fromEntries(Object.entries(job.files ?? {}).map(([path, text]) => [path, encode(text)])),
    ...(job.writableDirectory === undefined ? {} : { writableDirectory: job.writableDirectory }),
  };
  const lines = [...(job.script ?? [])];
  const io = { read: (): Uint8Array => encode(lines.shift() ?? ""), write: (): void => {} };
  const talk = job.script === undefined ? undefined : io;
  let outcome: ValidatorOutcome;
  if (name.endsWith(".py")) {
    const program = { type: "python" as const, sources };
    outcome =
      job.command === "check"
        ? { ...python().checkSyntax(program, limits).outcome, writtenFiles: {} }
        : python().run(program, input, limits, talk);
  } else {
    let program: JavaScriptProgram = { type: "javascript", sources };
    if (name.endsWith("ts")) {
      const compiled = await typescript.compile(sources, { timeMs: 10_000, memoryMiB: 512 });
      if (compiled.type === "rejected") {
        const nothing = new Uint8Array(0);
        const status = { type: "exited" as const, code: 1 };
        return { status, cost: 0, memoryBytes: 0, stdout: nothing, stderr: compiled.log, writtenFiles: {} };
      }
      program = compiled.program as JavaScriptProgram;
    }
    outcome =
      job.command === "check"
        ? javascript().checkSyntax(program, limits).outcome
        : javascript().run(program, input, limits, talk);
  }
  return {
    ...outcome,
    stdout: decoder.decode(outcome.stdout),
    stderr: decoder.decode(outcome.stderr),
    writtenFiles: Object.fromEntries(
      Object.entries(outcome.writtenFiles).map(([path, bytes]) => [path, decoder.decode(bytes)]),
    ),
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
