/** Adds up the results of many runs. */
import type { RunResult } from "../proving/run.ts";

export interface Tally {
  seeds: number;
  failed: number;
  virtualMs: number;
  /** Processor milliseconds of all workers. */
  cpuMs: number;
  events: number;
  readonly faults: Map<string, number>;
  readonly sometimes: Map<string, number>;
}

/** The last line of `dikast sim test --json`. */
export interface CampaignSummary {
  readonly type: "summary";
  readonly seeds: number;
  readonly failed: number;
  readonly virtualHours: number;
  /** Virtual time per processor time of one core. */
  readonly compression: number;
  readonly eventsPerSecond: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly sometimes: Readonly<Record<string, number>>;
}

export function newTally(): Tally {
  return { seeds: 0, failed: 0, virtualMs: 0, cpuMs: 0, events: 0, faults: new Map(), sometimes: new Map() };
}

export function addResult(tally: Tally, result: RunResult, cpuMs: number): void {
  tally.seeds += 1;
  if (result.failure !== undefined) tally.failed += 1;
  tally.virtualMs += result.virtualMs;
  tally.cpuMs += cpuMs;
  tally.events += result.events;
  addCounts(tally.faults, result.faults);
  addCounts(tally.sometimes, result.sometimes);
}

export function summaryOf(tally: Tally): CampaignSummary {
  const cpuMs = Math.max(1, tally.cpuMs);
  return {
    type: "summary",
    seeds: tally.seeds,
    failed: tally.failed,
    virtualHours: Math.round(tally.virtualMs / 3600) / 1000,
    compression: Math.round(tally.virtualMs / cpuMs),
    eventsPerSecond: Math.round((tally.events * 1000) / cpuMs),
    faults: sorted(tally.faults),
    sometimes: sorted(tally.sometimes),
  };
}

function addCounts(into: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) into.set(name, (into.get(name) ?? 0) + count);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
