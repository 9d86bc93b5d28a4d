/** A long contest with many submissions, and what its nodes hold meanwhile: whether state stays bounded (docs/protocol.md, "Bounds"). */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  ContestWorld,
  type Fault,
  type Host,
  idealKeys,
  plainScenario,
  Randomness,
  type Scenario,
} from "../../sim/index.ts";
import { FaultInjector } from "../../sim/faults/injector.ts";
import { stateSize } from "../../sim/statistics/state-size.ts";

export interface LongContestOptions {
  readonly nodes: number;
  readonly hours: number;
  readonly submissions: number;
  /** Between two looks, in virtual minutes. */
  readonly everyMinutes: number;
  readonly seed: number;
  readonly faults: boolean;
}

/** What the nodes hold at one moment; sizes are of the node that holds most of each. */
export interface Holdings {
  readonly hours: number;
  readonly submissions: number;
  readonly settled: number;
  readonly blocks: number;
  /** Of a node's state, by `stateSize`: the same on every machine. */
  readonly stateBytes: number;
  readonly storeBytes: number;
  readonly storeRecords: number;
  /** Receipts without a verdict. */
  readonly pending: number;
  /** Everything that waits: tasks, jobs, letters, sources, hand-overs, timers. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Of this process: all nodes and their disks. */
  readonly heapBytes: number;
  readonly restarts: number;
  readonly cpuMs: number;
  /** At the end: the node that holds most, restored from its store with nothing shared between nodes. */
  readonly alone: { readonly heapBytes: number; readonly restoreMs: number } | undefined;
}

/** Documented in docs/protocol.md: what does not grow, for some 30 nodes, and what each submission adds. */
const STATE_BYTES = 8_000_000;
const STATE_BYTES_EACH = 1000;

export function stateBoundOf(submissions: number): number {
  return STATE_BYTES + submissions * STATE_BYTES_EACH;
}

const SAGES = 2;
const SESSION_MS = 1_800_000;
const START_MS = 20_000;
/** After the last submission. */
const SETTLING_MS = 120_000;

export function longScenario({ nodes, hours, submissions, seed, faults }: LongContestOptions): Scenario {
  const participants = nodes - SAGES;
  const untilMs = hours * 3_600_000;
  const everyMs = (untilMs - START_MS - SETTLING_MS) / submissions;
  const random = new Randomness(seed).stream(-1, "long-contest");
  return plainScenario({
    seed,
    sages: SAGES,
    participants,
    problems: 10,
    clusterSize: 5,
    sessionMs: SESSION_MS,
    durationMs: untilMs + 3_600_000,
    latency: { type: "log-normal", medianMicros: 20_000, sigma: 0.4 },
    loss: faults ? 0.005 : 0,
    duplication: faults ? 0.005 : 0,
    clockOffsetMsMax: faults ? 200 : 0,
    clockDriftPpmMax: faults ? 50 : 0,
    workload: Array.from({ length: submissions }, (_, index) => ({
      atMs: Math.floor(START_MS + index * everyMs),
      node: SAGES + random.integer(participants),
      problem: random.integer(10),
      verdict: random.integer(3) === 0 ? ("WA" as const) : ("AC" as const),
      costMs: 50 + random.integer(200),
    })),
    faults: faults ? drawFaults(nodes, untilMs, random) : [],
    safetyMs: untilMs,
  });
}

/** Every half hour somebody dies for a while, now and then a leader; all at once after a third and after two thirds. */
function drawFaults(nodes: number, untilMs: number, random: { integer(bound: number): number }): Fault[] {
  const faults: Fault[] = [];
  const EVERY_MS = 1_800_000;
  for (let atMs = EVERY_MS / 2; atMs < untilMs - SETTLING_MS; atMs += EVERY_MS) {
    const downMs = 2000 + random.integer(30_000);
    const within = atMs + random.integer(EVERY_MS / 2);
    const node = random.integer(nodes);
    if (random.integer(3) === 0) faults.push({ type: "crash-leader", atMs: within, cluster: null, downMs });
    else faults.push({ type: "crash", atMs: within, node, downMs });
    faults.push({ type: "loss", atMs: within + 120_000, extra: 0.05, forMs: 60_000 });
  }
  for (const atMs of [Math.floor(untilMs / 3), Math.floor((untilMs * 2) / 3)]) {
    faults.push({
      type: "crash-all",
      atMs,
      downMs: Array.from({ length: nodes }, () => 1000 + random.integer(10_000)),
    });
  }
  return faults;
}

/** Yields what is held at each look, the last one at the end. */
export function* longContest(options: LongContestOptions): Generator<Holdings> {
  const scenario = longScenario(options);
  const contest = new ContestWorld(scenario, idealKeys(scenario.seed));
  const { world } = contest;
  const leader = { node: 1 };
  world.observers.push({
    noticed(host, notice) {
      if (notice.type === "leading") leader.node = host.index;
    },
  });
  const injector = new FaultInjector(world, () => leader.node);
  const start = cpuMs();
  contest.begin();
  injector.schedule(scenario.faults);
  const untilMicros = scenario.safetyMs * 1000;
  const everyMicros = options.everyMinutes * 60_000_000;
  while (world.now < untilMicros) {
    world.runUntil(Math.min(untilMicros, world.now + everyMicros));
    yield look(contest, cpuMs() - start, world.now >= untilMicros);
  }
}

function look(contest: ContestWorld, spentMs: number, isLast: boolean): Holdings {
  const { world } = contest;
  const up = world.hosts.filter(({ status }) => status === "up");
  const most = (of: (host: Host) => number): number => Math.max(0, ...up.map(of));
  const ledgers = up.flatMap((host) => contest.stateOf(host)?.live?.ledger ?? []);
  const first = ledgers[0];
  return {
    hours: world.now / 3_600_000_000,
    submissions: contest.taken.length,
    settled: Math.max(0, ...ledgers.map(({ submissions, pending }) => submissions.size - pending.size)),
    blocks: most((host) => (contest.stateOf(host)?.live?.chain.committed.head.index ?? -1) + 1),
    stateBytes: largestState(contest, up, isLast),
    storeBytes: most((host) => host.disk.recordBytes),
    storeRecords: most((host) => host.disk.recordCount),
    pending: first === undefined ? 0 : Math.max(...ledgers.map(({ pending }) => pending.size)),
    waiting: waiting(contest, up),
    heapBytes: heapBytes(),
    restarts: world.hosts.reduce((sum, { incarnation }) => sum + incarnation, 0),
    cpuMs: spentMs,
    alone: isLast
      ? restoredAlone(world.hosts.reduce((a, b) => (b.disk.recordCount > a.disk.recordCount ? b : a)))
      : undefined,
  };
}

/** In one process nodes share what they decoded; copies of the records share nothing. */
function restoredAlone(host: Host): Holdings["alone"] {
  const before = heapBytes();
  const records = host.disk.read().map(([key, value]) => [key, value.slice()] as const);
  const start = cpuMs();
  const machine = host.blueprint.boot({ records, incarnation: host.incarnation + 1, seed: 1n, at: host.clock.read(0) });
  const restoreMs = cpuMs() - start;
  records.length = 0;
  const held = heapBytes() - before;
  machine.checkInvariants();
  return { heapBytes: held, restoreMs };
}

/** Measuring all would take longer than the contest: until the end a sage and whoever stored most stand for all. */
function largestState(contest: ContestWorld, up: readonly Host[], isLast: boolean): number {
  const byRecords = up.toSorted((a, b) => b.disk.recordCount - a.disk.recordCount);
  const measured = isLast ? up : [...new Set([...up.slice(0, 1), ...byRecords.slice(0, 1)])];
  const sizes = measured.map((host) => {
    const state = contest.stateOf(host);
    return state === undefined ? 0 : stateSize(state, [state.config]).bytes;
  });
  return Math.max(0, ...sizes);
}

function waiting(contest: ContestWorld, up: readonly Host[]): Record<string, number> {
  const most: Record<string, number> = {};
  for (const host of up) {
    const state = contest.stateOf(host);
    const live = state?.live;
    if (state === undefined || live === null || live === undefined) continue;
    const counts = {
      outbox: state.outbox.size,
      details: state.details.size,
      watches: state.watches.size,
      bodies: live.bodies.size,
      tasks: live.tasks.size,
      standby: live.standby.size,
      jobs: live.evaluator.queue.size + live.evaluator.running.size,
      done: live.evaluator.done.size,
      handOver: live.handOver.length,
      early: live.catchUp.early.size,
      tail: live.storedTail.size,
      uncollected: live.uncollected.size,
      sessions: live.sessions.length,
      recentBytes: live.recent.bytes,
    };
    for (const [name, count] of Object.entries(counts)) most[name] = Math.max(most[name] ?? 0, count);
  }
  return most;
}

let collect: (() => void) | undefined;

function heapBytes(): number {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed;
}

/** Processor time, so that a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
