/**
 * Bodies of submissions: blocks only name them. Whoever acknowledges a block, or goes on from it, holds those of its receipts
 * (protocol.md §5).
 */
import {
  encodeMessage,
  type Hash,
  type NodeId,
  type SignedMessage,
  type StoreWrite,
  SUBMISSION_KIND,
  SUBMISSIONS_ASKED_MAX,
  SUBMISSIONS_BYTES_MAX,
  submissionBodies,
  submissionIdOf,
  submissionRequest,
} from "../../src/model/index.ts";
import { happen, send, sendAll, store } from "../context.ts";
import { mayOrder } from "../life/authority.ts";
import { endOf } from "../log/chain.ts";
import type { LinkedBlock } from "../log/extension.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, type Validity } from "../routing.ts";

export const BODY_KEY_PREFIX = "session/body/";
/** Bodies in memory of submissions that are not logged yet: as many as may be pending, and a tail of full blocks. */
const UNLOGGED_MAX = 40_000;

/** Receipts in uncommitted blocks that no committed block brought before. */
export function receiptsIn(live: Live, tail: readonly LinkedBlock[]): readonly Hash[] {
  const entries = tail.flatMap(({ block }) => block.entries);
  return entries.flatMap((entry) =>
    entry.type === "receipt" && !live.ledger.submissions.has(entry.submission) ? [entry.submission] : [],
  );
}

/** Those that this node cannot vouch for. `coming`: what came along with the blocks. */
export function withoutBody(
  live: Live,
  tail: readonly LinkedBlock[],
  coming: readonly SignedMessage[] = [],
): readonly Hash[] {
  const missing = receiptsIn(live, tail).filter((id) => !live.bodies.has(id));
  if (missing.length === 0) return missing;
  const come = new Set(coming.map(submissionIdOf));
  return missing.filter((id) => !come.has(id));
}

export function requestBodies(m: Machine, from: readonly NodeId[], ids: readonly Hash[]): void {
  for (let first = 0; first < ids.length; first += SUBMISSIONS_ASKED_MAX) {
    const submissions = ids.slice(first, first + SUBMISSIONS_ASKED_MAX);
    sendAll(m, from, "submission-request", submissionRequest, { submissions });
  }
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
    (!live.ledger.submissions.has(id) && live.bodies.size < UNLOGGED_MAX)
  );
}

/** Its verdict is disputed: a jury runs it again. */
function isInDoubt(live: Live, id: Hash): boolean {
  return live.ledger.disputes.open.has(id);
}

export function sendBodies(m: Machine, live: Live, to: NodeId, ids: Iterable<Hash>): void {
  const found: SignedMessage[] = [];
  for (const id of ids) {
    // The submitter of its own: it keeps it until the verdict.
    const message = live.bodies.get(id) ?? m.outbox.get(id)?.message;
    if (message !== undefined) found.push(message);
  }
  sendMessages(m, to, found);
}

/** Sources are for leaders, councils, and whoever this node helps to lead: others see only their own. */
export function mayRead(live: Live, node: NodeId): boolean {
  return (
    live.leader?.leader === node ||
    live.castVote?.candidate === node ||
    endOf(live.chain).councils.some((council) => council.includes(node)) ||
    mayOrder(live.ledger, node)
  );
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
