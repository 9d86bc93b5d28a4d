/** A 4-ary min-heap of (time, sequence, payload) in typed arrays: no object per event, four children in one cache line. */
import type { EventQueue, QueueEntry } from "./queue.ts";

const CAPACITY_INITIAL = 256;

export class FourAryHeap implements EventQueue {
  #times = new Float64Array(CAPACITY_INITIAL);
  #sequences = new Float64Array(CAPACITY_INITIAL);
  #payloads = new Int32Array(CAPACITY_INITIAL);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The earliest time; infinite when empty. */
  get nextTime(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  get nextSequence(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#sequences[0] as number);
  }

  push(time: number, sequence: number, payload: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const times = this.#times;
    const sequences = this.#sequences;
    const payloads = this.#payloads;
    let index = this.#size;
    this.#size += 1;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const parentTime = times[parent] as number;
      if (parentTime < time || (parentTime === time && (sequences[parent] as number) < sequence)) break;
      times[index] = parentTime;
      sequences[index] = sequences[parent] as number;
      payloads[index] = payloads[parent] as number;
      index = parent;
    }
    times[index] = time;
    sequences[index] = sequence;
    payloads[index] = payload;
  }

  pop(into: QueueEntry): boolean {
    if (this.#size === 0) return false;
    const times = this.#times;
    const sequences = this.#sequences;
    const payloads = this.#payloads;
    into.time = times[0] as number;
    into.sequence = sequences[0] as number;
    into.payload = payloads[0] as number;
    this.#size -= 1;
    const size = this.#size;
    if (size === 0) return true;
    const time = times[size] as number;
    const sequence = sequences[size] as number;
    const payload = payloads[size] as number;
    let index = 0;
    for (;;) {
      const first = index * 4 + 1;
      if (first >= size) break;
      let least = first;
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child += 1) {
        const childTime = times[child] as number;
        const leastTime = times[least] as number;
        if (
          childTime < leastTime ||
          (childTime === leastTime && (sequences[child] as number) < (sequences[least] as number))
        ) {
          least = child;
        }
      }
      const leastTime = times[least] as number;
      if (time < leastTime || (time === leastTime && sequence < (sequences[least] as number))) break;
      times[index] = leastTime;
      sequences[index] = sequences[least] as number;
      payloads[index] = payloads[least] as number;
      index = least;
    }
    times[index] = time;
    sequences[index] = sequence;
    payloads[index] = payload;
    return true;
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
  }
}
