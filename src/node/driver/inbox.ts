/**
 * What was received and not yet handled: bounded in number and bytes, per kind and per peer. Urgent kinds overtake others,
 * peers take turns, so that neither a flood of one kind nor one loud peer delays an election.
 */
import type { NodeId, SignedMessage } from "../../model/index.ts";

/** urgent: elections, heartbeats, promises · normal: the rest · bulk: answers to catch-up. */
export type Lane = "urgent" | "normal" | "bulk";
const LANES: readonly Lane[] = ["urgent", "normal", "bulk"];

/** A cluster of 99 voting at once, and the same again. */
export const PER_PEER_AND_LANE_MAX = 256;
/** Of one kind, from all peers: 15,000 registrations come over minutes, not at once. */
export const PER_KIND_MAX = 4_096;
export const INBOX_BYTES_MAX = 64 * 1024 * 1024;
/** Every so many urgent messages one of the lower lanes gets its turn. */
const URGENT_IN_A_ROW_MAX = 16;

export interface Received {
  readonly from: NodeId;
  readonly via: "direct" | "gossip";
  readonly message: SignedMessage;
}

class LaneQueue<T extends Received> {
  /** In the order in which the peers' turns come. */
  readonly #peers = new Map<NodeId, T[]>();

  countOf(peer: NodeId): number {
    return this.#peers.get(peer)?.length ?? 0;
  }

  push(item: T): void {
    const waiting = this.#peers.get(item.from);
    if (waiting === undefined) this.#peers.set(item.from, [item]);
    else waiting.push(item);
  }

  shift(): T | undefined {
    for (const [peer, waiting] of this.#peers) {
      const item = waiting.shift();
      this.#peers.delete(peer);
      if (waiting.length > 0) this.#peers.set(peer, waiting);
      return item;
    }
    return undefined;
  }
}

export class Inbox<T extends Received> {
  readonly #lanes: Readonly<Record<Lane, LaneQueue<T>>> = {
    urgent: new LaneQueue(),
    normal: new LaneQueue(),
    bulk: new LaneQueue(),
  };
  readonly #laneOf: (kind: string) => Lane;
  readonly #perKind = new Map<string, number>();
  #bytes = 0;
  #size = 0;
  #urgentInARow = 0;

  constructor(laneOf: (kind: string) => Lane) {
    this.#laneOf = laneOf;
  }

  get size(): number {
    return this.#size;
  }

  /** False: no room, dropped. */
  push(item: T): boolean {
    const { kind, body } = item.message;
    const lane = this.#lanes[this.#laneOf(kind)];
    const ofKind = this.#perKind.get(kind) ?? 0;
    if (ofKind >= PER_KIND_MAX || lane.countOf(item.from) >= PER_PEER_AND_LANE_MAX) return false;
    if (this.#bytes + body.length > INBOX_BYTES_MAX) return false;
    lane.push(item);
    this.#perKind.set(kind, ofKind + 1);
    this.#bytes += body.length;
    this.#size += 1;
    return true;
  }

  shift(): T | undefined {
    const item = this.#next();
    if (item === undefined) return undefined;
    const left = (this.#perKind.get(item.message.kind) ?? 1) - 1;
    if (left > 0) this.#perKind.set(item.message.kind, left);
    else this.#perKind.delete(item.message.kind);
    this.#bytes -= item.message.body.length;
    this.#size -= 1;
    return item;
  }

  #next(): T | undefined {
    const lowerFirst = this.#urgentInARow >= URGENT_IN_A_ROW_MAX;
    const order = lowerFirst ? [...LANES.slice(1), "urgent" as const] : LANES;
    for (const lane of order) {
      const item = this.#lanes[lane].shift();
      if (item === undefined) continue;
      this.#urgentInARow = lane === "urgent" ? this.#urgentInARow + 1 : 0;
      return item;
    }
    this.#urgentInARow = 0;
    return undefined;
  }
}
