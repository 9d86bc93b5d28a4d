/**
 * Messages waiting for one peer: first in, first out within a lane, urgent ones (elections, heartbeats) first. Bounded in
 * number and bytes; what does not fit is refused, and the protocol's own retries repair the loss.
 */
import { OUTBOX_BYTES_MAX, OUTBOX_MESSAGES_MAX } from "./limits.ts";

interface Waiting {
  readonly frame: Uint8Array;
  readonly sinceMs: number;
}

export class Outbox {
  readonly #lanes: readonly [Waiting[], Waiting[]] = [[], []];
  #bytes = 0;

  get size(): number {
    return this.#lanes[0].length + this.#lanes[1].length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when full: the frame was dropped. A quarter of the room is kept for urgent frames. */
  push(frame: Uint8Array, urgent: boolean, nowMs: number): boolean {
    const share = urgent ? 1 : 0.75;
    if (this.size >= OUTBOX_MESSAGES_MAX * share || this.#bytes + frame.length > OUTBOX_BYTES_MAX * share) return false;
    this.#lanes[urgent ? 0 : 1].push({ frame, sinceMs: nowMs });
    this.#bytes += frame.length;
    return true;
  }

  shift(): Uint8Array | undefined {
    const next = this.#lanes[0].shift() ?? this.#lanes[1].shift();
    if (next === undefined) return undefined;
    this.#bytes -= next.frame.length;
    return next.frame;
  }

  /** Drops what has waited since before `sinceMs`; answers how many. */
  expire(sinceMs: number): number {
    let dropped = 0;
    for (const lane of this.#lanes) {
      while (lane[0] !== undefined && lane[0].sinceMs < sinceMs) {
        this.#bytes -= lane[0].frame.length;
        lane.shift();
        dropped += 1;
      }
    }
    return dropped;
  }

  /** Empties it; answers how many were dropped. */
  clear(): number {
    const dropped = this.size;
    this.#lanes[0].length = 0;
    this.#lanes[1].length = 0;
    this.#bytes = 0;
    return dropped;
  }
}
