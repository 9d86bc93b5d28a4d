/** Following the committed log: everybody does, by gossip and by range (protocol.md §5). */
import {
  type Block,
  type Committed,
  codec,
  committed,
  type logRange,
  LOG_RANGE_BYTES_MAX,
  type NodeId,
  type SignedMessage,
  type StoreWrite,
  type Verifier,
} from "../../src/model/index.ts";
import { happen, notify, setTimer, store } from "../context.ts";
import { requestBodies, withoutBody } from "../council/bodies.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { CATCH_UP_TIMER, logKey, noteHead, onProgress, remember } from "./catch-up.ts";
import { commit, linkTail, moveCommitted, supersedes } from "./chain.ts";
import { type LinkedBlock, linked, parseBlocks } from "./extension.ts";
import { applyBlock } from "./fold.ts";

/** Names the groups of blocks that hold void entries. */
export const VOID_KEY_PREFIX = "session/void/";
export const TAIL_KEY_PREFIX = "session/tail/";
/** Committed messages that arrived before the ones they follow. */
const EARLY_MAX = 32;

/** Checked when it was first received. */
const TRUSTING: Verifier = { verify: () => true };

export function tailKey(index: number): string {
  return TAIL_KEY_PREFIX + String(index).padStart(10, "0");
}

/** A committed message by gossip, from a peer's range, or made by this node as leader. It proves itself by its content. */
export function onCommitted(
  m: Machine,
  live: Live,
  body: Committed,
  from: NodeId,
  message: SignedMessage | null,
): Validity {
  const blocks = parseBlocks(body.blocks);
  const [first] = blocks ?? [];
  const last = blocks?.at(-1);
  if (blocks === undefined || first === undefined || last === undefined) return reject("malformed-block");
  const { head } = live.chain.committed;
  if (last.block.index <= head.index) return ignore("known");
  if (first.block.index > head.index + 1) {
    if (message !== null && live.catchUp.early.size < EARLY_MAX) live.catchUp.early.set(first.block.index, message);
    awaitGap(m, live, from, first.block.index - 1);
    return ignore("early");
  }
  const tail = linkTail(live.rules, live.chain, blocks);
  if (typeof tail === "string") return reject(tail);
  const done = commit(live.rules, live.chain, tail, body.acks);
  if (typeof done === "string") return reject(done);
  applyCommitted(m, live, done, body, message?.body);
  const early = live.catchUp.early.get(live.chain.committed.head.index + 1);
  if (early !== undefined) {
    live.catchUp.early.delete(live.chain.committed.head.index + 1);
    const next = codec.decode(committed, early.body, LOG_RANGE_BYTES_MAX);
    if (next !== undefined) onCommitted(m, live, next, from, null);
  }
  return ACCEPT;
}

/** The missing message may be on its way: ask only after a moment. */
function awaitGap(m: Machine, live: Live, from: NodeId, index: number): void {
  if (live.catchUp.asked !== null) {
    live.catchUp.target = Math.max(live.catchUp.target, index);
    return;
  }
  if (live.catchUp.target > live.chain.committed.head.index) {
    live.catchUp.target = Math.max(live.catchUp.target, index);
    return;
  }
  live.catchUp.target = index;
  live.catchUp.startedFrom = live.chain.committed.head.index;
  if (live.catchUp.early.size >= EARLY_MAX) noteHead(m, live, from, index);
  else setTimer(m, CATCH_UP_TIMER, m.timing.catchUpMs);
}

/** Stores and folds blocks that are committed. */
export function applyCommitted(
  m: Machine,
  live: Live,
  blocks: readonly LinkedBlock[],
  body: Committed,
  encoded: Uint8Array = codec.encode(committed, body),
): void {
  const end = blocks.at(-1);
  const [first] = blocks;
  if (end === undefined || first === undefined) return;
  const writes: StoreWrite[] = [{ key: logKey(end.block.index), value: encoded }];
  for (const index of live.storedTail) {
    if (index <= end.block.index) {
      writes.push({ key: tailKey(index), value: undefined });
      live.storedTail.delete(index);
    }
  }
  const folded = blocks.map((each) => ({ each, changes: applyBlock(live.ledger, each.block, live.rules.verifier) }));
  if (folded.some(({ changes }) => changes.some((change) => change.type === "void"))) {
    writes.push({ key: VOID_KEY_PREFIX + String(end.block.index), value: new Uint8Array(0) });
  }
  store(m, ...writes);
  remember(live, first.block.index, end.block.index, encoded);
  for (const { each, changes } of folded) {
    const { index, term, entries } = each.block;
    notify(m, { type: "block-committed", index, hash: each.hash, term, entries: entries.length });
    happen(m, { type: "block-committed", block: each, changes });
  }
  onProgress(m, live);
}

/**
 * At start-up: what was committed before, in order; nothing is told to anyone. Signatures were checked then, and are not
 * again, but for the few blocks with void entries: what did not hold then must not hold now.
 */
export function restoreCommitted(live: Live, value: Uint8Array, hasVoids: (index: number) => boolean): void {
  const body = codec.decode(committed, value, LOG_RANGE_BYTES_MAX);
  const known = live.chain.committed.head;
  // A group is kept as it came: its first blocks may have been committed before, in another one.
  const blocks = body && parseBlocks(body.blocks)?.filter((each) => each.block.index > known.index);
  const [first] = blocks ?? [];
  if (blocks === undefined || first === undefined) return;
  if (first.block.index !== known.index + 1 || first.block.previous !== known.hash) return;
  let view = live.chain.committed;
  const done = blocks.map((parsed) => {
    const next = linked(view, parsed);
    view = next.view;
    return next;
  });
  moveCommitted(live.chain, done);
  const verifier = hasVoids(view.head.index) ? live.rules.verifier : TRUSTING;
  for (const each of done) applyBlock(live.ledger, each.block, isProof(each.block) ? live.rules.verifier : verifier);
  remember(live, first.block.index, view.head.index, value);
}

/** Evidence may be that a signature does not hold. */
function isProof(block: Block): boolean {
  return block.entries.some((entry) => entry.type === "evidence");
}

export function onLogRange(m: Machine, live: Live, body: codec.ShapeOf<typeof logRange>, signer: NodeId): Validity {
  const { catchUp, chain } = live;
  const from = chain.committed.head.index;
  for (const group of body.committed) {
    const validity = onCommitted(m, live, group, signer, null);
    if (validity.outcome === "reject") return validity;
  }
  const before = catchUp.asked;
  // An answer that brings nothing on does not have the next question asked at once: that could go on for ever.
  const isFurther = chain.committed.head.index > from;
  if (isFurther) catchUp.attempts = 0;
  if (body.head.index > chain.committed.head.index && isFurther) {
    catchUp.asked = null;
    noteHead(m, live, signer, body.head.index);
  } else if (before === signer && chain.committed.head.index >= catchUp.target) catchUp.asked = null;
  if (body.tail.length === 0) return ACCEPT;
  return adoptTail(m, live, body.tail, signer) ? ACCEPT : ignore("tail");
}

/** A candidate takes over the uncommitted blocks that its voters hold. */
function adoptTail(m: Machine, live: Live, messages: readonly SignedMessage[], voter: NodeId): boolean {
  const blocks = parseBlocks(messages);
  const tail = blocks === undefined ? "stale" : linkTail(live.rules, live.chain, blocks);
  if (typeof tail === "string" || !supersedes(live.chain, tail)) return false;
  if (live.centralElection.role.type !== "candidate") return false;
  const missing = withoutBody(live, tail);
  if (missing.length > 0) {
    requestBodies(m, [voter], missing);
    return false;
  }
  keepTail(m, live, tail);
  happen(m, { type: "tail-adopted" });
  return true;
}

/** Replaces the uncommitted tail, durably. */
export function keepTail(m: Machine, live: Live, tail: readonly LinkedBlock[], more: readonly StoreWrite[] = []): void {
  const writes: StoreWrite[] = [...more];
  const kept = new Set(live.chain.tail.map((each) => each.hash));
  const indexes = new Set(tail.map((each) => each.block.index));
  for (const index of live.storedTail) {
    if (!indexes.has(index)) {
      writes.push({ key: tailKey(index), value: undefined });
      live.storedTail.delete(index);
    }
  }
  for (const each of tail) {
    if (kept.has(each.hash) && live.storedTail.has(each.block.index)) continue;
    writes.push({ key: tailKey(each.block.index), value: encodeStored(each.message) });
    live.storedTail.add(each.block.index);
  }
  live.chain.tail = tail;
  if (writes.length > 0) store(m, ...writes);
}

const storedMessage = codec.struct({
  kind: codec.text(40),
  signer: codec.nodeId,
  body: codec.bytes(LOG_RANGE_BYTES_MAX),
  signature: codec.bytes(64, 64),
}) as codec.Shape<SignedMessage>;

function encodeStored(message: SignedMessage): Uint8Array {
  return codec.encode(storedMessage, message);
}

/** At start-up, after the committed blocks. */
export function restoreTail(live: Live, index: number, value: Uint8Array): void {
  const message = codec.decode(storedMessage, value, LOG_RANGE_BYTES_MAX + 1024);
  const [parsed] = (message && parseBlocks([message])) ?? [];
  live.storedTail.add(index);
  if (parsed === undefined) return;
  const end = live.chain.tail.at(-1)?.view ?? live.chain.committed;
  if (parsed.block.index !== end.head.index + 1 || parsed.block.previous !== end.head.hash) return;
  live.chain.tail = [...live.chain.tail, linked(end, parsed)];
  live.promised = Math.max(live.promised, parsed.block.term);
}
