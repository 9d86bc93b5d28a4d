/**
 * How long elections wait (protocol.md §4.1, §4.5): measured round trips within fixed bounds, longer after lost rounds. Who
 * stands first in a round is drawn by lot, from the session's beacon and the round, so that two candidates seldom meet and
 * a candidate that fails comes later in the next round.
 */
import { compareText, sortitionRank } from "../clusters/cluster-map.ts";
import { beaconOf } from "../clusters/history.ts";
import { maybe, randomWait } from "../context.ts";
import type { Live, Machine } from "../machine.ts";
import { type Hash, type NodeId, ROUNDS_MAX } from "../../src/model/index.ts";
import type { ElectionScope } from "../notices.ts";

/** `electionOrder: "random"`: the spread is so many times the round trip: two candidates rarely start within one of them. */
const SPREAD_ROUND_TRIPS = 6;
/** Request, vote, announcement, and a missing piece of the log for the central scope. */
const TIMEOUT_ROUND_TRIPS = 3;
/** Lost rounds that still widen the spread: 2^4. */
const WIDENINGS_MAX = 4;
/** By lot: the next candidate comes so much later, as a part of the smallest spread. */
const STEP_PART = 1 / 3;
/** An unanswered request is sent again after this part of the shortest election timer, or 5/4 of a round trip. */
const RETRY_PART = 1 / 8;
const RETRY_ROUND_TRIPS = 5 / 4;

/** What one round of one scope draws its lot from. */
export interface Ballot {
  readonly scope: ElectionScope;
  readonly session: number;
  readonly round: number;
}

/** How long this node waits before it stands. `candidates`: whoever may stand, except a leader that fell silent. */
export function candidacyWait(
  m: Machine,
  live: Live,
  ballot: Ballot,
  candidates: readonly NodeId[],
  voters: readonly NodeId[],
  failures: number,
): number {
  const { electionSpreadMaxMs, electionOrder } = m.timing;
  if (maybe(m, "stand-at-once")) return 0;
  if (electionOrder === "random") return randomWait(m, spread(m, voters, failures));
  const own = lotOf(live, ballot, m.self);
  const before = candidates.filter((node) => node !== m.self && lotOf(live, ballot, node) < own).length;
  const step = stepOf(m, voters) * 2 ** Math.min(failures, WIDENINGS_MAX);
  return Math.min(electionSpreadMaxMs, before * step) + randomWait(m, Math.min(electionSpreadMaxMs, step) / 2);
}

/** Whether another candidate of the same round goes before this one, which then gives it its vote. */
export function goesBefore(m: Machine, live: Live, ballot: Ballot, other: NodeId): boolean {
  if (m.timing.electionOrder === "random") return false;
  return compareText(lotOf(live, ballot, other), lotOf(live, ballot, m.self)) < 0;
}

function lotOf(live: Live, { scope, session, round }: Ballot, node: NodeId): Hash {
  const beacon = beaconOf(live.ledger.maps, session) ?? live.basis.rosterHash;
  return sortitionRank(`${beacon}/${scope}/${round}` as Hash, node);
}

function stepOf(m: Machine, voters: readonly NodeId[]): number {
  return Math.max(m.timing.electionSpreadMinMs * STEP_PART, roundTrip(m, voters));
}

function spread(m: Machine, voters: readonly NodeId[], failures: number): number {
  const { electionSpreadMinMs, electionSpreadMaxMs } = m.timing;
  const wanted = Math.max(electionSpreadMinMs, SPREAD_ROUND_TRIPS * roundTrip(m, voters));
  return Math.min(electionSpreadMaxMs, wanted * 2 ** Math.min(failures, WIDENINGS_MAX));
}

/** The election timer, with jitter: voters of a split round do not start the next one together. */
export function electionTimeout(m: Machine, voters: readonly NodeId[], failures: number): number {
  const { electionTimeoutMinMs, electionTimeoutMaxMs } = m.timing;
  const wanted = Math.max(electionTimeoutMinMs, TIMEOUT_ROUND_TRIPS * roundTrip(m, voters));
  const bounded = Math.min(electionTimeoutMaxMs, wanted * 2 ** Math.min(failures, WIDENINGS_MAX));
  return bounded + randomWait(m, bounded / 4);
}

/**
 * A request or its answer may be lost, or have come before the voter entered the session. Twice as long each time: as long as
 * no round trip is known, a slow network would be given more than it carries.
 */
export function requestRetry(m: Machine, voters: readonly NodeId[], asks: number): number {
  const first = Math.max(m.timing.electionTimeoutMinMs * RETRY_PART, RETRY_ROUND_TRIPS * roundTrip(m, voters));
  return first * 2 ** Math.min(Math.max(0, asks - FREE_ASKS), WIDENINGS_MAX);
}

/** Asked so often at the same pace: on a network that loses one message in a hundred nobody waits longer. */
const FREE_ASKS = 2;

/** A voter waits so long for the announcement of whom it voted for, before it votes in a higher round. */
export function announcementWait(m: Machine, voters: readonly NodeId[]): number {
  return Math.max(m.timing.electionTimeoutMinMs / 4, ANNOUNCEMENT_ROUND_TRIPS * roundTrip(m, voters));
}

const ANNOUNCEMENT_ROUND_TRIPS = 3 / 2;

/** A voter gives its leader up a little earlier than it would stand itself: heartbeats reach no two nodes at once. */
export function patienceMs(m: Machine): number {
  return Math.max(m.timing.suspectMs / 2, m.timing.suspectMs - m.timing.heartbeatMs);
}

/**
 * The highest round that honest nodes can have come to by now: each one takes an election timer, but for a few. Higher ones
 * are made up, to use the rounds of a session up or to make voters promise what nobody can win.
 */
export function roundBound(m: Machine, sinceMs: number): number {
  const honest = ROUNDS_SLACK + Math.floor((ROUNDS_PER_TIMEOUT * Math.max(0, sinceMs)) / m.timing.electionTimeoutMinMs);
  return Math.min(ROUNDS_MAX - 1, honest);
}

const ROUNDS_SLACK = 64;
const ROUNDS_PER_TIMEOUT = 4;

/** The upper median of what was measured to the voters: a majority is enough, and a few slow or lying ones slow nobody. */
function roundTrip(m: Machine, voters: readonly NodeId[]): number {
  const measured = voters.map((voter) => m.peers.get(voter)?.rttMs ?? null).filter((rttMs) => rttMs !== null);
  const known =
    measured.length > 0 ? measured : [...m.peers.values()].map((each) => each.rttMs).filter((each) => each !== null);
  return known.sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
}
