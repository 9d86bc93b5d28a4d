/** The thread behind `harness.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { createPythonEngine } from "../../../../sandbox/wasm/python/index.ts";
import type { Job } from "./harness.ts";

const { cacheDirectory } = workerData as { readonly cacheDirectory: string };
const engine = createPythonEngine({ cacheDirectory });
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = (value: string | Uint8Array): Uint8Array => (typeof value === "string" ? encoder.encode(value) : value);

parentPort?.on("message", ({ id, job }: { readonly id: number; readonly job: Job }) => {
  try {
    parentPort?.postMessage({ id, ran: perform(job) });
  } catch (error) {
    parentPort?.postMessage({ id, error });
  }
});

function perform(job: Job): unknown {
  const program = {
    type: "python" as const,
    sources: Object.entries({ "main.py": job.source, ...job.more }).map(([name, text]) => ({
      name,
      bytes: encode(text),
    })),
  };
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
  const outcome =
    job.command === "check"
      ? { ...engine.checkSyntax(program, limits).outcome, writtenFiles: {} }
      : engine.run(program, input, limits, job.script === undefined ? undefined : io);
  return {
    ...outcome,
    stdout: decoder.decode(outcome.stdout),
    stderr: decoder.decode(outcome.stderr),
    writtenFiles: Object.fromEntries(
      Object.entries(outcome.writtenFiles).map(([path, bytes]) => [path, decoder.decode(bytes)]),
    ),
  };
}
