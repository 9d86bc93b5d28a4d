/** `dikast sim …`: the proving ground. */
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
    .option("--mutant <name>", "break one line of the protocol first (only in a checkout)")
    .option("--json", "JSON Lines; the last one is the summary")
    .action(async (options: TestOptions) => {
      process.exitCode = (await runTest(options)) ? 0 : 1;
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

async function runTest(options: TestOptions): Promise<boolean> {
  const { addResult, newTally, summaryOf } = await import("../../sim/index.ts");
  const tally = newTally();
  const commit = commitOf();
  const end = options.from + options.seeds;
  let next = options.from;
  const report = (answer: WorkerAnswer): void => {
    addResult(tally, answer.result, answer.cpuMs);
    if (answer.result.failure !== undefined) reportFailure(answer.result, commit, options);
    showProgress(tally, options);
  };
  const give = (): WorkerTask | undefined => {
    if (next >= end || tally.failed >= options.failures) return undefined;
    next += 1;
    return { seed: next - 1, twice: options.twice === true };
  };
  await Promise.all(
    Array.from({ length: Math.min(options.jobs, options.seeds) }, () => runWorker(give, report, options)),
  );
  const summary = summaryOf(tally);
  if (options.json === true) print(JSON.stringify(summary));
  else {
    if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
    print(
      `${summary.seeds} seeds, ${summary.failed} failed; ${summary.virtualHours} virtual hours at ${summary.compression}× real time on one core`,
    );
    print(`faults injected: ${JSON.stringify(summary.faults)}`);
    print(`states reached: ${JSON.stringify(summary.sometimes)}`);
  }
  return summary.failed === 0;
}

function reportFailure(result: RunResult, commit: string, options: TestOptions): void {
  const { failure, seed } = result;
  const mutant = options.mutant === undefined ? "" : ` --mutant ${options.mutant}`;
  const replayLine = `dikast sim replay ${seed}${mutant} --shrink`;
  if (options.json === true) print(JSON.stringify({ type: "failure", commit, seed, ...failure, replay: replayLine }));
  else
    print(
      `seed ${seed} failed at commit ${commit} after ${failure?.atMs} virtual ms: ${failure?.what}\n  replay: ${replayLine}`,
    );
}

function showProgress(tally: Tally, options: TestOptions): void {
  const text = `${tally.seeds}/${options.seeds} seeds, ${tally.failed} failed`;
  if (options.json === true) return;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  else if (tally.seeds % 100 === 0) print(text);
}

/** The published package holds JavaScript, a checkout TypeScript. */
function workerFile(): string {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./sim-worker.${ending}`, import.meta.url));
}

async function runWorker(
  give: () => WorkerTask | undefined,
  report: (answer: WorkerAnswer) => void,
  options: TestOptions,
): Promise<void> {
  const child: ChildProcess = fork(workerFile(), {
    env: { ...process.env, DIKAST_SIM_MUTANT: options.mutant ?? "" },
    // A worker that hangs on to memory is a bug; let it show.
    execArgv: ["--max-old-space-size=2048"],
  });
  await new Promise<void>((resolve, reject) => {
    let running: number | undefined;
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (running === undefined) resolve();
      else reject(new Error(`the worker of seed ${running} died (${code ?? signal})`));
    });
    child.on("message", (message: "ready" | WorkerAnswer) => {
      if (message !== "ready") report(message);
      const task = give();
      running = task?.seed;
      if (task === undefined) child.disconnect();
      else child.send(task);
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
    if (options.json !== true) print(`shrunk in ${shrunk.runs} runs to ${scenario.faults.length} faults:`);
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
