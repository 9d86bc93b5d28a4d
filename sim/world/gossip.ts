/**
 * Gossip over the overlay, as gossipsub does it: validate before forwarding, deliver once, drop what was seen lately,
 * fetch later what a lossy edge swallowed.
 */
import type { SignedMessage } from "../../src/model/index.ts";

/** Gossipsub's `seenTTL`: the same bytes published again within it go nowhere. */
export const SEEN_MICROS = 120_000_000;
/** A swallowed message is advertised (IHAVE) with the next heartbeats; so many tries. */
export const LAZY_PULLS_MAX = 3;
export const HEARTBEAT_MICROS = 1_000_000;

/** One message on its way through the overlay. */
export interface GossipRecord {
  readonly message: SignedMessage;
  readonly bytes: number;
  readonly publishedMicros: number;
  /** One bit per node. */
  readonly seen: Uint32Array;
}

export class GossipTable {
  readonly #words: number;
  readonly #records = new Map<string, GossipRecord>();

  constructor(nodes: number) {
    this.#words = (nodes + 31) >> 5;
  }

  /** The record of these very bytes, new or still remembered. */
  open(message: SignedMessage, bytes: number, now: number): GossipRecord {
    this.#expire(now);
    const key = keyOf(message);
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    const record: GossipRecord = { message, bytes, publishedMicros: now, seen: new Uint32Array(this.#words) };
    this.#records.set(key, record);
    return record;
  }

  #expire(now: number): void {
    for (const [key, record] of this.#records) {
      if (record.publishedMicros + SEEN_MICROS > now) return;
      this.#records.delete(key);
    }
  }
}

export function hasSeen(record: GossipRecord, node: number): boolean {
  return ((record.seen[node >> 5] as number) & (1 << (node & 31))) !== 0;
}

/** True the first time. */
export function markSeen(record: GossipRecord, node: number): boolean {
  const word = node >> 5;
  const bit = 1 << (node & 31);
  const bits = record.seen[word] as number;
  if ((bits & bit) !== 0) return false;
  record.seen[word] = bits | bit;
  return true;
}

/** A node that restarted has an empty cache of what it saw; nothing is done about messages it could then get twice. */
function keyOf(message: SignedMessage): string {
  return message.kind + String.fromCharCode(...message.signature);
}
