/** What the benchmarks of the interpreters share: the flags of a run process, its thread, native runs, the table. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { RUN_PROCESS_FLAGS } from "../../sandbox/wasm/evaluator/process-flags.ts";
import { ENGINE_STACK_MIB } from "../../sandbox/wasm/wasi/index.ts";

export interface BenchJob {
  readonly language: "python" | "javascript";
  readonly name: string;
  readonly source: string;
  readonly stdin: Uint8Array;
  readonly times: number;
}

export interface BenchRun {
  readonly wallMs: number;
  /** Of the thread that runs the program: what other work on the machine does not change much. */
  readonly cpuMs: number;
  readonly cost: number;
  readonly memoryBytes: number;
  readonly stdout: Uint8Array;
}

export interface BenchAnswer {
  readonly runs: readonly BenchRun[];
  readonly residentBytes: number;
}

/** Starts the calling script again with a run process's flags unless it has them. */
export function withRunProcessFlags(script: string): void {
  if (RUN_PROCESS_FLAGS.every((flag) => process.execArgv.includes(flag))) return;
  const again = spawnSync(process.execPath, [...RUN_PROCESS_FLAGS, script, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exit(again.status ?? 1);
}

export class BenchThread {
  readonly #worker: Worker;

  constructor(options: { readonly metered: boolean }) {
    this.#worker = new Worker(new URL("./interpreter-thread.ts", import.meta.url), {
      workerData: { cacheDirectory: join(tmpdir(), "dikast-bench-cache"), metered: options.metered },
      resourceLimits: { stackSizeMb: ENGINE_STACK_MIB },
    });
  }

  run(job: BenchJob): Promise<BenchAnswer> {
    return new Promise((resolve, reject) => {
      const onMessage = (answer: BenchAnswer): void => {
        this.#worker.off("error", reject);
        resolve(answer);
      };
      this.#worker.once("message", onMessage);
      this.#worker.once("error", reject);
      this.#worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

export interface NativeRun {
  readonly cpuMs: number;
  readonly stdout: Buffer;
}

const directory = mkdtempSync(join(tmpdir(), "dikast-bench-"));

/** The least CPU time of `times` runs of a native interpreter, its start-up included. */
export function runNative(command: readonly string[], file: string, stdin: Uint8Array, times: number): NativeRun {
  const input = join(directory, "stdin");
  const output = join(directory, "stdout");
  writeFileSync(input, stdin);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < times; round += 1) {
    const shell = `TIMEFORMAT='%U %S'; time ${[...command, file].map((part) => `'${part}'`).join(" ")} < ${input} > ${output}`;
    const timed = spawnSync("bash", ["-c", shell], { encoding: "utf8" });
    if (timed.status !== 0) throw new Error(`${file}: ${timed.stderr}`);
    const [user = 0, system = 0] = (timed.stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    best = Math.min(best, (user + system) * 1_000);
  }
  return { cpuMs: best, stdout: readFileSync(output) };
}

export function corpus(folder: string, ending: string): readonly { readonly name: string; readonly file: string }[] {
  const path = join(import.meta.dirname, "..", "corpus", folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, file: join(path, name) }));
}

/** Half a million numbers, one a line: for the programs named `input_…`. */
export function numbers(): Uint8Array {
  let seed = 1;
  const lines: number[] = [];
  for (let index = 0; index < 500_000; index += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    lines.push(seed % 1_000_000);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export function versionOf(command: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .trim()
      .split("\n")[0];
  } catch {
    return undefined;
  }
}

export function row(...cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => {
      const text = typeof cell === "number" ? (cell < 10 ? cell.toFixed(2) : cell.toFixed(0)) : cell;
      return index === 0 ? text.padEnd(18) : text.padStart(11);
    })
    .join("");
}
