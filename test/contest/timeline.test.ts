/** The contest's clock: pauses stop it, extensions move its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { elapsedMs, endOf, instantOf, isOver, isPaused, type Pause, type Timeline } from "../../src/contest/index.ts";
import type { Instant } from "../../src/model/index.ts";

const at = (ms: number): Instant => ms as Instant;
const plain: Timeline = { startsAt: at(1000), durationMs: 500 };
const paused: Timeline = { ...plain, pauses: [{ from: at(1100), until: at(1300) }] };
const open: Timeline = { ...plain, pauses: [{ from: at(1100), until: null }] };

const table: readonly (readonly [string, Timeline, number, elapsed: number, over: boolean, isPaused: boolean])[] = [
  ["before the start", plain, 900, -100, false, false],
  ["at the start", plain, 1000, 0, false, false],
  ["the last millisecond", plain, 1499, 499, false, false],
  ["the end", plain, 1500, 500, true, false],
  ["at the pause's start", paused, 1100, 100, false, true],
  ["in the pause", paused, 1200, 100, false, true],
  ["at the pause's end", paused, 1300, 100, false, false],
  ["after the pause", paused, 1600, 400, false, false],
  ["the end, moved by the pause", paused, 1700, 500, true, false],
  ["a pause that goes on", open, 99_999, 100, false, true],
];
for (const [situation, timeline, now, elapsed, over, stands] of table) {
  test(`timeline: ${situation}`, () => {
    assert.deepEqual(
      [elapsedMs(timeline, now), isOver(timeline, now), isPaused(timeline, now)],
      [elapsed, over, stands],
    );
  });
}

test("timeline: the end: moved by pauses before it, hidden by one that goes on", () => {
  assert.deepEqual([endOf(plain), endOf(paused), endOf(open)], [1500, 1700, null]);
});

test("timeline: any pauses: the instant of a contest time has that contest time", () => {
  const lengths = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 300 })), { maxLength: 5 });
  fc.assert(
    fc.property(lengths, fc.nat(2000), (gaps, elapsed) => {
      let now = 1000;
      const pauses = gaps.map(([gap, length]): Pause => {
        const from = now + gap;
        now = from + length;
        return { from: at(from), until: at(now) };
      });
      const timeline = { ...plain, durationMs: 5000, pauses };
      const found = instantOf(timeline, elapsed);
      assert.ok(found !== null);
      assert.equal(elapsedMs(timeline, found), elapsed);
    }),
  );
});
