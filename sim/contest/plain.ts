/** A calm contest on a good network, to start from: nothing fails, everybody is honest. */
import type { Scenario } from "./scenario.ts";

export function plainScenario(overrides: Partial<Scenario> = {}): Scenario {
  return {
    seed: 1,
    sages: 1,
    participants: 9,
    jurors: 0,
    problems: 1,
    clusterSize: 3,
    councilSize: 5,
    redundancy: null,
    attemptsMax: 3,
    evaluators: "all",
    sessionMs: 60_000,
    durationMs: 3_600_000,
    timing: {},
    latency: { type: "log-normal", medianMicros: 500, sigma: 0.3 },
    loss: 0,
    duplication: 0,
    reordering: 0,
    uplinkBitsPerSecond: 0,
    detectionMicros: 20_000,
    degree: 8,
    diskMicros: 500,
    diskStallEvery: 0,
    clockOffsetMsMax: 0,
    clockDriftPpmMax: 0,
    evaluatorRoles: {},
    liars: {},
    workload: [],
    faults: [],
    safetyMs: 10_000,
    livenessMs: 60_000,
    leftDown: [],
    ...overrides,
  };
}
