/** A node's state as its store left it (protocol.md §8 "Everything stops"). Records come in key order. */
import { decodeMessage, type StoredRecord, SUBMISSION_BYTES_MAX, submissionIdOf } from "../src/model/index.ts";
import { BODY_KEY_PREFIX } from "./council/bodies.ts";
import { restorePromise } from "./election/central-election.ts";
import { restoreClusterVote } from "./election/cluster-election.ts";
import { restoreJoining } from "./joining/joining.ts";
import { LOG_KEY_PREFIX } from "./log/catch-up.ts";
import { restoreCommitted, restoreTail, TAIL_KEY_PREFIX, VOID_KEY_PREFIX } from "./log/following.ts";
import { collects } from "./life/collecting.ts";
import { LETTER_KEY_PREFIX, restoreLetter } from "./life/letters.ts";
import type { Live, Machine } from "./machine.ts";
import { restoreRecovery } from "./recovery/councils.ts";
import { OUTBOX_KEY_PREFIX, restoreOutboxItem } from "./submissions/outbox.ts";

export function restoreRecords(m: Machine, records: Iterable<StoredRecord>): void {
  const all = [...records].filter((record) => record.key.startsWith("session/"));
  // The manifest comes before the roster, and both before everything else.
  for (const { key, value } of all) restoreJoining(m, key, value);
  for (const { key, value } of all) {
    restoreClusterVote(m, key, value);
    if (key.startsWith(OUTBOX_KEY_PREFIX)) restoreOutboxItem(m, value);
    if (key.startsWith(LETTER_KEY_PREFIX)) restoreLetter(m, value);
  }
  const { live } = m;
  if (live === null) return;
  const voids = new Set(all.map(({ key }) => key).filter((key) => key.startsWith(VOID_KEY_PREFIX)));
  const hasVoids = (index: number): boolean => voids.has(VOID_KEY_PREFIX + String(index));
  for (const { key, value } of all) if (key.startsWith(LOG_KEY_PREFIX)) restoreCommitted(live, value, hasVoids);
  for (const { key, value } of all) {
    if (key.startsWith(TAIL_KEY_PREFIX)) restoreTail(live, Number(key.slice(TAIL_KEY_PREFIX.length)), value);
    if (key.startsWith(BODY_KEY_PREFIX)) restoreBody(live, value);
  }
  for (const { key, value } of all) {
    restorePromise(live, key, value);
    restoreRecovery(live, key, value);
  }
  if (collects(m)) {
    const held = new Set(all.map(({ key }) => key).filter((key) => key.startsWith(BODY_KEY_PREFIX)));
    for (const id of live.ledger.submissions.keys()) if (!held.has(BODY_KEY_PREFIX + id)) live.uncollected.set(id, 0);
  }
  // A verdict may have been committed while this node was away.
  for (const id of m.outbox.keys()) if (live.ledger.submissions.get(id)?.phase === "settled") m.outbox.delete(id);
}

/** Bodies of settled submissions stay in the store only. */
function restoreBody(live: Live, value: Uint8Array): void {
  const message = decodeMessage(value, SUBMISSION_BYTES_MAX + 1024);
  if (message === undefined) return;
  const id = submissionIdOf(message);
  const known = live.ledger.submissions.get(id);
  if (known === undefined || live.ledger.pending.has(id)) live.bodies.set(id, message);
}
