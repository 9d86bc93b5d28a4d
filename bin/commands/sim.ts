/** `dikast sim …`: the proving ground. */
import { counted } from "../support/output.ts";
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import type { RunResult, Tally } from "../../sim/index.ts";
import { applyMutant, type WorkerAnswer, type WorkerTask } from "./sim-worker.ts";

interface TestOptions {
  readonly seeds: number;
  readonly from: number;
  readonly jobs: number;
  readonly twice?: true;
  readonly json?: true;
  readonly mutant?: string;
  readonly failures: number;
  readonly shrink: boolean;
}

interface ReplayOptions {
  readonly shrink?: true;
  readonly transcript?: true;
  readonly json?: true;
  readonly mutant?: string;
}

export function registerSim(program: Command): void {
  const sim = program.command("sim").description("simulate contest networks: the proving ground of the protocol");
  sim
    .command("test")
    .description("run simulated contests under faults, one for each seed, and check every invariant after every step")
    .requiredOption("--seeds <n>", "how many seeds to run", parseCount)
    .option("--from <seed>", "the first seed", parseSeed, 1)
    .option("--jobs <n>", "worker processes", parseCount, 1)
    .option("--twice", "run each seed twice and compare the trace hashes")
    .option("--failures <n>", "stop after so many failures", parseCount, 10)
    .option("--no-shrink", "do not look for the smallest scenario that fails in the same way")
    .option("--mutant <name>", "break one line of the protocol first (only in a checkout)")
    .option("--json", "JSON Lines; the last one is the summary")
    .action(async (options: TestOptions) => {
      process.exitCode = await runTest(options);
    });
  sim
    .command("replay")
    .description("run one seed again")
    .argument("<seed>", "the seed that failed", parseSeed)
    .option("--shrink", "find a smaller scenario that fails in the same way")
    .option("--transcript", "tell what every node did")
    .option("--mutant <name>", "break one line of the protocol first (only in a checkout)")
    .option("--json", "JSON Lines")
    .action(async (seed: number, options: ReplayOptions) => {
      process.exitCode = (await replay(seed, options)) ? 0 : 1;
    });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("a positive whole number is needed");
  return count;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError("a whole number ≥ 0 is needed");
  return seed;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What the failing code was: the commit of a checkout, else the package's version is enough. */
function commitOf(): string {
  try {
    const cwd = fileURLToPath(new URL(".", import.meta.url));
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return "release";
  }
}

/**
 * A seed that takes longer hangs: it fails, and the campaign goes on with a new worker. Counted in seconds in which this
 * process ran too: a machine that stood still for minutes hangs no seed.
 */
const SEED_SECONDS_MAX = 180;
const PLAIN_LINE_EVERY_MS = 10_000;
/** As shells report a process that was interrupted. */
const INTERRUPTED_EXIT = 130;

async function runTest(options: TestOptions): Promise<number> {
  const { addResult, newTally, summaryOf } = await import("../../sim/index.ts");
  const tally = newTally();
  const commit = commitOf();
  const end = options.from + options.seeds;
  let next = options.from;
  let isInterrupted = false;
  const progress = new Progress(options);
  const report = (answer: WorkerAnswer): void => {
    addResult(tally, answer.result, answer.cpuMs);
    if (answer.result.failure !== undefined) {
      progress.clear();
      reportFailure(answer, commit, options);
    }
    progress.show(tally);
  };
  const give = (): WorkerTask | undefined => {
    if (isInterrupted || next >= end || tally.failed >= options.failures) return undefined;
    next += 1;
    return { seed: next - 1, twice: options.twice === true, shrink: options.shrink };
  };
  // The seeds at work are finished; asked twice, the process dies as usual.
  const onInterrupt = (): void => {
    isInterrupted = true;
  };
  process.once("SIGINT", onInterrupt);
  if (options.json === true) {
    print(JSON.stringify({ type: "campaign", commit, from: options.from, seeds: options.seeds }));
  }
  await Promise.all(
    Array.from({ length: Math.min(options.jobs, options.seeds) }, () => runWorker(give, report, options)),
  );
  process.removeListener("SIGINT", onInterrupt);
  const summary = summaryOf(tally);
  progress.clear();
  if (options.json === true) print(JSON.stringify(isInterrupted ? { ...summary, interrupted: true } : summary));
  else {
    if (isInterrupted) print(`interrupted after ${tally.seeds} of ${options.seeds} seeds`);
    print(
      `${counted(summary.seeds, "seed")}, ${summary.failed} failed; ${summary.virtualHours} virtual hours at ${summary.compression}× real time on one core`,
    );
    print(`faults injected: ${JSON.stringify(summary.faults)}`);
    print(`states reached: ${JSON.stringify(summary.sometimes)}`);
  }
  if (summary.failed > 0) return 1;
  return isInterrupted ? INTERRUPTED_EXIT : 0;
}

function reportFailure(answer: WorkerAnswer, commit: string, options: TestOptions): void {
  const { result, shrunk } = answer;
  const { failure, seed } = result;
  const mutant = options.mutant === undefined ? "" : ` --mutant ${options.mutant}`;
  const replayLine = `dikast sim replay ${seed}${mutant} --shrink`;
  if (options.json === true) {
    print(JSON.stringify({ type: "failure", commit, seed, ...failure, replay: replayLine, shrunk }));
    return;
  }
  print(
    `seed ${seed} failed at commit ${commit} after ${failure?.atMs} virtual ms: ${failure?.what}\n  replay: ${replayLine}`,
  );
  if (shrunk === undefined) return;
  print(
    `  shrunk in ${counted(shrunk.runs, "run")} to ${counted(shrunk.faults.length, "fault")} and ${counted(shrunk.submissions, "submission")}`,
  );
  for (const fault of shrunk.faults) print(`    ${JSON.stringify(fault)}`);
}

/** One line that is written over on a terminal; elsewhere a line now and then. Nothing among JSON Lines. */
class Progress {
  readonly #options: TestOptions;
  readonly #startedMs = performance.now();
  #printedMs = performance.now();

  constructor(options: TestOptions) {
    this.#options = options;
  }

  show(tally: Tally): void {
    if (this.#options.json === true) return;
    const nowMs = performance.now();
    const left = this.#options.seeds - tally.seeds;
    const leftMs = ((nowMs - this.#startedMs) / Math.max(1, tally.seeds)) * left;
    const text = `${tally.seeds}/${this.#options.seeds} seeds, ${tally.failed} failed, ${spell(leftMs)} left`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
    else if (nowMs - this.#printedMs >= PLAIN_LINE_EVERY_MS) {
      this.#printedMs = nowMs;
      process.stderr.write(`${text}\n`);
    }
  }

  clear(): void {
    if (this.#options.json !== true && process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  }
}

function spell(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The published package holds JavaScript, a checkout TypeScript. */
function workerFile(): string {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./sim-worker.${ending}`, import.meta.url));
}

/** Works until there is nothing left to give. A worker that dies or hangs fails its seed; another one goes on. */
async function runWorker(
  give: () => WorkerTask | undefined,
  report: (answer: WorkerAnswer) => void,
  options: TestOptions,
): Promise<void> {
  for (;;) {
    const lost = await runUntilDone(give, report, options);
    if (lost === undefined) return;
    if (lost.seed === undefined) throw new Error(`a worker could not start (${lost.how})`);
    report({ seed: lost.seed, cpuMs: 0, result: lostResult(lost.seed, lost.how) });
  }
}

function lostResult(seed: number, how: string): RunResult {
  const what = `the worker ${how}`;
  const failure = { invariant: "worker", what, atMs: 0 };
  return { seed, failure, traceHash: "", virtualMs: 0, events: 0, steps: 0, faults: {}, sometimes: {} };
}

/** Undefined when all is done; else the seed that took a worker with it. */
async function runUntilDone(
  give: () => WorkerTask | undefined,
  report: (answer: WorkerAnswer) => void,
  options: TestOptions,
): Promise<{ readonly seed: number | undefined; readonly how: string } | undefined> {
  const child: ChildProcess = fork(workerFile(), {
    env: { ...process.env, DIKAST_SIM_MUTANT: options.mutant ?? "" },
    // A worker that hangs on to memory is a bug; let it show.
    execArgv: ["--max-old-space-size=2048"],
  });
  return await new Promise((resolve, reject) => {
    let running: number | undefined;
    let isDone = false;
    let hangs: NodeJS.Timeout | undefined;
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearInterval(hangs);
      resolve(isDone ? undefined : { seed: running, how: `died (${code ?? signal})` });
    });
    child.on("message", (message: "ready" | WorkerAnswer) => {
      clearInterval(hangs);
      if (message !== "ready") report(message);
      const task = give();
      running = task?.seed;
      if (task === undefined) {
        isDone = true;
        child.disconnect();
        return;
      }
      let seconds = 0;
      hangs = setInterval(() => {
        seconds += 1;
        if (seconds >= SEED_SECONDS_MAX) child.kill("SIGKILL");
      }, 1000);
      child.send(task);
    });
  });
}

async function replay(seed: number, options: ReplayOptions): Promise<boolean> {
  const applied = options.mutant === undefined ? undefined : await applyMutant(options.mutant);
  // Imported only now: a mutant is made while its file is loaded.
  const { drawScenario, narrate, runScenario, shrink } = await import("../../sim/index.ts");
  if (applied?.() === false) throw new Error("the mutant's file was loaded before it could be changed");
  let scenario = drawScenario(seed);
  let result = runScenario(scenario);
  if (options.shrink === true && result.failure !== undefined) {
    const shrunk = shrink(scenario, (each) => runScenario(each));
    ({ scenario, result } = shrunk);
    if (options.json !== true)
      print(`shrunk in ${counted(shrunk.runs, "run")} to ${counted(scenario.faults.length, "fault")}:`);
  }
  if (options.transcript === true) result = runScenario(scenario, { narrator: narrate(print) });
  if (options.json === true) print(JSON.stringify({ type: "replay", ...result, scenario }));
  else {
    print(JSON.stringify(scenario));
    print(
      result.failure === undefined
        ? `seed ${seed} holds (${result.traceHash})`
        : `seed ${seed} fails after ${result.failure.atMs} virtual ms: ${result.failure.what}`,
    );
  }
  return result.failure === undefined;
}
