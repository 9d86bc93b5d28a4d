/** A worker of `dikast sim test`: runs the seeds it is sent, one at a time, until its parent hangs up. */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import type { Fault, RunResult } from "../../sim/index.ts";

export interface WorkerTask {
  readonly seed: number;
  /** Run it again and compare the trace hashes. */
  readonly twice: boolean;
  /** A failure is made smaller. */
  readonly shrink: boolean;
}

export interface WorkerAnswer {
  readonly seed: number;
  readonly result: RunResult;
  readonly cpuMs: number;
  readonly shrunk?: {
    readonly runs: number;
    readonly faults: readonly Fault[];
    readonly submissions: number;
  };
}

/** Enough for some thirty faults; `dikast sim replay --shrink` takes more. */
const SHRINK_RUNS_MAX = 120;

/**
 * Breaks one line of the protocol while it is loaded. Must come before the simulator's first import; the function it
 * gives tells whether the file has been loaded, broken.
 */
export async function applyMutant(name: string): Promise<() => boolean> {
  const { applyEdit, MUTANTS } = await import("../../sim/mutants/index.ts");
  const mutant = MUTANTS.find((each) => each.name === name);
  if (mutant === undefined)
    throw new RangeError(`no mutant ${name}; there are ${MUTANTS.map((each) => each.name).join(", ")}`);
  const edits = new Map(
    mutant.edits.map((edit) => [fileURLToPath(new URL(`../../${edit.file}`, import.meta.url)), edit] as const),
  );
  let applied = 0;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const edit = url.startsWith("file:") ? edits.get(fileURLToPath(url)) : undefined;
      if (edit === undefined) return loaded;
      const source = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
      applied += 1;
      return { ...loaded, source: applyEdit(name, edit, source) };
    },
  });
  return () => applied === mutant.edits.length;
}

async function work(): Promise<void> {
  const mutant = process.env["DIKAST_SIM_MUTANT"];
  if (mutant !== undefined && mutant !== "") await applyMutant(mutant);
  const { drawScenario, runScenario, shrink } = await import("../../sim/index.ts");
  // Ctrl-C reaches the whole group of processes; the parent decides when its workers end.
  process.on("SIGINT", () => undefined);
  process.on("message", (task: WorkerTask) => {
    const before = process.cpuUsage();
    const scenario = drawScenario(task.seed);
    let result = runScenario(scenario);
    const used = process.cpuUsage(before);
    if (task.twice) {
      const again = runScenario(scenario);
      if (again.traceHash !== result.traceHash) {
        const what = `two runs gave ${result.traceHash} and ${again.traceHash}`;
        result = { ...result, failure: { invariant: "repeatable", what, atMs: 0 } };
      }
    }
    const answer: WorkerAnswer = { seed: task.seed, result, cpuMs: (used.user + used.system) / 1000 };
    const isReal = result.failure !== undefined && result.failure.invariant !== "repeatable";
    if (!task.shrink || !isReal) {
      process.send?.(answer);
      return;
    }
    const { runs, scenario: least } = shrink(scenario, (each) => runScenario(each), SHRINK_RUNS_MAX);
    const shrunk = { runs, faults: least.faults, submissions: least.workload.length };
    process.send?.({ ...answer, shrunk } satisfies WorkerAnswer);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.("ready");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await work();
