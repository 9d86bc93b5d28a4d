/** The simulated contests behind the figures. */
import type { Notice } from "../../sessions/index.ts";
import {
  drawScenario,
  type Fault,
  idealKeys,
  ContestWorld,
  plainScenario,
  type PlannedSubmission,
  runScenario,
  type Scenario,
} from "../../sim/index.ts";
import { FaultInjector } from "../../sim/faults/injector.ts";
import { stateSize } from "../../sim/statistics/state-size.ts";

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

export interface Compression {
  /** Virtual time per processor time. */
  readonly ratio: number;
  readonly eventsPerSecond: number;
  readonly eventsPerVirtualSecond: number;
}

/**
 * Two hours of a contest on one core, every checker after every step, ordinary timing. Busy: a submission every 10 s and a
 * crash every 30 s; else nothing but heartbeats and sessions.
 */
export function compression(nodes: number, isBusy: boolean): Compression {
  const safetyMs = 7_200_000;
  const faults: Fault[] = Array.from({ length: 239 }, (_, index) => ({
    type: "crash",
    atMs: 20_000 + index * 30_000,
    node: 1 + (index % (nodes - 1)),
    downMs: 4000,
  }));
  const scenario = plainScenario({
    participants: nodes - 1,
    safetyMs,
    durationMs: 2 * safetyMs,
    faults: isBusy ? faults : [],
    workload: isBusy ? workload(718, nodes - 1, 10_000, 10_000, 300) : [],
  });
  // The compiler's warm-up is no part of it.
  runScenario({ ...scenario, safetyMs: 300_000 });
  return measured([scenario]);
}

/** What `dikast sim test` does: everything drawn from seeds, small contests full of faults. */
export function campaign(seeds: number): Compression {
  const scenarios = Array.from({ length: seeds }, (_, index) => drawScenario(1 + index));
  for (const scenario of scenarios.slice(0, Math.ceil(seeds / 3))) runScenario(scenario);
  return measured(scenarios);
}

function measured(scenarios: readonly Scenario[]): Compression {
  const start = cpuMs();
  let [virtualMs, events] = [0, 0];
  for (const scenario of scenarios) {
    const result = runScenario(scenario);
    if (result.failure !== undefined) throw new Error(`seed ${scenario.seed}: ${result.failure.what}`);
    virtualMs += result.virtualMs;
    events += result.events;
  }
  const elapsedMs = cpuMs() - start;
  return {
    ratio: virtualMs / elapsedMs,
    eventsPerSecond: (events * 1000) / elapsedMs,
    eventsPerVirtualSecond: (events * 1000) / virtualMs,
  };
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

export interface CommitLatency {
  readonly receipts: readonly number[];
  /** From submitting to the verdict, beyond one evaluation. */
  readonly verdictOverheads: readonly number[];
  /** From a majority's last evaluation to its signatures at the cluster's leader, beyond the one hop that a bare result takes. */
  readonly certificates: readonly number[];
}

/** Submissions one at a time. */
export function commitLatency(nodes: number, oneWayMicros: number): CommitLatency {
  const costMs = 200;
  const clusterSize = 5;
  const majority = 3;
  const { contest, onNotice } = watched(
    plainScenario({
      participants: nodes - 1,
      clusterSize,
      sessionMs: 600_000,
      latency: { type: "log-normal", medianMicros: oneWayMicros, sigma: 0.1 },
      workload: workload(60, nodes - 1, 30_000, 1500, costMs),
    }),
  );
  const receipts: number[] = [];
  const verdictOverheads: number[] = [];
  const certificates: number[] = [];
  const sent = new Map<string, number>();
  const evaluated = new Map<string, number[]>();
  const revealed = new Map<string, number>();
  onNotice((node, notice) => {
    const nowMs = contest.world.now / 1000;
    for (const taken of contest.taken.slice(sent.size)) sent.set(taken.submission, taken.planned.atMs);
    if (notice.type === "evaluation-finished") {
      evaluated.set(notice.submission, [...(evaluated.get(notice.submission) ?? []), nowMs]);
    } else if (notice.type === "result-received") {
      const count = (revealed.get(notice.submission) ?? 0) + 1;
      revealed.set(notice.submission, count);
      const last = evaluated.get(notice.submission)?.[majority - 1];
      if (count === majority && last !== undefined) certificates.push(nowMs - last - oneWayMicros / 1000);
    }
    if (notice.type !== "submission-accepted" && notice.type !== "verdict-settled") return;
    if (contest.nodeOf.get(notice.submitter) !== node) return;
    const atMs = sent.get(notice.submission);
    if (atMs === undefined) return;
    if (notice.type === "submission-accepted") receipts.push(nowMs - atMs);
    else verdictOverheads.push(nowMs - atMs - costMs);
  });
  contest.begin();
  contest.world.runUntil(130_000_000);
  return { receipts, verdictOverheads, certificates };
}

export interface LongContest {
  readonly submissions: number;
  readonly hours: number;
  /** Of the node that holds most. */
  readonly stateMb: number;
  readonly quarterMb: number;
  /** Of the store of one node. */
  readonly diskMb: number;
  readonly eventsPerSecond: number;
}

/** A day with 100,000 submissions. Heartbeats are slow, as they leave nothing behind: the day would take ten minutes. */
export function longContest(submissions = 100_000): LongContest {
  const hours = 24;
  const participants = 5;
  const everyMs = Math.floor((hours * 3_600_000 - 120_000) / submissions);
  const { contest } = watched(
    plainScenario({
      participants,
      degree: 3,
      sessionMs: 1_800_000,
      durationMs: (hours + 1) * 3_600_000,
      timing: { heartbeatMs: 2000, suspectMs: 9000, deadMs: 30_000, submissionBurst: 1000 },
      workload: workload(submissions, participants, 20_000, everyMs, 100),
    }),
  );
  const largest = (): number =>
    Math.max(
      ...contest.world.hosts.map((host) => {
        const state = contest.stateOf(host);
        return state === undefined ? 0 : stateSize(state, [state.config]).bytes / 1e6;
      }),
    );
  const start = cpuMs();
  contest.begin();
  contest.world.runUntil((hours / 4) * 3_600_000_000);
  const quarterMb = largest();
  contest.world.runUntil(hours * 3_600_000_000);
  const elapsedMs = cpuMs() - start;
  return {
    submissions: contest.taken.length,
    hours,
    stateMb: largest(),
    quarterMb,
    diskMb: (contest.world.hosts[1]?.disk.recordBytes ?? 0) / 1e6,
    eventsPerSecond: (contest.world.counters.events * 1000) / elapsedMs,
  };
}
