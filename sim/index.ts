/**
 * The simulator: the production machines in a virtual world of networks, clocks, disks and faults, on one thread and
 * repeatable from a seed.
 *
 * ```ts
 * const world = new World(blueprints, { seed: 7 });
 * world.start(0);
 * world.runUntil(5_000_000); // five virtual seconds
 * world.trace.digest; // the same on every machine
 * ```
 */
export { addResult, type CampaignSummary, newTally, summaryOf, type Tally } from "./campaign/tally.ts";
export type { Checker, CheckerMaker, CommittedBlock } from "./checkers/checker.ts";
export { Violation } from "./checkers/checker.ts";
export { ContestWorld } from "./contest/contest-world.ts";
export { plainScenario } from "./contest/plain.ts";
export type { EvaluatorRole, PlannedSubmission, Scenario } from "./contest/scenario.ts";
export { idealKeys, type IdealKeys } from "./crypto/ideal.ts";
export { type RealCrypto, realKeys } from "./crypto/real.ts";
export { withShortCuts } from "./crypto/short-cuts.ts";
export type { EventQueue, QueueEntry } from "./engine/queue.ts";
export { Randomness, RandomStream } from "./engine/random.ts";
export { TraceHash } from "./engine/trace.ts";
export { TimingWheel } from "./engine/wheel.ts";
export type { Fault, FaultType } from "./faults/fault.ts";
export { drawScenario } from "./proving/draw.ts";
export { type RunOptions, type RunResult, runScenario } from "./proving/run.ts";
export { shrink, type Shrunk } from "./proving/shrink.ts";
export { narrate, type Narrator } from "./proving/transcript.ts";
export { type ClockOptions, contestTime, EPOCH_MS, PERFECT_CLOCK } from "./world/clock.ts";
export { type DiskOptions, INSTANT_DISK } from "./world/disk.ts";
export type { EvaluatorModel } from "./world/evaluator.ts";
export type { Host } from "./world/host.ts";
export { drawLatency, type LatencyModel } from "./world/latency.ts";
export type { Blueprint, Boot, Interceptor, Machine } from "./world/machine.ts";
export { CALM_NETWORK, type Cut, type NetworkOptions } from "./world/network.ts";
export { type Observer, World, type WorldOptions } from "./world/world.ts";
