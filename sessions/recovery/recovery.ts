/**
 * A majority of a council is gone for good (protocol.md §5): nobody can win a term or commit a block any more. Each sage
 * watches the council; when for `recoveryMs` it heard less than a majority of one, it proposes another one, of the members
 * that are left and others that it hears, from the highest committed head that anybody showed it. With the signatures of a
 * majority of the sages that council elects the next leader, whose first block carries them: everybody sees it in the log.
 *
 * A sage signs one statement for each head, and another one only after four times as long: had the old council, or one
 * recovered before, merely been unreachable for sages all that time, the log would fork. That is what the time-out is for.
 */
import {
  codec,
  later,
  nextInteger,
  type NodeId,
  RECOVERY_VOTE_KIND,
  type Recovery,
  recovery as recoveryShape,
  type RecoveryStatement,
  recoveryStatement,
} from "../../src/model/index.ts";
import { bySortition } from "../clusters/cluster-map.ts";
import { notify, publish, sendAll, setTimer, signed, store } from "../context.ts";
import { onStandingGained } from "../election/central-election.ts";
import { isSage, sagesOf } from "../joining/joining.ts";
import { sayHello } from "../liveness/heartbeats.ts";
import { noteHead } from "../log/catch-up.ts";
import type { Live, Machine } from "../machine.ts";
import { majorityOf } from "../quorum.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { recoveryHolds } from "./certificate.ts";
import { councilsInForce, isInForce, RECOVERY_KEY, SIGNED_KEY } from "./councils.ts";

export const RECOVERY_TIMER = "recovery";
/** Looks in one time-out. */
const LOOKS = 8;
/** Nodes asked at each look whether they are there, beside the council. */
const ASKED_MAX = 16;
/** A sage signs another statement of the same head after so many time-outs. */
const SIGN_AGAIN = 4;
/** Fewer would not survive a single loss. */
const COUNCIL_MIN = 3;

export function startWatching(m: Machine, live: Live): void {
  if (!isSage(m, m.self)) return;
  live.recovery.watchedSince = m.now;
  setTimer(m, RECOVERY_TIMER, m.timing.recoveryMs / LOOKS);
}

export function onRecoveryTimer(m: Machine, live: Live): void {
  if (!sagesOf(m).includes(m.self)) return;
  setTimer(m, RECOVERY_TIMER, m.timing.recoveryMs / LOOKS);
  if (m.now < live.basis.startsAt) {
    live.recovery.watchedSince = m.now;
    return;
  }
  lookAround(m, live);
  const { known } = live.recovery;
  if (known !== null && isInForce(live, known)) {
    sendAll(m, known.statement.council, "recovery", recoveryShape, known);
  }
  if (!isCouncilLost(m, live) || live.catchUp.target > live.chain.committed.head.index) return;
  const turn = sagesOf(m).indexOf(m.self);
  const lostMs = m.now - Math.max(live.recovery.watchedSince, live.recovery.councilHeardAt);
  if (lostMs < m.timing.recoveryMs * (1 + turn / LOOKS)) return;
  propose(m, live);
}

/** Whoever is there answers, and shows how far its log goes. */
function lookAround(m: Machine, live: Live): void {
  const { members } = live.roster;
  const asked = new Set<NodeId>(live.chain.committed.councils.flat());
  for (let count = 0; count < ASKED_MAX && members.length > 0; count += 1) {
    const member = members[nextInteger(m.random, members.length)];
    if (member !== undefined) asked.add(member.id);
  }
  for (const node of asked) if (node !== m.self) sayHello(m, live, node);
}

function isHeard(m: Machine, node: NodeId): boolean {
  if (node === m.self) return true;
  const heardAt = m.peers.get(node)?.heardAt ?? null;
  return heardAt !== null && m.now - heardAt < m.timing.recoveryMs;
}

/** Less than a majority of a council in force was heard in a whole time-out. */
function isCouncilLost(m: Machine, live: Live): boolean {
  const councils = councilsInForce(live);
  const isLost = councils.some(
    (council) => council.filter((node) => isHeard(m, node)).length < majorityOf(council.length),
  );
  if (!isLost) live.recovery.councilHeardAt = m.now;
  return isLost && m.now - live.recovery.watchedSince >= m.timing.recoveryMs;
}

function propose(m: Machine, live: Live): void {
  const { signed: before, known } = live.recovery;
  const { head } = live.chain.committed;
  const again = before !== null && before.statement.base.hash === head.hash;
  if (again && m.now - before.at < m.timing.recoveryMs * SIGN_AGAIN) {
    // Still gathering: the others may have missed it.
    sendAll(m, others(m), RECOVERY_VOTE_KIND, recoveryStatement, before.statement);
    return;
  }
  const council = compose(m, live);
  if (council.length < Math.min(COUNCIL_MIN, live.roster.members.length)) return;
  const attempt = Math.max(before?.statement.attempt ?? 0, known?.statement.attempt ?? 0) + 1;
  sign(m, live, { attempt, base: head, council });
}

/** Who is left of the old council, then others that are heard, by lot. */
function compose(m: Machine, live: Live): readonly NodeId[] {
  const { manifest, roster } = live.basis;
  const size = Math.max(COUNCIL_MIN, manifest.councilSize);
  const isFit = (node: NodeId): boolean => isHeard(m, node) && !live.ledger.excluded.has(node);
  const left = live.chain.committed.councils.flat().filter(isFit);
  const rest = bySortition(live.chain.committed.head.hash, roster.members.map((member) => member.id).filter(isFit));
  return [...new Set([...left, ...rest])].slice(0, size).sort();
}

function others(m: Machine): readonly NodeId[] {
  return sagesOf(m).filter((sage) => sage !== m.self);
}

function sign(m: Machine, live: Live, statement: RecoveryStatement): void {
  live.recovery.signed = { statement, at: m.now };
  store(m, { key: SIGNED_KEY, value: codec.encode(recoveryStatement, statement) });
  const message = signed(m, RECOVERY_VOTE_KIND, recoveryStatement, statement);
  live.recovery.votes.clear();
  live.recovery.votes.set(m.self, message.signature);
  for (const sage of others(m)) m.effects.push({ type: "send", to: sage, message });
  conclude(m, live);
}

/** Another sage proposes, or agrees. */
export function onRecoveryVote(
  m: Machine,
  live: Live,
  body: RecoveryStatement,
  signer: NodeId,
  signature: Uint8Array,
): Validity {
  if (!isSage(m, m.self) || !sagesOf(m).includes(signer)) return reject("not-a-sage");
  const { signed: own, known } = live.recovery;
  if (own !== null && sameStatement(own.statement, body)) {
    live.recovery.votes.set(signer, signature);
    conclude(m, live);
    return ACCEPT;
  }
  noteHead(m, live, signer, body.base.index);
  if (body.base.hash !== live.chain.committed.head.hash) return ignore("other-head");
  const mayAgain =
    own === null || own.statement.base.hash !== body.base.hash || m.now - own.at >= m.timing.recoveryMs * SIGN_AGAIN;
  if (!mayAgain || !isCouncilLost(m, live) || !live.rules.isCouncil(body.council)) return ignore("disagrees");
  if (body.attempt <= Math.max(own?.statement.attempt ?? 0, known?.statement.attempt ?? 0))
    return ignore("old-attempt");
  sign(m, live, body);
  live.recovery.votes.set(signer, signature);
  conclude(m, live);
  return ACCEPT;
}

function sameStatement(one: RecoveryStatement, other: RecoveryStatement): boolean {
  return (
    one.attempt === other.attempt && one.base.hash === other.base.hash && one.council.join() === other.council.join()
  );
}

function conclude(m: Machine, live: Live): void {
  const { signed: own, votes } = live.recovery;
  const { seats } = m.joining;
  if (own === null || seats === null || !seats.areMajority(votes.keys())) return;
  const found: Recovery = {
    statement: own.statement,
    votes: [...votes].map(([sage, signature]) => ({ sage, signature })),
  };
  if (!accept(m, live, found)) return;
  publish(m, signed(m, "recovery", recoveryShape, found));
  sendAll(m, found.statement.council, "recovery", recoveryShape, found);
}

/** By gossip, or from a sage. It proves itself. */
export function onRecovery(m: Machine, live: Live, body: Recovery, from: NodeId): Validity {
  const { known } = live.recovery;
  if (known !== null && body.statement.attempt <= known.statement.attempt) return ignore("known");
  const { seats } = m.joining;
  if (seats === null || !live.rules.isCouncil(body.statement.council)) return ignore("unknown-seats");
  if (!recoveryHolds(m.config.verifier, m.contest, seats, body)) return reject("forged");
  const { head } = live.chain.committed;
  // Whoever knows a later committed block tells the sages about it, and needs no recovery.
  if (head.index > body.statement.base.index) {
    sayHello(m, live, from);
    return ignore("outdated");
  }
  if (head.index < body.statement.base.index) noteHead(m, live, from, body.statement.base.index);
  accept(m, live, body);
  return ACCEPT;
}

function accept(m: Machine, live: Live, found: Recovery): boolean {
  const { known } = live.recovery;
  if (known !== null && found.statement.attempt <= known.statement.attempt) return false;
  live.recovery.known = found;
  store(m, { key: RECOVERY_KEY, value: codec.encode(recoveryShape, found) });
  notify(m, { type: "recovery", attempt: found.statement.attempt, council: found.statement.council });
  // There are other voters now.
  if (live.centralElection.role.type !== "settled" || isInForce(live, found)) onStandingGained(m, live);
  return true;
}

/** After a restart the time-out of an earlier signature begins again. */
export function resumeSigned(m: Machine, live: Live): void {
  const { signed: own } = live.recovery;
  if (own !== null && own.at > m.now) live.recovery.signed = { statement: own.statement, at: later(m.now, 0) };
}
