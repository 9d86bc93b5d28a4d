/** Everything that decides one run, as plain data: printed, stored, shrunk and replayed. */
import type { Timing } from "../../sessions/index.ts";
import type { Verdict } from "../../src/model/index.ts";
import type { LiarRole } from "../byzantine/liar.ts";
import type { Fault } from "../faults/fault.ts";
import type { LatencyModel } from "../world/latency.ts";

/** How a node that evaluates does so. */
export type EvaluatorRole =
  | "honest"
  /** Claims a wrong verdict of its own. */
  | "wrong"
  /** Claims the same wrong verdict as every other colluder. */
  | "colluding"
  /** Runs nothing and claims AC. */
  | "lazy"
  /** Never answers. */
  | "silent"
  /** Says each time that it could not decide. */
  | "abstaining"
  /** Colludes with its like on some submissions, and judges the others honestly: nobody suspects it. */
  | "plotting"
  /** Errs at first, and judges honestly later. */
  | "reforming";

export interface PlannedSubmission {
  /** Virtual milliseconds. */
  readonly atMs: number;
  /** Node index. */
  readonly node: number;
  readonly problem: number;
  readonly verdict: Verdict;
  /** What judging it takes on an ordinary node. */
  readonly costMs: number;
}

export interface Scenario {
  readonly seed: number;
  /** Nodes 0 … sages−1 are sages, then participants, then jurors. */
  readonly sages: number;
  /** `sages`: nodes register; `given`: everybody holds the roster from the start, as in networks too large to gossip it. */
  readonly joining: "sages" | "given";
  readonly participants: number;
  readonly jurors: number;
  readonly problems: number;
  readonly clusterSize: number;
  readonly councilSize: number;
  readonly redundancy: number | null;
  readonly checksPercent: number;
  readonly attemptsMax: number;
  readonly evaluators: "all" | "jurors" | "jurors-first";
  readonly sessionMs: number;
  readonly durationMs: number;
  readonly timing: Partial<Timing>;
  readonly latency: LatencyModel;
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  readonly uplinkBitsPerSecond: number;
  readonly detectionMicros: number;
  /** Neighbours in the overlay. */
  readonly degree: number;
  /** Durable after about so many microseconds; 0 at once. */
  readonly diskMicros: number;
  readonly diskStallEvery: number;
  /** Clocks are wrong by up to ± so much, and drift by up to ± so much. */
  readonly clockOffsetMsMax: number;
  readonly clockDriftPpmMax: number;
  /** By node index; absent nodes are honest. */
  readonly evaluatorRoles: Readonly<Record<number, EvaluatorRole>>;
  /** Nodes whose unmodified machines are lied for; by node index. */
  readonly liars: Readonly<Record<number, LiarRole>>;
  /** This node's identity runs a second time, with unmodified code and a disk of its own; null: none does. */
  readonly twin: number | null;
  /** How often a machine does at one of its sites what it may do but seldom would; 0 is never, as in production. */
  readonly maybe: number;
  readonly workload: readonly PlannedSubmission[];
  /** Who disputes verdicts: nobody · those whose verdict is wrong · they, and many whose verdict is right. */
  readonly disputers: "none" | "wronged" | "quarrelsome";
  readonly faults: readonly Fault[];
  /** Faults stop here; the network heals and everything must settle within `livenessMs`. */
  readonly safetyMs: number;
  readonly livenessMs: number;
  /** Nodes that stay down in the liveness phase. */
  readonly leftDown: readonly number[];
}

export function nodeCount(scenario: Scenario): number {
  return scenario.sages + scenario.participants + scenario.jurors;
}

export function nodesFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Nodes whose promises do not count: they lie, run twice or lose their disk. */
export function isHonest(scenario: Scenario, node: number): boolean {
  // The twin's second host comes after all others.
  if (node >= nodeCount(scenario) || node === scenario.twin || scenario.liars[node] !== undefined) return false;
  return !scenario.faults.some((fault) => fault.type === "wipe" && fault.node === node);
}

export function isSage(scenario: Scenario, node: number): boolean {
  return node < scenario.sages;
}

export function isParticipant(scenario: Scenario, node: number): boolean {
  return node >= scenario.sages && node < scenario.sages + scenario.participants;
}
