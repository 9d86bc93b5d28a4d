/**
 * The central leader: orders everything in blocks that the council acknowledges (protocol.md §5). One block is in flight
 * at a time; what comes meanwhile is the next one, so that an idle leader answers at once and a busy one batches.
 */
import {
  append,
  type appendRefused,
  BLOCK_ENTRIES_MAX,
  BLOCK_KIND,
  block,
  type Committed,
  codec,
  committed,
  encodeMessage,
  type Hash,
  hashOf,
  type Instant,
  type LeaderCertificate,
  type LogEntry,
  type NodeId,
  type Ack,
  roundOfTerm,
  sessionOfTerm,
  type SignedMessage,
  submissionIdOf,
  termOfCertificate,
} from "../../src/model/index.ts";
import { clearTimer, forward, happen, maybe, notify, publish, setTimer, signed } from "../context.ts";
import { nextRound } from "../election/central-election.ts";
import { roundBound } from "../election/pace.ts";
import { endOf, moveCommitted } from "../log/chain.ts";
import { linked } from "../log/extension.ts";
import { applyCommitted, keepTail } from "../log/following.ts";
import type { Leading, Live, Machine, Proposal } from "../machine.ts";
import { majorityOfEach } from "../quorum.ts";
import { pendingRecovery } from "../recovery/councils.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";
import { overallBucket } from "../submissions/rate.ts";
import { composeCouncil } from "./composition.ts";
import { cutBlock } from "./cut.ts";
import { BODY_KEY_PREFIX, receiptsIn, requestBodies, sendBodies } from "./bodies.ts";
import { acknowledge } from "./seat.ts";

export const APPEND_TIMER = "leading/append";
export const PREPARE_TIMER = "leading/prepare";
export const BATCH_TIMER = "leading/batch";
/** So many entries are worth a block without waiting. */
const BATCH_MAX = 512;

/** This node was elected. It first fetches the bodies of pending submissions from its voters. */
export function startLeading(m: Machine, live: Live, certificate: LeaderCertificate): void {
  const missing = [...live.ledger.pending.keys()].filter((id) => !live.bodies.has(id) && !isBackground(live, id));
  live.leading = {
    certificate,
    term: termOfCertificate(certificate),
    status: "preparing",
    missingBodies: new Set(missing),
    queue: [],
    queued: new Set(),
    handing: [],
    abstained: new Map(),
    hindrances: new Map(),
    settling: new Set(),
    inFlight: null,
    cutAt: 0 as Instant,
    refusals: new Map(),
    openedAt: m.now,
    buckets: new Map(),
    overall: overallBucket(m.now),
    mapProposed: -1,
    leadersQueued: new Map(),
    evidenceQueued: new Set(),
    backgroundQueued: new Map(),
    bodiesAsked: new Map(),
  };
  if (missing.length === 0) {
    openTerm(m, live, live.leading);
    return;
  }
  const voters = certificate.votes.map((cast) => cast.voter).filter((voter) => voter !== m.self);
  requestBodies(m, voters, missing);
  setTimer(m, PREPARE_TIMER, m.timing.suspectMs);
}

/** Of the lane that waits for its sources anyhow. */
function isBackground({ ledger: { life } }: Live, id: Hash): boolean {
  return life.waiting.has(id) || life.inWork.has(id);
}

export function onBodyKept(m: Machine, live: Live, submission: Hash): void {
  const { leading } = live;
  if (leading === null) return;
  leading.missingBodies.delete(submission);
  if (leading.status === "preparing" && leading.missingBodies.size === 0) openTerm(m, live, leading);
}

/** What is still missing comes from its submitter (§5 "re-present"). */
export function onPrepareTimer(m: Machine, live: Live): void {
  if (live.leading?.status === "preparing") openTerm(m, live, live.leading);
}

/** The first block of the term: its certificate, the council from now on, and the clusters' leaders. */
function openTerm(m: Machine, live: Live, leading: Leading): void {
  clearTimer(m, PREPARE_TIMER);
  const view = live.sessions[0];
  if (view === undefined) return;
  leading.status = "opening";
  const before = new Set(endOf(live.chain).councils.flat());
  const council = composeCouncil(m, live, view, deadNodes(m, live));
  const adopted = receiptsIn(live, live.chain.tail);
  for (const member of new Set([...before, ...council])) {
    if (member === m.self) continue;
    sendBodies(m, live, member, before.has(member) ? adopted : [...live.ledger.pending.keys(), ...adopted]);
  }
  const recovery = pendingRecovery(live);
  const recovered: readonly LogEntry[] = recovery === null ? [] : [{ type: "recovery", recovery }];
  const isNewSession = live.ledger.term < 0 || sessionOfTerm(live.ledger.term) !== sessionOfTerm(leading.term);
  const leaders = [...view.leaders.values()]
    .filter(
      (certificate) =>
        isNewSession || (live.ledger.leaders.get(certificate.cluster as number)?.round ?? -1) < certificate.round,
    )
    .slice(0, LEADERS_PER_BLOCK_MAX)
    .map((certificate): LogEntry => ({ type: "cluster-leader", certificate }));
  propose(
    m,
    live,
    leading,
    [{ type: "term", certificate: leading.certificate, council }, ...recovered, ...leaders],
    [],
  );
}

/** The others follow in later blocks. */
const LEADERS_PER_BLOCK_MAX = 1000;

/** Nodes that this node believes dead: what cluster leaders reported, and who is silent here and has no leader to speak for it. */
export function deadNodes(m: Machine, live: Live): ReadonlySet<NodeId> {
  const dead = new Set(live.reportedDead.keys());
  for (const [id, peer] of m.peers) {
    const isSilent = peer.heardAt !== null && !peer.connected && m.now - peer.heardAt > m.timing.deadMs;
    if (isSilent && !isSpokenFor(m, live, id)) dead.add(id);
  }
  dead.delete(m.self);
  return dead;
}

/** Its cluster's leader hears its members, and reports to this node: nobody is connected to everybody. */
function isSpokenFor(m: Machine, live: Live, node: NodeId): boolean {
  const view = live.sessions[0];
  const cluster = view?.drawn.map.clusterOf.get(node);
  const leader = cluster === undefined ? undefined : view?.leaders.get(cluster)?.leader;
  if (leader === undefined || leader === node || leader === m.self) return false;
  const toldAt = live.clusterTold.get(leader);
  return toldAt !== undefined && m.now - toldAt <= m.timing.deadMs;
}

/** A member of the council died: another one takes its seat, so that the next loss is survived too (§5). */
export function replaceDeadMembers(m: Machine, live: Live): void {
  const { leading } = live;
  const [view] = live.sessions;
  if (leading?.status !== "active" || view === undefined || leading.inFlight !== null) return;
  const council = live.chain.committed.councils.at(-1) ?? [];
  const since = (member: NodeId): number => Math.max(m.peers.get(member)?.heardAt ?? 0, leading.openedAt);
  const silent = council.filter(
    (member) => member !== m.self && (m.now - since(member) > m.timing.deadMs || leading.refusals.has(member)),
  );
  if (silent.length === 0) return;
  const next = composeCouncil(m, live, view, new Set([...deadNodes(m, live), ...silent]));
  if (next.join() === council.join() || next.length < council.length - silent.length) return;
  for (const member of next) {
    if (!council.includes(member)) sendBodies(m, live, member, live.ledger.pending.keys());
  }
  leading.openedAt = m.now;
  leading.refusals.clear();
  enqueue(m, live, { type: "entry", entry: { type: "council", council: next } });
}

export function enqueue(m: Machine, live: Live, proposal: Proposal): void {
  if (live.leading === null) return;
  live.leading.queue.push(proposal);
  pump(m, live);
}

/** Cuts the next block if none is in flight. */
export function pump(m: Machine, live: Live): void {
  const { leading } = live;
  if (leading?.status !== "active" || leading.inFlight !== null || leading.queue.length === 0) return;
  // An idle leader cuts at once; a busy one collects for a moment: signatures are per block.
  const waitMs = leading.cutAt + m.timing.blockBatchMs - m.now;
  if (waitMs > 0 && leading.queue.length < BATCH_MAX) {
    setTimer(m, BATCH_TIMER, waitMs);
    return;
  }
  leading.cutAt = m.now;
  const cut = cutBlock(live, leading, maybe(m, "block-of-one") ? 1 : BLOCK_ENTRIES_MAX);
  if (cut.entries.length > 0) propose(m, live, leading, cut.entries, cut.bodies);
}

function propose(
  m: Machine,
  live: Live,
  leading: Leading,
  entries: readonly LogEntry[],
  bodies: readonly SignedMessage[],
): void {
  const end = endOf(live.chain);
  const content = {
    index: end.head.index + 1,
    term: leading.term,
    previous: end.head.hash,
    at: Math.max(m.now, end.at),
    entries,
  };
  const message = signed(m, BLOCK_KIND, block, content);
  const next = linked(end, { message, block: content, hash: hashOf(message.body) });
  const tail = [...live.chain.tail, next];
  const writes = bodies.map((body) => ({ key: BODY_KEY_PREFIX + idOf(live, body), value: encodeMessage(body) }));
  keepTail(m, live, tail, writes);
  const members = [...new Set(next.view.councils.flat())];
  const appending = signed(m, "append", append, {
    term: leading.term,
    blocks: tail.map((each) => each.message),
    bodies,
  });
  leading.inFlight = { since: m.now, end: next, acks: new Map(), message: appending };
  for (const member of members) if (member !== m.self) forward(m, member, appending);
  if (members.includes(m.self)) leading.inFlight.acks.set(m.self, acknowledge(m, next));
  setTimer(m, APPEND_TIMER, m.timing.appendRetryMs);
  commitIfAcknowledged(m, live, leading);
}

function idOf(live: Live, message: SignedMessage): Hash {
  const id = submissionIdOf(message);
  live.bodies.set(id, message);
  return id;
}

/** The signature was checked: it goes into the committed message. */
export function onAck(m: Machine, live: Live, body: Ack, signer: NodeId, signature: Uint8Array): Validity {
  const { leading } = live;
  const flight = leading?.inFlight;
  if (leading === null || flight === null || flight === undefined) return ignore("nothing-in-flight");
  if (body.hash !== flight.end.hash || body.term !== leading.term) return ignore("other-block");
  if (!flight.end.view.councils.some((council) => council.includes(signer))) return ignore("not-a-member");
  flight.acks.set(signer, signature);
  commitIfAcknowledged(m, live, leading);
  return ACCEPT;
}

function commitIfAcknowledged(m: Machine, live: Live, leading: Leading): void {
  const flight = leading.inFlight;
  if (flight === null) return;
  // An adopted block below it may have been committed by its own leader meanwhile: the rest of the tail is what is left.
  const blocks = live.chain.tail;
  const end = blocks.at(-1);
  if (end?.hash !== flight.end.hash || !majorityOfEach(end.view.councils, new Set(flight.acks.keys()))) return;
  leading.inFlight = null;
  clearTimer(m, APPEND_TIMER);
  const body: Committed = {
    blocks: blocks.map((each) => each.message),
    acks: [...flight.acks].map(([member, signature]) => ({ member, signature })),
  };
  moveCommitted(live.chain, blocks);
  const told = signed(m, "committed", committed, body);
  applyCommitted(m, live, blocks, body, told.body);
  // Unheard, it is asked for; only the leader tells of it unasked.
  if (!maybe(m, "committed-unsaid")) publish(m, told);
  if (leading.status === "opening") {
    leading.status = "active";
    leading.openedAt = m.now;
    notify(m, { type: "leading", term: leading.term, council: live.chain.committed.councils.at(-1) ?? [] });
    happen(m, { type: "term-opened" });
  }
  // What came while the block was in flight.
  pump(m, live);
}

/** A block without a majority is sent again to whoever has not acknowledged it. */
export function onAppendTimer(m: Machine, live: Live): void {
  const flight = live.leading?.inFlight;
  if (flight === null || flight === undefined) return;
  if (m.now - flight.since >= m.timing.suspectMs / 2 && yieldToPromises(m, live)) return;
  for (const member of new Set(flight.end.view.councils.flat())) {
    if (member !== m.self && !flight.acks.has(member)) forward(m, member, flight.message);
  }
  setTimer(m, APPEND_TIMER, m.timing.appendRetryMs);
}

/**
 * A member promised itself to a higher term. The others may well be enough: one that doubts, or lies, stops nobody, and
 * its seat goes to another node.
 */
export function onAppendRefused(
  m: Machine,
  live: Live,
  body: codec.ShapeOf<typeof appendRefused>,
  signer: NodeId,
): Validity {
  const { leading } = live;
  if (leading === null || body.term !== leading.term || body.promised <= leading.term) return ignore("old-term");
  if (!endOf(live.chain).councils.some((council) => council.includes(signer))) return ignore("not-a-member");
  if (sessionOfTerm(body.promised) !== sessionOfTerm(leading.term)) return ignore("next-session");
  const sinceMs = m.now - (live.sessions[0]?.enteredAt ?? m.now);
  if (roundOfTerm(body.promised) > roundBound(m, sinceMs)) return ignore("unheard-of-round");
  leading.refusals.set(signer, body.promised);
  return ACCEPT;
}

/** Without those who promised themselves elsewhere there is no majority: this leader asks for a still higher term, as in Raft. */
function yieldToPromises(m: Machine, live: Live): boolean {
  const { leading } = live;
  if (leading === null || leading.refusals.size === 0) return false;
  live.promised = Math.max(live.promised, ...leading.refusals.values());
  standDown(m, live);
  nextRound(m, live, "timeout");
  return true;
}

/** Another term began. What was queued is handed to whoever leads now. */
export function standDown(m: Machine, live: Live): void {
  const { leading } = live;
  if (leading === null) return;
  live.leading = null;
  clearTimer(m, APPEND_TIMER);
  clearTimer(m, PREPARE_TIMER);
  notify(m, { type: "stood-down", term: leading.term });
  for (const proposal of leading.queue) {
    if (proposal.type === "receipt" && live.handOver.length < HAND_OVER_MAX) live.handOver.push(proposal.message);
  }
  flushHandOver(m, live);
}

/** Submissions kept for the next leader; their submitters hold them too. */
const HAND_OVER_MAX = 10_000;

export function flushHandOver(m: Machine, live: Live): void {
  const leader = live.leader?.leader;
  if (leader === undefined || leader === m.self || live.leading !== null) return;
  for (const message of live.handOver.splice(0)) forward(m, leader, message);
}
