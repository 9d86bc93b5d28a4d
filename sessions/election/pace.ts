/** How long elections wait (protocol.md §4.1, §4.5): measured round trips within fixed bounds, longer after lost rounds. */
import { randomWait } from "../context.ts";
import type { Machine } from "../machine.ts";
import type { NodeId } from "../../src/model/index.ts";

/** The spread is so many times the slowest round trip: two candidates rarely start within one of them. */
const SPREAD_ROUND_TRIPS = 6;
const TIMEOUT_ROUND_TRIPS = 4;
/** Lost rounds that still widen the spread: 2^4. */
const WIDENINGS_MAX = 4;

export function randomSpread(m: Machine, voters: readonly NodeId[], failures: number): number {
  return randomWait(m, spread(m, voters, failures));
}

function spread(m: Machine, voters: readonly NodeId[], failures: number): number {
  const { electionSpreadMinMs, electionSpreadMaxMs } = m.timing;
  const wanted = Math.max(electionSpreadMinMs, SPREAD_ROUND_TRIPS * slowestRoundTrip(m, voters));
  return Math.min(electionSpreadMaxMs, wanted * 2 ** Math.min(failures, WIDENINGS_MAX));
}

/** The election timer, with jitter: voters of a split round do not start the next one together. */
export function electionTimeout(m: Machine, voters: readonly NodeId[], failures: number): number {
  const { electionTimeoutMinMs, electionTimeoutMaxMs } = m.timing;
  const wanted = Math.max(electionTimeoutMinMs, TIMEOUT_ROUND_TRIPS * slowestRoundTrip(m, voters));
  const bounded = Math.min(electionTimeoutMaxMs, wanted * 2 ** Math.min(failures, WIDENINGS_MAX));
  return bounded + randomWait(m, bounded / 4);
}

function slowestRoundTrip(m: Machine, voters: readonly NodeId[]): number {
  return voters.reduce((slowest, voter) => Math.max(slowest, m.peers.get(voter)?.rttMs ?? 0), 0);
}
