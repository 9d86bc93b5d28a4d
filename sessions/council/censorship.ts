/**
 * A leader that ignores somebody's submissions (protocol.md §9): the submitter presents them to the council; members that
 * see no receipt of that submitter in time stop following the leader, and ask for another one. Nobody is watched whom an
 * honest leader would refuse too: otherwise a submitter could depose leaders at will.
 */
import type { NodeId, SignedMessage } from "../../src/model/index.ts";
import { submissionIdOf, termOfCertificate } from "../../src/model/index.ts";
import { forward, setTimer } from "../context.ts";
import { deposeCentralLeader } from "../election/central-election.ts";
import type { Live, Machine } from "../machine.ts";

export const CENSORSHIP_TIMER = "censorship";
/** Presented submissions are shown to the leader so many times before it is given up: it may have been out of tokens. */
const SHOWINGS = 3;

/** `isRefused`: by this node's own reading of the rules. One submission of each submitter is watched: any receipt clears the leader. */
export function watchPresented(
  m: Machine,
  live: Live,
  submitter: NodeId,
  message: SignedMessage,
  isRefused: boolean,
): void {
  const isMember = live.chain.committed.councils.some((council) => council.includes(m.self));
  if (isRefused || !isMember || live.leader === null || live.leader.leader === m.self) return;
  if (live.presented.has(submitter)) return;
  const term = termOfCertificate(live.leader);
  live.presented.set(submitter, { message, since: m.now, after: live.ledger.receipts, term, showings: 0 });
  if (live.presented.size === 1) setTimer(m, CENSORSHIP_TIMER, m.timing.censorshipMs / SHOWINGS);
}

/** A submitter with any receipt since then is limited or refused, not censored; and a member that is behind knows nothing. */
export function onCensorshipTimer(m: Machine, live: Live): void {
  const term = live.leader === null ? -1 : termOfCertificate(live.leader);
  const isBehind = live.catchUp.target > live.chain.committed.head.index;
  for (const [submitter, presented] of live.presented) {
    const receivedAt = live.ledger.lastReceipts.get(submitter) ?? -1;
    const isKnown = live.ledger.submissions.has(submissionIdOf(presented.message));
    if (isKnown || receivedAt >= presented.after || presented.term !== term || isBehind) {
      live.presented.delete(submitter);
      continue;
    }
    presented.showings += 1;
    if (m.now - presented.since < m.timing.censorshipMs || presented.showings < SHOWINGS) {
      if (live.leader !== null) forward(m, live.leader.leader, presented.message);
      continue;
    }
    live.presented.delete(submitter);
    live.distrustedTerm = term;
    deposeCentralLeader(m, live);
  }
  if (live.presented.size > 0) setTimer(m, CENSORSHIP_TIMER, m.timing.censorshipMs / SHOWINGS);
}
