/** A manifest with nothing unusual in it, for simulated contests and those of tests: each names what it wants otherwise. */
import { hashOf, type Manifest, type NodeId, type ProblemEntry } from "../../src/model/index.ts";

const NONCE_BYTES = 32;

export function plainProblem(id: string, overrides: Partial<ProblemEntry> = {}): ProblemEntry {
  return {
    id,
    label: "A",
    name: id,
    openBundle: null,
    sealedBundle: null,
    package: null,
    pointsMicros: 1_000_000,
    fullScoreMicros: 1_000_000,
    submissionsMax: null,
    sourceBytesMax: 65_536,
    expectedCostMs: 500,
    ...overrides,
  };
}

/** @param organizer also the one sage */
export function plainManifest(organizer: NodeId, overrides: Partial<Manifest> = {}): Manifest {
  return {
    name: "plain contest",
    organizer,
    startsAt: null,
    durationMs: 3_600_000,
    sessionMs: 600_000,
    problems: [plainProblem("hello")],
    languages: ["cpp"],
    judgeProfile: hashOf(new TextEncoder().encode("plain profile")),
    deterministic: true,
    rules: {
      type: "icpc",
      penaltyMinutes: 20,
      freezeMs: null,
      compileErrorPenalty: false,
      scoreMode: "max",
      submissionIntervalMs: 0,
    },
    clusterSize: 3,
    redundancy: null,
    checksPercent: 0,
    councilSize: 3,
    keepRegions: false,
    evaluators: "all",
    attemptsMax: 3,
    sages: [{ id: organizer, addresses: [] }],
    registration: { opensAt: null, closesAt: null, policy: "open", tokenHash: null, allowed: [], late: false },
    beacon: [],
    nonce: new Uint8Array(NONCE_BYTES),
    ...overrides,
  };
}
