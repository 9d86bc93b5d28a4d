/** The simulated contests behind the figures. */
import type { Notice } from "../../sessions/index.ts";
import {
  type Fault,
  idealKeys,
  ContestWorld,
  plainScenario,
  type PlannedSubmission,
  runScenario,
  type Scenario,
} from "../../sim/index.ts";
import { FaultInjector } from "../../sim/faults/injector.ts";

function workload(
  count: number,
  participants: number,
  fromMs: number,
  everyMs: number,
  costMs: number,
): PlannedSubmission[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: fromMs + index * everyMs,
    node: 1 + (index % participants),
    problem: 0,
    verdict: index % 3 === 0 ? ("WA" as const) : ("AC" as const),
    costMs,
  }));
}

/** Processor time, so that a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A contest of 20 minutes on one core with every checker after every step: a submission every 10 s, a crash every 30 s. */
export function compression(nodes: number): { readonly ratio: number; readonly eventsPerSecond: number } {
  const safetyMs = 1_200_000;
  const faults: Fault[] = Array.from({ length: 39 }, (_, index) => ({
    type: "crash",
    atMs: 20_000 + index * 30_000,
    node: 1 + (index % (nodes - 1)),
    downMs: 4000,
  }));
  const scenario = plainScenario({
    participants: nodes - 1,
    safetyMs,
    faults,
    workload: workload(118, nodes - 1, 10_000, 10_000, 300),
  });
  runScenario({ ...scenario, safetyMs: 60_000 });
  const start = cpuMs();
  const result = runScenario(scenario);
  const elapsedMs = cpuMs() - start;
  if (result.failure !== undefined) throw new Error(result.failure.what);
  return { ratio: result.virtualMs / elapsedMs, eventsPerSecond: (result.events * 1000) / elapsedMs };
}

interface Watched {
  readonly contest: ContestWorld;
  readonly injector: FaultInjector;
  readonly leaderOf: (cluster: number | null) => number | undefined;
  readonly onNotice: (listener: (node: number, notice: Notice) => void) => void;
}

/** A world without checkers, whose leaders are known. */
function watched(scenario: Scenario): Watched {
  const contest = new ContestWorld(scenario, idealKeys(scenario.seed));
  const leaders = new Map<number | null, { readonly order: number; readonly node: number }>();
  const listeners: ((node: number, notice: Notice) => void)[] = [];
  contest.world.observers.push({
    noticed(host, given) {
      const notice = given as Notice;
      if (notice.type === "leader-elected") {
        const scope = notice.scope === "central" ? null : notice.scope;
        const order = notice.session * 65_536 + notice.round;
        if (order > (leaders.get(scope)?.order ?? -1)) {
          leaders.set(scope, { order, node: contest.nodeOf.get(notice.leader) as number });
        }
      }
      for (const listener of listeners) listener(host.index, notice);
    },
  });
  const leaderOf = (cluster: number | null): number | undefined => leaders.get(cluster)?.node;
  const injector = new FaultInjector(contest.world, leaderOf);
  return { contest, injector, leaderOf, onNotice: (listener) => void listeners.push(listener) };
}

/**
 * From the crash of a leader until another one serves: central, until it commits blocks; cluster, until a majority has
 * elected it. In milliseconds, of so many crashes in each of four contests.
 */
export function failOver(
  which: "central" | "cluster",
  oneWayMicros: number,
  crashes = 250,
): { readonly times: readonly number[]; readonly missed: number } {
  const times: number[] = [];
  let missed = 0;
  const LIMIT_MS = 20_000;
  for (let seed = 1; seed <= 4; seed += 1) {
    const { contest, leaderOf, onNotice } = watched(
      plainScenario({
        seed,
        participants: 9,
        sessionMs: 100_000_000,
        durationMs: 100_000_000,
        latency: { type: "log-normal", medianMicros: oneWayMicros, sigma: 0.1 },
      }),
    );
    const scope = which === "central" ? null : 0;
    let replacedMs: number | undefined;
    let crashed = -1;
    onNotice((node, notice) => {
      if (replacedMs !== undefined || node === crashed) return;
      const isNew =
        which === "central"
          ? notice.type === "leading"
          : notice.type === "leader-elected" && notice.scope === scope && contest.nodeOf.get(notice.leader) !== crashed;
      if (isNew) replacedMs = contest.world.now / 1000;
    });
    contest.begin();
    contest.world.runUntil(15_000_000);
    for (let crash = 0; crash < crashes; crash += 1) {
      const leader = leaderOf(scope);
      if (leader === undefined) throw new Error("nobody leads");
      crashed = leader;
      replacedMs = undefined;
      const startMs = contest.world.now / 1000;
      contest.world.crash(leader);
      contest.world.runWhile(() => replacedMs === undefined, (startMs + LIMIT_MS) * 1000, 5000);
      if (replacedMs === undefined) missed += 1;
      else times.push(replacedMs - startMs);
      contest.world.runUntil(contest.world.now + 1_000_000);
      contest.world.start(leader);
      // It returns and catches up; crashes are not aligned with heartbeats.
      contest.world.runUntil(contest.world.now + 6_000_000 + ((crash * 7919) % 1000) * 1000);
    }
  }
  return { times, missed };
}

/**
 * While nothing fails: leaders that were replaced all the same, and nodes that doubted their leader in vain. Also the
 * rounds lost at the start of sessions.
 */
export function calmElections(hours = 6): {
  readonly replaced: number;
  readonly doubts: number;
  readonly lostRounds: number;
  readonly elections: number;
  readonly hours: number;
} {
  const { contest, onNotice } = watched(
    plainScenario({
      participants: 9,
      sessionMs: 1_800_000,
      durationMs: 100_000_000,
      latency: { type: "uniform", baseMicros: 20_000, jitter: 3 },
      loss: 0.01,
    }),
  );
  const first = new Map<string, number>();
  const later = new Set<string>();
  let [doubts, lostRounds] = [0, 0];
  onNotice((_node, notice) => {
    if (notice.type === "re-election") {
      if (notice.reason === "leader-silent") doubts += 1;
      else lostRounds += 1;
    }
    if (notice.type !== "leader-elected") return;
    const election = `${notice.scope}/${notice.session}`;
    const round = Math.min(first.get(election) ?? notice.round, notice.round);
    first.set(election, round);
    if (notice.round > round) later.add(`${election}/${notice.round}`);
  });
  contest.begin();
  contest.world.runUntil(hours * 3_600_000_000);
  return { replaced: later.size, doubts, lostRounds, elections: first.size, hours };
}

/** Submissions one at a time; from submitting to the receipt, and to the verdict beyond the evaluation itself. */
export function commitLatency(
  nodes: number,
  oneWayMicros: number,
): { readonly receipts: readonly number[]; readonly verdictOverheads: readonly number[] } {
  const costMs = 200;
  const { contest, onNotice } = watched(
    plainScenario({
      participants: nodes - 1,
      clusterSize: 5,
      sessionMs: 600_000,
      latency: { type: "log-normal", medianMicros: oneWayMicros, sigma: 0.1 },
      workload: workload(100, nodes - 1, 30_000, 1500, costMs),
    }),
  );
  const receipts: number[] = [];
  const verdictOverheads: number[] = [];
  const sent = new Map<string, number>();
  onNotice((node, notice) => {
    const nowMs = contest.world.now / 1000;
    for (const taken of contest.taken.slice(sent.size)) sent.set(taken.submission, taken.planned.atMs);
    if (notice.type !== "submission-accepted" && notice.type !== "verdict-settled") return;
    if (contest.nodeOf.get(notice.submitter) !== node) return;
    const atMs = sent.get(notice.submission);
    if (atMs === undefined) return;
    if (notice.type === "submission-accepted") receipts.push(nowMs - atMs);
    else verdictOverheads.push(nowMs - atMs - costMs);
  });
  contest.begin();
  contest.world.runUntil(200_000_000);
  return { receipts, verdictOverheads };
}

/** A day with 100,000 submissions. */
export function longContest(): {
  readonly submissions: number;
  readonly hours: number;
  readonly heapMb: number;
  readonly eventsPerSecond: number;
} {
  const hours = 24;
  const submissions = 100_000;
  const everyMs = Math.floor((hours * 3_600_000 - 120_000) / submissions);
  const { contest } = watched(
    plainScenario({
      participants: 9,
      sessionMs: 1_800_000,
      durationMs: (hours + 1) * 3_600_000,
      workload: workload(submissions, 9, 20_000, everyMs, 100),
    }),
  );
  const start = cpuMs();
  contest.begin();
  contest.world.runUntil(hours * 3_600_000_000);
  const elapsedMs = cpuMs() - start;
  globalThis.gc?.();
  return {
    submissions: contest.taken.length,
    hours,
    heapMb: process.memoryUsage().heapUsed / 1e6,
    eventsPerSecond: (contest.world.counters.events * 1000) / elapsedMs,
  };
}
