/**
 * A leader that ignores somebody's submissions (protocol.md §9): the submitter presents them to the council; members that
 * do not see any receipt of that submitter in time stop following the leader, and ask for another one.
 */
import type { Hash, NodeId } from "../../src/model/index.ts";
import { termOfCertificate } from "../../src/model/index.ts";
import { setTimer } from "../context.ts";
import { deposeCentralLeader } from "../election/central-election.ts";
import type { Live, Machine } from "../machine.ts";

export const CENSORSHIP_TIMER = "censorship";
/** Presented submissions that a member watches; more are only forwarded. */
const PRESENTED_MAX = 1000;

export function watchPresented(m: Machine, live: Live, id: Hash, submitter: NodeId): void {
  const isMember = live.chain.committed.councils.some((council) => council.includes(m.self));
  if (!isMember || live.leader === null || live.leader.leader === m.self) return;
  if (live.presented.has(id) || live.presented.size >= PRESENTED_MAX) return;
  live.presented.set(id, { submitter, at: m.now, term: termOfCertificate(live.leader) });
  if (live.presented.size === 1) setTimer(m, CENSORSHIP_TIMER, m.timing.censorshipMs);
}

/** A submitter with any receipt since then is limited or refused, not censored. */
export function onCensorshipTimer(m: Machine, live: Live): void {
  const term = live.leader === null ? -1 : termOfCertificate(live.leader);
  for (const [id, presented] of live.presented) {
    const receivedAt = live.ledger.lastReceipts.get(presented.submitter) ?? 0;
    const isHeard = live.ledger.submissions.has(id) || receivedAt >= presented.at || presented.term !== term;
    if (!isHeard && m.now - presented.at < m.timing.censorshipMs) continue;
    live.presented.delete(id);
    if (!isHeard) {
      live.distrustedTerm = term;
      deposeCentralLeader(m, live);
    }
  }
  if (live.presented.size > 0) setTimer(m, CENSORSHIP_TIMER, m.timing.censorshipMs / 2);
}
