import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawScenario, realKeys, runScenario } from "../../../sim/index.ts";
import { fastSigner, fastVerifier } from "../../../src/node/identity/fast-crypto.ts";

/** What a campaign of this length must have seen; else its faults or its checkers sleep. */
const MUST_HAPPEN = [
  "a node contradicted itself",
  "assigned again",
  "caught-up",
  "central leader of a later round",
  "cluster leader of a later round",
  "dead-letter",
  "died",
  "escalated",
  "evidence committed",
  "excluded for fork",
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
    it(`seeds ${first}–${first + 49}: every invariant holds, twice with equal trace hashes`, () => {
      const failed: string[] = [];
      for (let seed = first; seed < first + 50; seed += 1) {
        const scenario = drawScenario(seed);
        const result = runScenario(scenario);
        if (runScenario(scenario).traceHash !== result.traceHash) failed.push(`seed ${seed}: another trace hash`);
        for (const [state, count] of Object.entries(result.sometimes)) seen.set(state, (seen.get(state) ?? 0) + count);
        if (result.failure !== undefined) failed.push(`dikast sim replay ${seed}: ${result.failure.what}`);
      }
      assert.deepEqual(failed, []);
    });
  }

  for (const seed of [1, 2, 3]) {
    it(`seed ${seed}, real signatures: every invariant holds`, () => {
      const keys = realKeys(seed, { signerOf: fastSigner, verifier: fastVerifier });
      const result = runScenario(drawScenario(seed), { keys });
      assert.equal(result.failure, undefined, result.failure?.what);
    });
  }

  it("interesting states: all were reached", () => {
    assert.deepEqual(
      MUST_HAPPEN.filter((state) => !seen.has(state)),
      [],
    );
  });
});
