/** A council member: stores and acknowledges blocks, keeps the bodies behind receipts (protocol.md §5). */
import {
  ACK_KIND,
  ack,
  type append,
  appendRefused,
  type codec,
  encodeMessage,
  type Hash,
  type NodeId,
  type SignedMessage,
  type StoreWrite,
  SUBMISSION_KIND,
  SUBMISSIONS_BYTES_MAX,
  submissionBodies,
  submissionIdOf,
  termOfCertificate,
} from "../../src/model/index.ts";
import { happen, send, signed, store } from "../context.ts";
import { accuse } from "../evidence/accusation.ts";
import { noteHead } from "../log/catch-up.ts";
import { endOf, forksTerm, linkTail, supersedes } from "../log/chain.ts";
import { ackOf, type LinkedBlock, type ParsedBlock, parseBlocks } from "../log/extension.ts";
import { keepTail } from "../log/following.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";

export const BODY_KEY_PREFIX = "session/body/";
/** Bodies of submissions without a verdict that a node holds in memory. */
export const BODIES_BYTES_MAX = 256 * 1024 * 1024;

export function onAppend(m: Machine, live: Live, body: codec.ShapeOf<typeof append>, signer: NodeId): Validity {
  // The leader of the promised term itself proves its right by its certificate, whoever had this node's vote.
  if (body.term < live.promised) {
    const head = endOf(live.chain).head;
    send(m, signer, "append-refused", appendRefused, { term: body.term, promised: live.promised, head });
    return ignore("old-term");
  }
  const blocks = parseBlocks(body.blocks);
  if (blocks === undefined) return reject("malformed-block");
  const fork = forkIn(live, blocks);
  if (fork !== undefined) accuse(m, live, "fork", signer, fork);
  const tail = linkTail(live.rules, live.chain, blocks);
  if (tail === "gap") {
    noteHead(m, live, signer, (blocks[0]?.block.index ?? 0) - 1);
    return ignore("gap");
  }
  if (tail === "stale") return ignore("stale");
  if (typeof tail === "string") return reject(tail);
  const end = tail.at(-1);
  if (end?.view.leader !== signer || end.view.term !== body.term) return reject("not-the-leader");
  // What was acknowledged to the leader of a term stays in its log: no majority may acknowledge two logs of one term.
  if (supersedes(live.chain, tail) && forksTerm(live.chain, tail)) return ignore("forked");
  if (supersedes(live.chain, tail)) {
    keepTail(m, live, tail, keepBodies(m, live, body.bodies));
    live.promised = body.term;
    learnLeader(m, live, end);
  } else if (endOf(live.chain).head.hash !== end.hash) return ignore("stale");
  if (end.view.councils.some((council) => council.includes(m.self))) send(m, signer, ACK_KIND, ack, ackOf(end));
  return ACCEPT;
}

/** Two blocks of one term at one index, one of them held already. */
function forkIn(live: Live, blocks: readonly ParsedBlock[]): readonly SignedMessage[] | undefined {
  for (const { block, hash, message } of blocks) {
    const held = live.chain.tail.find((each) => each.block.index === block.index);
    if (held !== undefined && held.block.term === block.term && held.hash !== hash) return [held.message, message];
  }
  return undefined;
}

/** The term block carries the certificate: whoever missed the announcement learns it here. */
function learnLeader(m: Machine, live: Live, end: LinkedBlock): void {
  const [entry] = end.block.entries;
  if (entry?.type !== "term") return;
  if (live.leader !== null && termOfCertificate(entry.certificate) <= termOfCertificate(live.leader)) return;
  happen(m, { type: "central-led", certificate: entry.certificate, won: false });
}

/** Keeps what it does not have; the writes go with the block that needs them. Bodies are checked by their hash's use: the receipt names it. */
export function keepBodies(m: Machine, live: Live, messages: readonly SignedMessage[]): readonly StoreWrite[] {
  const writes: StoreWrite[] = [];
  for (const message of messages) {
    if (message.kind !== SUBMISSION_KIND) continue;
    const id = submissionIdOf(message);
    if (live.bodies.has(id) || (live.ledger.submissions.get(id)?.phase === "settled" && !isInDoubt(live, id))) continue;
    live.bodies.set(id, message);
    writes.push({ key: BODY_KEY_PREFIX + id, value: encodeMessage(message) });
    happen(m, { type: "body-kept", submission: id });
  }
  return writes;
}

export function onBodies(m: Machine, live: Live, messages: readonly SignedMessage[]): Validity {
  const wanted = messages.filter((message) => isWanted(live, submissionIdOf(message)));
  const writes = keepBodies(m, live, wanted);
  if (writes.length > 0) store(m, ...writes);
  return ACCEPT;
}

/** Pending, or about to be: a new council member gets bodies before the block that makes it one. */
function isWanted(live: Live, id: Hash): boolean {
  return (
    live.ledger.pending.has(id) ||
    isInDoubt(live, id) ||
    (!live.ledger.submissions.has(id) && live.bodies.size < 10_000)
  );
}

/** Its verdict is disputed: a jury runs it again. */
function isInDoubt(live: Live, id: Hash): boolean {
  return live.ledger.disputes.open.has(id);
}

export function sendBodies(m: Machine, live: Live, to: NodeId, ids: Iterable<Hash>): void {
  const found: SignedMessage[] = [];
  for (const id of ids) {
    const message = live.bodies.get(id);
    if (message !== undefined) found.push(message);
  }
  sendMessages(m, to, found);
}

/** In as few messages as their bounds allow. */
export function sendMessages(m: Machine, to: NodeId, messages: readonly SignedMessage[]): void {
  let batch: SignedMessage[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (batch.length > 0) send(m, to, "submissions", submissionBodies, { messages: batch });
    batch = [];
    bytes = 0;
  };
  for (const message of messages) {
    if (bytes + message.body.length > SUBMISSIONS_BYTES_MAX / 2 || batch.length >= 1000) flush();
    batch.push(message);
    bytes += message.body.length;
  }
  flush();
}

export function acknowledge(m: Machine, end: LinkedBlock): Uint8Array {
  return signed(m, ACK_KIND, ack, ackOf(end)).signature;
}
