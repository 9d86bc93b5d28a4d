/** What the benchmarks of the interpreters share: the flags of a run process, its thread, native runs, the table. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { RUN_PROCESS_FLAGS } from "../../sandbox/wasm/evaluator/process-flags.ts";
import { COST_PER_VIRTUAL_MS } from "../../sandbox/wasm/meter/index.ts";
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

class BenchThread {
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

/** One program, metered and unmetered: the least CPU time of each, and what was counted. */
export interface Measured {
  readonly meteredMs: number;
  readonly unmeteredMs: number;
  readonly virtualMs: number;
  readonly memoryMib: number;
}

/** A metered and an unmetered thread of one language, warmed up. */
export class InterpreterBench {
  readonly #hello: Omit<BenchJob, "times">;
  readonly #rounds: number;
  readonly #metered = new BenchThread({ metered: true });
  readonly #plain = new BenchThread({ metered: false });

  /** @param hello a trivial program. */
  constructor(hello: Omit<BenchJob, "times">, rounds: number) {
    this.#hello = hello;
    this.#rounds = rounds;
  }

  /** How long a test takes to start. The first runs compile the interpreter; the evaluator does the same when it warms up. */
  async starts(): Promise<string> {
    await this.#metered.run({ ...this.#hello, times: 20 });
    const { runs } = await this.#metered.run({ ...this.#hello, times: 50 });
    const [cpu, wall] = [median(runs.map((run) => run.cpuMs)), median(runs.map((run) => run.wallMs))];
    return `start of a test from the snapshot: median ${cpu.toFixed(1)} ms CPU, ${wall.toFixed(1)} ms wall`;
  }

  /** @param expected what a native run wrote. @throws when the output differs from it, or one run from another. */
  async measure(name: string, file: string, expected: Buffer): Promise<Measured> {
    const { language } = this.#hello;
    const job = { language, name, source: readFileSync(file, "utf8"), stdin: stdinOf(name), times: this.#rounds };
    const { runs } = await this.#metered.run(job);
    const unmetered = await this.#plain.run(job);
    const [first] = runs;
    if (first === undefined || !expected.equals(first.stdout)) throw new Error(`${name}: output differs from native`);
    if (runs.some((run) => run.cost !== first.cost || run.memoryBytes !== first.memoryBytes))
      throw new Error(`${name}: runs differ`);
    return {
      meteredMs: Math.min(...runs.map((run) => run.cpuMs)),
      unmeteredMs: Math.min(...unmetered.runs.map((run) => run.cpuMs)),
      virtualMs: first.cost / COST_PER_VIRTUAL_MS,
      memoryMib: first.memoryBytes / MIB,
    };
  }

  /** Ends both threads. */
  async close(): Promise<string> {
    const { residentBytes } = await this.#metered.run({ ...this.#hello, times: 1 });
    await this.#metered.close();
    await this.#plain.close();
    return `resident memory of this process, two interpreters in it: ${(residentBytes / MIB).toFixed(0)} MiB`;
  }
}

export interface NativeRun {
  readonly cpuMs: number;
  readonly stdout: Buffer;
}

const MIB = 2 ** 20;
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

/** What a program reads: half a million numbers, one a line, if it is named `input_…`; else nothing. */
export function stdinOf(name: string): Uint8Array {
  return name.startsWith("input_") ? (input ??= numbers()) : new Uint8Array(0);
}

let input: Uint8Array | undefined;

function numbers(): Uint8Array {
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

/** Of ratios. */
export function medianAndWorst(ratios: readonly number[], digits = 2): string {
  return `median ${median(ratios).toFixed(digits)}, worst ${Math.max(...ratios).toFixed(digits)}`;
}

export function medianAndRange(ratios: readonly number[]): string {
  return `median ${median(ratios).toFixed(2)}, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
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
