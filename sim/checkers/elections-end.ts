/**
 * Invariant 7 for the clusters' elections: once faults have ended, a cluster has a leader within a few rounds, and whatever
 * the faults, whoever has no leader goes on: a timer of its own ends its round. The next session begins a new election, and
 * would hide one that does not end.
 */
import { CLUSTER_ELECTION_TIMER, DEFAULT_TIMING, isElecting, statusOf, type Timing } from "../../sessions/index.ts";
import type { Host } from "../world/host.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "7-elections-end";

/** Without a leader, in one session and one life of a node. */
interface Wait {
  readonly session: number;
  readonly life: number;
  readonly sinceMs: number;
}

export const electionsEnd: CheckerMaker = ({ contest, isHonest }) => {
  const { scenario, world } = contest;
  const waits = new Map<Host, Wait>();
  const timing = { ...DEFAULT_TIMING, ...scenario.timing };
  const limitMs = roundsMs(timing);
  const longestMs = longestWaitMs(timing);
  return {
    name: NAME,
    checkpoint() {
      const nowMs = world.now / 1000;
      for (const host of world.hosts) {
        const state = isHonest(host.index) && host.status === "up" ? contest.stateOf(host) : undefined;
        const view = state?.live?.sessions[0];
        if (state !== undefined && view !== undefined && view.cluster !== null && isElecting(state.live)) {
          const inMicros = host.timerIn(CLUSTER_ELECTION_TIMER);
          if (inMicros === undefined || inMicros > longestMs * 1000) {
            const where = `cluster ${view.cluster} of session ${view.session}`;
            throw new Violation(NAME, `node ${host.index} has no leader of ${where}, and waits for ever`);
          }
        }
        if (nowMs < scenario.safetyMs) continue;
        const status = state === undefined ? undefined : statusOf(state);
        if (
          status === undefined ||
          status.session === null ||
          status.cluster === null ||
          status.cluster.leader !== null
        ) {
          waits.delete(host);
          continue;
        }
        const known = waits.get(host);
        if (known?.session !== status.session || known.life !== host.incarnation) {
          waits.set(host, { session: status.session, life: host.incarnation, sinceMs: nowMs });
          continue;
        }
        if (nowMs - known.sinceMs <= limitMs) continue;
        const where = `cluster ${status.cluster.index} of session ${status.session}`;
        throw new Violation(NAME, `node ${host.index} has known no leader of ${where} for ${nowMs - known.sinceMs} ms`);
      }
    },
  };
};

/** After a crash of all nodes, links that lose messages take seconds to be there again (seed 430729). */
const ROUNDS = 4;
/** Timers and waits widen after lost rounds, up to so much (`sessions/election/pace.ts`). */
const WIDEST = 16;
/** Three round trips of the slowest network that is drawn, about. */
const TRIPS_MS = 500;

/** Silence, the longest wait and the longest round, by a clock that is slowed down to be set right. */
function longestWaitMs({ suspectMs, electionSpreadMaxMs, electionTimeoutMaxMs }: Timing): number {
  return SLOWEST * (suspectMs + 1.5 * electionSpreadMaxMs + 1.25 * electionTimeoutMaxMs);
}

const SLOWEST = 1.3;

/** What so many of the longest rounds take, with the silence before the first one. */
function roundsMs(timing: Timing): number {
  const { suspectMs, electionSpreadMaxMs, electionTimeoutMaxMs, electionTimeoutMinMs } = timing;
  const timerMs = Math.min(electionTimeoutMaxMs, WIDEST * Math.max(electionTimeoutMinMs, TRIPS_MS));
  return suspectMs + ROUNDS * (electionSpreadMaxMs + timerMs);
}
