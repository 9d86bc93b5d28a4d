/**
 * Which cluster gets a task: the least pending expected cost among the clusters that have a leader and the language
 * (protocol.md §6.3). A fold of the log, so that anyone can check every choice.
 */
import { type Hash, hashOfText, invariant } from "../../src/model/index.ts";

export interface SchedulerCluster {
  readonly languages: ReadonlySet<string>;
  /** Has a logged leader. */
  led: boolean;
  /** Enough of its members' results count for a majority (§9). */
  fit: boolean;
  /** Sum of the expected costs of its unsettled tasks, in ms. */
  load: number;
  tasks: number;
}

export interface Scheduler {
  session: number;
  clusters: SchedulerCluster[];
  /** Expected cost by problem and language: a running mean of what the log shows. */
  readonly expected: Map<string, number>;
  /** Tasks assigned and unsettled in this session: what to take off a cluster's load. */
  readonly assigned: Map<Hash, { readonly cluster: number; readonly cost: number }>;
}

/** As if it had tried so often in vain: only where no other is left. */
const UNFIT = 1_000_000;
/** Bounds the load's sum to a safe integer for millions of tasks. */
const COST_MAX = 1_000_000_000;

export function newScheduler(): Scheduler {
  return { session: -1, clusters: [], expected: new Map(), assigned: new Map() };
}

/** For a leader that plans ahead of what is committed. */
export function copyScheduler(from: Scheduler): Scheduler {
  return {
    session: from.session,
    clusters: from.clusters.map((cluster) => ({ ...cluster })),
    expected: new Map(from.expected),
    assigned: new Map(from.assigned),
  };
}

/** A new session: other clusters, nothing pending in them. */
export function resetClusters(scheduler: Scheduler, session: number, languages: readonly ReadonlySet<string>[]): void {
  scheduler.session = session;
  scheduler.clusters = languages.map((each) => ({ languages: each, led: false, fit: true, load: 0, tasks: 0 }));
  scheduler.assigned.clear();
}

export function markLed(scheduler: Scheduler, cluster: number): void {
  const entry = scheduler.clusters[cluster];
  if (entry !== undefined) entry.led = true;
}

/** Who was found to lie may be most of a cluster: others get its work. */
export function markFit(scheduler: Scheduler, isFit: (cluster: number) => boolean): void {
  for (const [index, cluster] of scheduler.clusters.entries()) cluster.fit = isFit(index);
}

/**
 * Ties are broken by the hash of submission and cluster. Clusters in `tried` come last: they had it already.
 * Undefined when no cluster with a leader has the language.
 */
export function chooseCluster(
  scheduler: Scheduler,
  submission: Hash,
  language: string,
  tried: readonly number[],
): number | undefined {
  let best: { readonly index: number; readonly again: number; readonly load: number } | undefined;
  let bestRank: Hash | undefined;
  for (const [index, cluster] of scheduler.clusters.entries()) {
    if (!cluster.led || !cluster.languages.has(language)) continue;
    const again = tried.filter((each) => each === index).length + (cluster.fit ? 0 : UNFIT);
    const order = best === undefined ? -1 : again - best.again || cluster.load - best.load;
    if (order > 0) continue;
    if (order < 0) {
      best = { index, again, load: cluster.load };
      bestRank = undefined;
    } else {
      invariant(best !== undefined, "a tie needs two");
      bestRank ??= tieRank(submission, best.index);
      const rank = tieRank(submission, index);
      if (rank < bestRank) {
        best = { index, again, load: cluster.load };
        bestRank = rank;
      }
    }
  }
  return best?.index;
}

function tieRank(submission: Hash, cluster: number): Hash {
  return hashOfText(`${submission}/${cluster}`);
}

export function expectedCost(scheduler: Scheduler, problem: string, language: string, firstGuessMs: number): number {
  return scheduler.expected.get(`${problem}/${language}`) ?? firstGuessMs;
}

export function recordAssigned(scheduler: Scheduler, submission: Hash, cluster: number, cost: number): void {
  recordDone(scheduler, submission);
  const entry = scheduler.clusters[cluster];
  if (entry === undefined) return;
  entry.load += cost;
  entry.tasks += 1;
  scheduler.assigned.set(submission, { cluster, cost });
}

export function recordDone(scheduler: Scheduler, submission: Hash): void {
  const task = scheduler.assigned.get(submission);
  if (task === undefined) return;
  scheduler.assigned.delete(submission);
  const entry = scheduler.clusters[task.cluster];
  if (entry === undefined) return;
  entry.load -= task.cost;
  entry.tasks -= 1;
}

/** `tookMs`: from assignment to verdict, as the blocks' times tell. Weight 1/4, integers only. */
export function learnCost(
  scheduler: Scheduler,
  problem: string,
  language: string,
  guessMs: number,
  tookMs: number,
): void {
  const before = expectedCost(scheduler, problem, language, guessMs);
  const bounded = Math.min(COST_MAX, Math.max(1, tookMs));
  scheduler.expected.set(`${problem}/${language}`, Math.floor((3 * before + bounded) / 4));
}
