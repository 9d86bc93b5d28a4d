/**
 * Invariant 7: with a majority of the council and of each cluster connected and no more faults, every election ends and
 * every task settles.
 */
import { statusOf, submissionOf } from "../../sessions/index.ts";
import type { Host } from "../world/host.ts";
import { type CheckerContext, type CheckerMaker, Violation } from "./checker.ts";

const NAME = "7-liveness";

export const liveness: CheckerMaker = (context) => ({
  name: NAME,
  settled() {
    const missing = unsettled(context);
    if (missing !== undefined) throw new Violation(NAME, missing);
  },
});

/** What has not settled yet, in words; undefined when all has. */
export function unsettled({ contest, isHonest }: CheckerContext): string | undefined {
  const watched = contest.world.hosts.filter((host) => isHonest(host.index) && host.status === "up");
  for (const host of watched) {
    const missing = unsettledAt(host, contest);
    if (missing !== undefined) return `node ${host.index}: ${missing}`;
  }
  for (const { submission, planned } of contest.taken) {
    const host = contest.world.hosts[planned.node];
    if (host === undefined || !watched.includes(host)) continue;
    const state = contest.stateOf(host);
    const view = state === undefined ? undefined : submissionOf(state, submission);
    if (view === undefined) return `node ${planned.node} does not know its own submission`;
    if (view.phase !== "settled" && view.phase !== "dead-letter") {
      return `a submission of node ${planned.node} is ${view.phase}${view.refusal === null ? "" : ` (${view.refusal})`}`;
    }
  }
  if (contest.taken.length < contest.scenario.workload.filter(({ node }) => isWatched(node, watched)).length) {
    return `only ${contest.taken.length} of ${contest.scenario.workload.length} submissions were taken on`;
  }
  return undefined;
}

function isWatched(node: number, watched: readonly Host[]): boolean {
  return watched.some((host) => host.index === node);
}

function unsettledAt(host: Host, contest: CheckerContext["contest"]): string | undefined {
  const state = contest.stateOf(host);
  if (state === undefined) return undefined;
  const status = statusOf(state);
  if (status.phase === "joining" || status.phase === "waiting") return `still ${status.phase}`;
  if (status.phase === "ended") return undefined;
  if (status.central === null) return "knows no central leader";
  if (status.cluster !== null && status.cluster.leader === null)
    return `knows no leader of cluster ${status.cluster.index}`;
  if (status.pending > 0) return `${status.pending} submissions pending`;
  if (status.disputed > 0) return `${status.disputed} disputes are open`;
  return undefined;
}
