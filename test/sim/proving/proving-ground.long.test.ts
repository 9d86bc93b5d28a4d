import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawScenario, runScenario } from "../../../sim/index.ts";

/** What a campaign of this length must have seen; else its faults or its checkers sleep. */
const MUST_HAPPEN = [
  "assigned again",
  "caught-up",
  "central leader of a later round",
  "cluster leader of a later round",
  "dead-letter",
  "died",
  "escalated",
  "map committed",
  "returned",
  "session-started",
  "stood-down",
  "verdict-settled",
];
const SEEDS = 500;
const FIRST = 10_000;

describe("simulator: proving ground, long", () => {
  const seen = new Map<string, number>();
  for (let first = FIRST; first < FIRST + SEEDS; first += 50) {
    it(`seeds ${first}–${first + 49}: every invariant holds`, () => {
      const failed: string[] = [];
      for (let seed = first; seed < first + 50; seed += 1) {
        const result = runScenario(drawScenario(seed));
        for (const [state, count] of Object.entries(result.sometimes)) seen.set(state, (seen.get(state) ?? 0) + count);
        if (result.failure !== undefined) failed.push(`dikast sim replay ${seed}: ${result.failure.what}`);
      }
      assert.deepEqual(failed, []);
    });
  }

  it("interesting states: all were reached", () => {
    assert.deepEqual(
      MUST_HAPPEN.filter((state) => !seen.has(state)),
      [],
    );
  });
});
