/** Shrinks a failing scenario to a small one that fails in the same way: delta debugging over faults, work and liars. */
import type { Scenario } from "../contest/scenario.ts";
import type { Fault } from "../faults/fault.ts";
import type { RunResult } from "./run.ts";

export interface Shrunk {
  readonly scenario: Scenario;
  readonly result: RunResult;
  /** How many runs it took. */
  readonly runs: number;
}

/** @param runsMax a budget: what was found so far is handed back when it is spent */
export function shrink(failing: Scenario, run: (scenario: Scenario) => RunResult, runsMax = 300): Shrunk {
  let scenario = failing;
  let result = run(scenario);
  let runs = 1;
  const wanted = result.failure?.invariant;
  if (wanted === undefined) return { scenario, result, runs };
  const adopt = (candidate: Scenario): boolean => {
    if (runs >= runsMax) return false;
    const tried = run(candidate);
    runs += 1;
    if (tried.failure?.invariant !== wanted) return false;
    scenario = candidate;
    result = tried;
    return true;
  };
  for (;;) {
    const before = sizeOf(scenario);
    shortenList(scenario.faults, (faults) => adopt({ ...scenario, faults }));
    shortenList(scenario.workload, (workload) => adopt({ ...scenario, workload }));
    shortenList(Object.keys(scenario.evaluatorRoles), (kept) =>
      adopt({
        ...scenario,
        evaluatorRoles: Object.fromEntries(
          Object.entries(scenario.evaluatorRoles).filter(([node]) => kept.includes(node)),
        ),
      }),
    );
    for (const simpler of simplifications(scenario)) adopt({ ...scenario, ...simpler });
    for (const [index, fault] of scenario.faults.entries()) {
      for (const easier of easierFaults(fault)) {
        if (adopt({ ...scenario, faults: scenario.faults.with(index, easier) })) break;
      }
    }
    if (sizeOf(scenario) === before) break;
  }
  return { scenario, result, runs };
}

function sizeOf(scenario: Scenario): number {
  return scenario.faults.length + scenario.workload.length + Object.keys(scenario.evaluatorRoles).length;
}

/** Zeller's ddmin, keeping order: tries to leave out ever smaller chunks. */
function shortenList<T>(list: readonly T[], adopt: (shorter: readonly T[]) => boolean): void {
  let current = list;
  for (let chunk = current.length; chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let start = 0; start < current.length; ) {
      const shorter = [...current.slice(0, start), ...current.slice(start + chunk)];
      if (adopt(shorter)) current = shorter;
      else start += chunk;
    }
  }
}

function simplifications(scenario: Scenario): readonly Partial<Scenario>[] {
  const wanted: readonly Partial<Scenario>[] = [
    { loss: 0 },
    { duplication: 0 },
    { reordering: 0 },
    { diskMicros: 0, diskStallEvery: 0 },
    { clockOffsetMsMax: 0, clockDriftPpmMax: 0 },
    { uplinkBitsPerSecond: 0 },
    { latency: { type: "constant", micros: 1000 } },
    { timing: {} },
    { leftDown: [] },
    { liars: {} },
    { twin: null },
    { maybe: 0 },
    { disputers: "none" },
    { checksPercent: 0 },
  ];
  return wanted.filter((simpler) =>
    Object.entries(simpler).some(
      ([key, value]) => JSON.stringify(scenario[key as keyof Scenario]) !== JSON.stringify(value),
    ),
  );
}

function easierFaults(fault: Fault): readonly Fault[] {
  if (fault.type === "flapping" && fault.times > 1) return [{ ...fault, times: 1 }];
  return fault.type === "partition" && fault.oneWay ? [{ ...fault, oneWay: false }] : [];
}
