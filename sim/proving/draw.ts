/** Draws a scenario from a seed: sizes, timings, networks, liars and faults, each feature left out half of the time. */
import { DEFAULT_TIMING, type Timing } from "../../sessions/index.ts";
import { LIAR_ROLES, type LiarRole } from "../byzantine/liar.ts";
import { type EvaluatorRole, nodesFrom, type PlannedSubmission, type Scenario } from "../contest/scenario.ts";
import { Randomness, type RandomStream } from "../engine/random.ts";
import { FAULT_TYPES, type Fault, type FaultType } from "../faults/fault.ts";
import type { LatencyModel } from "../world/latency.ts";

/** Registration and the first elections are over by then, usually; some faults come earlier on purpose. */
const WARM_UP_MS = 4000;
const CLUSTER_SIZE_MIN = 3;
const CLUSTER_MAJORITY_MIN = 2;
/** Three clusters, so that six have nothing to do with the third one's verdict. */
const PLOT_PARTICIPANTS_MIN = 9;

export function drawScenario(seed: number): Scenario {
  const randomness = new Randomness(seed);
  const size = randomness.stream(-1, "draw/size");
  const sages = size.pick([1, 1, 2, 3]);
  // A plot needs a jury to come out.
  const hasPlot = randomness.stream(-1, "draw/plot").chance(0.3);
  const participants = Math.max(hasPlot ? PLOT_PARTICIPANTS_MIN : 0, size.between(3, 12));
  const jurors = size.chance(0.25) ? size.between(1, 4) : 0;
  const nodes = sages + participants + jurors;
  const sessionMs = size.pick([8000, 12_000, 20_000, 60_000]);
  const safetyMs = size.between(10_000, 40_000);
  const network = randomness.stream(-1, "draw/network");
  const timing = drawTiming(randomness.stream(-1, "draw/timing"));
  const disk = randomness.stream(-1, "draw/disk");
  const clock = randomness.stream(-1, "draw/clock");
  const work = randomness.stream(-1, "draw/workload");
  const down = randomness.stream(-1, "draw/left-down");
  const bad = drawBadNode(randomness, sages, participants);
  // One node at most is no help in the end: of three members of a cluster two must be left.
  const mayStayDown = bad.type === "none" && participants + jurors > 3;
  const faults = [...drawFaults(randomness, nodes, safetyMs), ...drawChurn(randomness, sages, nodes, safetyMs)]
    .flatMap((fault) => onlyOneForgets(fault, bad))
    .sort((a, b) => a.atMs - b.atMs);
  const joining = size.chance(0.8) ? "sages" : "given";
  const problems = size.between(1, 4);
  const wantedSize = size.pick([3, 3, 5, 7]);
  const clusterSize = hasPlot ? CLUSTER_SIZE_MIN : wantedSize;
  const evaluatorRoles = hasPlot
    ? drawPlot(randomness.stream(-1, "draw/plotters"), sages, nodes)
    : drawRoles(randomness.stream(-1, "draw/roles"), sages, nodes);
  return {
    seed,
    sages,
    joining,
    participants,
    jurors,
    problems,
    clusterSize,
    councilSize: size.pick([3, 5, 5]),
    redundancy: size.chance(0.3) ? size.pick([1, 3]) : null,
    checksPercent: randomness.stream(-1, "draw/checks").pick([0, 0, 3, 20, 60]),
    attemptsMax: size.between(2, 5),
    evaluators: "all",
    sessionMs,
    durationMs: 3_600_000,
    timing,
    latency: drawLatencyModel(network),
    loss: network.chance(0.5) ? network.fraction() * 0.05 : 0,
    duplication: network.chance(0.5) ? network.fraction() * 0.05 : 0,
    reordering: network.chance(0.5) ? network.fraction() * 0.2 : 0,
    uplinkBitsPerSecond: network.chance(0.2) ? 10_000_000 : 0,
    detectionMicros: network.pick([20_000, 200_000, 2_000_000]),
    degree: network.pick([4, 8, 16]),
    diskMicros: disk.pick([0, 0, 300, 2000, 10_000]),
    diskStallEvery: disk.chance(0.3) ? 50 : 0,
    clockOffsetMsMax: clock.pick([0, 0, 50, 1000]),
    clockDriftPpmMax: clock.pick([0, 50, 100]),
    evaluatorRoles,
    liars: bad.type === "liar" ? { [bad.node]: bad.role } : {},
    twin: bad.type === "twin" ? bad.node : null,
    maybe: drawMaybe(randomness.stream(-1, "draw/maybe")),
    workload: drawWorkload(work, sages, participants, safetyMs),
    faults,
    safetyMs,
    disputers: randomness.stream(-1, "draw/disputers").pick(["none", "wronged", "wronged", "quarrelsome"]),
    // A dispute may be heard in three sessions.
    livenessMs: 360_000,
    leftDown: mayStayDown && down.chance(0.25) ? [sages + down.integer(participants)] : [],
  };
}

function drawLatencyModel(random: RandomStream): LatencyModel {
  switch (random.integer(5)) {
    case 0:
      return { type: "constant", micros: random.pick([300, 5000, 50_000]) };
    case 1:
      return { type: "exponential", minMicros: 200, meanMicros: random.pick([1000, 20_000]) };
    case 2:
      return { type: "uniform", baseMicros: random.pick([500, 10_000, 50_000]), jitter: 3 };
    case 3: {
      const [near, far] = [2000, random.pick([20_000, 80_000])];
      return {
        type: "regions",
        medianMicros: [
          [near, far, far],
          [far, near, far],
          [far, far, near],
        ],
        sigma: 0.2,
      };
    }
    default:
      return { type: "log-normal", medianMicros: random.pick([500, 5000, 30_000]), sigma: random.pick([0.2, 0.8]) };
  }
}

/** Every constant between a third and three times its default, held to what the constants demand of each other. */
function drawTiming(random: RandomStream): Partial<Timing> {
  if (random.chance(0.3)) return { assignmentMs: 8000, evaluationSilentMs: 2000, retryMaxMs: 3000 };
  const around = (value: number): number => Math.round(value * 3 ** (random.fraction() * 2 - 1));
  const heartbeatMs = Math.min(400, around(DEFAULT_TIMING.heartbeatMs));
  const suspectMs = Math.max(heartbeatMs * 4, around(DEFAULT_TIMING.suspectMs));
  return {
    heartbeatMs,
    suspectMs,
    deadMs: Math.max(suspectMs * 2, around(DEFAULT_TIMING.deadMs)),
    electionSpreadMinMs: around(DEFAULT_TIMING.electionSpreadMinMs),
    electionSpreadMaxMs: around(DEFAULT_TIMING.electionSpreadMaxMs),
    electionTimeoutMinMs: around(DEFAULT_TIMING.electionTimeoutMinMs),
    centralGraceMs: around(DEFAULT_TIMING.centralGraceMs),
    centralOpenMs: around(DEFAULT_TIMING.centralOpenMs),
    retryMinMs: around(DEFAULT_TIMING.retryMinMs),
    retryMaxMs: 3000,
    appendRetryMs: around(DEFAULT_TIMING.appendRetryMs),
    blockBatchMs: around(DEFAULT_TIMING.blockBatchMs),
    catchUpMs: around(DEFAULT_TIMING.catchUpMs),
    evaluationSilentMs: around(2000),
    assignmentMs: around(8000),
    progressMs: around(DEFAULT_TIMING.progressMs),
    electionTimeoutMaxMs: around(DEFAULT_TIMING.electionTimeoutMaxMs),
    mapLeadMs: around(DEFAULT_TIMING.mapLeadMs),
    standbyMs: around(DEFAULT_TIMING.standbyMs),
    censorshipMs: around(DEFAULT_TIMING.censorshipMs),
    submissionBurst: around(DEFAULT_TIMING.submissionBurst),
    submissionRefillMs: around(DEFAULT_TIMING.submissionRefillMs),
  };
}

function drawRoles(random: RandomStream, sages: number, nodes: number): Record<number, EvaluatorRole> {
  const roles: Record<number, EvaluatorRole> = {};
  if (random.chance(0.5)) return roles;
  const share = random.fraction() * 0.3;
  const kinds: readonly EvaluatorRole[] = ["wrong", "colluding", "lazy", "silent", "abstaining", "reforming"];
  const kind = random.pick(kinds);
  for (let node = sages; node < nodes; node += 1) {
    if (random.chance(share)) roles[node] = random.chance(0.7) ? kind : random.pick(kinds);
  }
  return roles;
}

/** A majority of the smallest cluster, and too few for any jury's: their lies go through, and must come out. */
function drawPlot(random: RandomStream, sages: number, nodes: number): Record<number, EvaluatorRole> {
  const plotters = random.shuffle(nodesFrom(sages, nodes - sages)).slice(0, CLUSTER_MAJORITY_MIN);
  return Object.fromEntries(plotters.map((node) => [node, "plotting"]));
}

type BadNode =
  | { readonly type: "none" }
  | { readonly type: "liar"; readonly node: number; readonly role: LiarRole }
  | { readonly type: "twin"; readonly node: number }
  | { readonly type: "forgetful"; readonly node: number };

/** At most one: the smallest clusters and councils have three members, and of three one may lie. */
function drawBadNode(randomness: Randomness, sages: number, participants: number): BadNode {
  const liars = randomness.stream(-1, "draw/liars");
  const others = randomness.stream(-1, "draw/twins");
  if (!liars.chance(0.6)) {
    return { type: "liar", node: sages + liars.integer(participants), role: liars.pick(LIAR_ROLES) };
  }
  if (!others.chance(0.3)) return { type: "none" };
  return { type: others.chance(0.5) ? "twin" : "forgetful", node: sages + others.integer(participants) };
}

function drawWorkload(
  random: RandomStream,
  sages: number,
  participants: number,
  safetyMs: number,
): PlannedSubmission[] {
  const count = random.pick([3, 10, 30]);
  return Array.from({ length: count }, () => ({
    atMs: random.between(2000, safetyMs),
    node: sages + random.integer(participants),
    problem: 0,
    verdict: random.pick(["AC", "AC", "WA", "TLE", "RE", "CE"] as const),
    costMs: random.pick([20, 200, 1000]),
  })).sort((a, b) => a.atMs - b.atMs);
}

function drawFaults(randomness: Randomness, nodes: number, safetyMs: number): Fault[] {
  const swarm = randomness.stream(-1, "draw/swarm");
  const enabled = FAULT_TYPES.filter(() => swarm.chance(0.4));
  if (enabled.length === 0) return [];
  const count = swarm.integer(16);
  const early = swarm.chance(0.2);
  const faults: Fault[] = [];
  for (let index = 0; index < count; index += 1) {
    // A stream for each fault: leaving one out shifts no other.
    const random = randomness.stream(index, "draw/fault");
    const atMs = random.between(early ? 0 : WARM_UP_MS, safetyMs);
    faults.push(drawFault(random.pick(enabled), atMs, nodes, random));
  }
  return faults;
}

/** People come and go: sessions as in traces, many short ones and a few long ones. Each crash stands alone, as any fault. */
function drawChurn(randomness: Randomness, sages: number, nodes: number, safetyMs: number): Fault[] {
  const random = randomness.stream(-1, "draw/churn");
  if (random.chance(0.85)) return [];
  const shape = 0.48 + 0.34 * random.fraction();
  const scaleMs = random.pick([3000, 10_000]);
  return nodesFrom(sages, nodes - sages).flatMap((node) => {
    const own = randomness.stream(node, "draw/churn");
    if (own.chance(0.5)) return [];
    const faults: Fault[] = [];
    let atMs = WARM_UP_MS;
    while (faults.length < CHURN_PER_NODE_MAX) {
      atMs += Math.round(500 + scaleMs * own.weibull(shape));
      if (atMs >= safetyMs) break;
      const downMs = Math.round(100 + 2000 * own.exponential());
      faults.push({ type: "churn", atMs, node, downMs });
      atMs += downMs;
    }
    return faults;
  });
}

const CHURN_PER_NODE_MAX = 6;

/** A disk that forgets makes its node untrustworthy: one in a run, and only in runs where nobody else is. */
function onlyOneForgets(fault: Fault, bad: BadNode): Fault[] {
  if (fault.type !== "wipe") return [fault];
  return bad.type === "forgetful" ? [{ ...fault, node: bad.node }] : [];
}

function drawMaybe(random: RandomStream): number {
  return random.chance(0.5) ? 0 : random.pick([0.01, 0.1]);
}

export function drawFault(type: FaultType, atMs: number, nodes: number, random: RandomStream): Fault {
  const node = random.integer(nodes);
  const duration = (): number => random.pick([50, 400, 1500, 5000, 12_000]);
  const cluster = random.chance(0.6) ? null : random.integer(3);
  const side = (): number[] => nodesFrom(0, nodes).filter(() => random.chance(0.5));
  switch (type) {
    case "crash":
    case "wipe":
    case "churn":
      return { type, atMs, node, downMs: duration() };
    case "crash-all":
      return { type, atMs, downMs: nodesFrom(0, nodes).map(() => random.between(1, 6000)) };
    case "crash-leader":
      return { type, atMs, cluster, downMs: duration() };
    case "pause-leader":
    case "isolate-leader":
      return { type, atMs, cluster, forMs: duration() };
    case "pause":
      return { type, atMs, node, forMs: duration() };
    case "partition":
      return { type, atMs, side: random.chance(0.3) ? [node] : side(), oneWay: random.chance(0.3), forMs: duration() };
    case "flapping":
      return { type, atMs, side: side(), periodMs: random.pick([100, 500, 2000]), times: random.between(2, 6) };
    case "loss":
      return { type, atMs, extra: random.pick([0.05, 0.2, 0.5]), forMs: duration() };
    case "slow-network":
      return { type, atMs, factor: random.pick([2, 5, 20]), forMs: duration() };
    case "slow-disk":
      return { type, atMs, node, micros: random.pick([20_000, 300_000]), forMs: duration() };
    case "clock-jump":
      return { type, atMs, node, byMs: random.pick([-2000, -200, 200, 2000]) };
  }
}
