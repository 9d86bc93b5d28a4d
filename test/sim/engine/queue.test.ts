import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { array, assert as check, constant, integer, oneof, property } from "fast-check";
import { FourAryHeap } from "../../../sim/engine/heap.ts";
import type { EventQueue, QueueEntry } from "../../../sim/engine/queue.ts";
import { TimingWheel } from "../../../sim/engine/wheel.ts";

/** The oracle: a sorted array. */
class SortedList implements EventQueue {
  readonly #entries: QueueEntry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  push(time: number, sequence: number, payload: number): void {
    this.#entries.push({ time, sequence, payload });
    this.#entries.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
  }

  pop(into: QueueEntry): boolean {
    const first = this.#entries.shift();
    if (first === undefined) return false;
    Object.assign(into, first);
    return true;
  }
}

/** Delays below, at and far beyond one bucket and one horizon of the small wheel (32 buckets of 10 µs). */
const delay = oneof(integer({ min: 0, max: 12 }), integer({ min: 0, max: 400 }), integer({ min: 300, max: 100_000 }));
const operations = array(oneof(delay, constant("pop" as const)), { maxLength: 400 });

function agree(make: () => EventQueue, script: readonly (number | "pop")[]): void {
  const subject = make();
  const oracle = new SortedList();
  const got: QueueEntry = { time: 0, sequence: 0, payload: 0 };
  const wanted: QueueEntry = { time: 0, sequence: 0, payload: 0 };
  let sequence = 0;
  const popBoth = (): void => {
    assert.equal(subject.pop(got), oracle.pop(wanted));
    assert.deepEqual(got, wanted);
  };
  for (const operation of script) {
    if (operation === "pop") popBoth();
    else {
      sequence += 1;
      subject.push(wanted.time + operation, sequence, sequence * 7);
      oracle.push(wanted.time + operation, sequence, sequence * 7);
    }
    assert.equal(subject.size, oracle.size);
  }
  while (oracle.size > 0) popBoth();
  assert.equal(subject.pop(got), false);
}

describe("simulator: queues", () => {
  it("heap: any script of pushes and pops: the order of a sorted list", () => {
    check(property(operations, (script) => agree(() => new FourAryHeap(), script)));
  });

  it("wheel: any script, horizon crossed and left empty: the order of a sorted list", () => {
    check(
      property(operations, (script) => agree(() => new TimingWheel({ bucketsLog2: 5, bucketMicros: 10 }), script)),
      { numRuns: 300 },
    );
  });

  it("wheel: more entries than it was made for: grows and keeps the order", () => {
    const script = Array.from({ length: 5000 }, (_, index) => (index * 7919) % 200_000);
    const wheel = new TimingWheel({ bucketsLog2: 8, bucketMicros: 16 });
    const heap = new FourAryHeap();
    for (const [index, time] of script.entries()) {
      wheel.push(time, index, index);
      heap.push(time, index, index);
    }
    const a: QueueEntry = { time: 0, sequence: 0, payload: 0 };
    const b: QueueEntry = { time: 0, sequence: 0, payload: 0 };
    while (heap.pop(a)) {
      assert.ok(wheel.pop(b));
      assert.deepEqual(b, a);
    }
    assert.equal(wheel.size, 0);
  });
});
