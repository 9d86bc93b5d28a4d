/**
 * Timing wheel with an overflow heap: pushing is O(1) within the horizon, popping sorts one bucket at a time.
 * Varghese, Lauck: "Hashed and hierarchical timing wheels", SOSP 1987 (scheme 4 with an overflow list).
 */
import { FourAryHeap } from "./heap.ts";
import type { EventQueue, QueueEntry } from "./queue.ts";

const NONE = -1;
const CAPACITY_INITIAL = 1024;

export interface WheelOptions {
  /** Buckets as a power of two, 2^5–2^20; default 2^17. */
  readonly bucketsLog2?: number;
  /** Microseconds of one bucket, ≥1; default 64: a horizon of 8.4 s, which holds almost every message and timer. */
  readonly bucketMicros?: number;
}

export class TimingWheel implements EventQueue {
  readonly #width: number;
  readonly #mask: number;
  readonly #buckets: number;
  /** First entry of each bucket's unordered list. */
  readonly #heads: Int32Array;
  /** One bit per non-empty bucket, so that empty stretches are skipped 32 at a time. */
  readonly #occupied: Int32Array;
  #times = new Float64Array(CAPACITY_INITIAL);
  #sequences = new Float64Array(CAPACITY_INITIAL);
  #payloads = new Int32Array(CAPACITY_INITIAL);
  #links = new Int32Array(CAPACITY_INITIAL);
  #free = NONE;
  #used = 0;
  /** The bucket being served, counted from time 0 (not wrapped); its entries are in `#current`. */
  #cursor = 0;
  readonly #current = new FourAryHeap();
  readonly #overflow = new FourAryHeap();
  readonly #moved: QueueEntry = { time: 0, sequence: 0, payload: 0 };
  #inWheel = 0;

  constructor(options: WheelOptions = {}) {
    const log2 = options.bucketsLog2 ?? 17;
    if (!Number.isInteger(log2) || log2 < 5 || log2 > 20) throw new RangeError("bucketsLog2 must be 5–20");
    this.#width = options.bucketMicros ?? 64;
    if (!Number.isInteger(this.#width) || this.#width < 1) throw new RangeError("bucketMicros must be an integer ≥ 1");
    this.#buckets = 2 ** log2;
    this.#mask = this.#buckets - 1;
    this.#heads = new Int32Array(this.#buckets).fill(NONE);
    this.#occupied = new Int32Array(this.#buckets >> 5);
  }

  get size(): number {
    return this.#current.size + this.#inWheel + this.#overflow.size;
  }

  push(time: number, sequence: number, payload: number): void {
    const bucket = Math.floor(time / this.#width);
    if (bucket <= this.#cursor) this.#current.push(time, sequence, payload);
    else if (bucket < this.#cursor + this.#buckets) this.#insert(bucket, time, sequence, payload);
    else this.#overflow.push(time, sequence, payload);
  }

  pop(into: QueueEntry): boolean {
    while (!this.#current.pop(into)) {
      if (!this.#advance()) return false;
    }
    return true;
  }

  #insert(bucket: number, time: number, sequence: number, payload: number): void {
    let entry = this.#free;
    if (entry === NONE) {
      if (this.#used === this.#times.length) this.#grow();
      entry = this.#used;
      this.#used += 1;
    } else {
      this.#free = this.#links[entry] as number;
    }
    const slot = bucket & this.#mask;
    this.#times[entry] = time;
    this.#sequences[entry] = sequence;
    this.#payloads[entry] = payload;
    this.#links[entry] = this.#heads[slot] as number;
    this.#heads[slot] = entry;
    this.#occupied[slot >> 5] = (this.#occupied[slot >> 5] as number) | (1 << (slot & 31));
    this.#inWheel += 1;
  }

  /** Moves the cursor to the next bucket that holds something; false when nothing is left. */
  #advance(): boolean {
    const overflowBucket = Math.floor(this.#overflow.nextTime / this.#width);
    if (this.#inWheel > 0) {
      this.#cursor = Math.min(this.#nextOccupied(), overflowBucket);
    } else if (this.#overflow.size > 0) {
      this.#cursor = overflowBucket;
    } else {
      return false;
    }
    this.#drain(this.#cursor & this.#mask);
    // What the horizon has reached leaves the overflow heap; each entry moves at most once.
    const horizon = (this.#cursor + this.#buckets) * this.#width;
    const moved = this.#moved;
    while (this.#overflow.nextTime < horizon) {
      this.#overflow.pop(moved);
      this.push(moved.time, moved.sequence, moved.payload);
    }
    return true;
  }

  #nextOccupied(): number {
    const start = (this.#cursor + 1) & this.#mask;
    const words = this.#occupied.length;
    let word = start >> 5;
    let bits = (this.#occupied[word] as number) & (-1 << (start & 31));
    for (let scanned = 0; scanned <= words; scanned += 1) {
      if (bits !== 0) {
        const slot = (word << 5) + (31 - Math.clz32(bits & -bits));
        return this.#cursor + 1 + ((slot - start) & this.#mask);
      }
      word = word + 1 === words ? 0 : word + 1;
      bits = this.#occupied[word] as number;
    }
    throw new RangeError("the wheel lost an entry");
  }

  #drain(slot: number): void {
    let entry = this.#heads[slot] as number;
    while (entry !== NONE) {
      this.#current.push(
        this.#times[entry] as number,
        this.#sequences[entry] as number,
        this.#payloads[entry] as number,
      );
      const next = this.#links[entry] as number;
      this.#links[entry] = this.#free;
      this.#free = entry;
      entry = next;
      this.#inWheel -= 1;
    }
    this.#heads[slot] = NONE;
    this.#occupied[slot >> 5] = (this.#occupied[slot >> 5] as number) & ~(1 << (slot & 31));
  }

  #grow(): void {
    const capacity = this.#times.length * 2;
    const times = new Float64Array(capacity);
    times.set(this.#times);
    this.#times = times;
    const sequences = new Float64Array(capacity);
    sequences.set(this.#sequences);
    this.#sequences = sequences;
    const payloads = new Int32Array(capacity);
    payloads.set(this.#payloads);
    this.#payloads = payloads;
    const links = new Int32Array(capacity);
    links.set(this.#links);
    this.#links = links;
  }
}
