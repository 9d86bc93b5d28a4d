import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { nextFraction, randomFrom } from "../../src/model/index.ts";

const MASK = (1n << 64n) - 1n;

/** SplitMix64 as published, in whole words. */
function reference(seed: bigint, counter: number): number {
  let z = (seed + BigInt(counter) * 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  z ^= z >> 31n;
  return Number(z >> 11n) / 2 ** 53;
}

describe("model: randomness", () => {
  it("any seed, any place in the stream: what SplitMix64 gives", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MASK }), fc.integer({ min: 0, max: 2 ** 40 }), (seed, counter) => {
        const state = randomFrom(seed);
        state.counter = counter;
        assert.equal(nextFraction(state), reference(seed, counter + 1));
      }),
    );
  });
});
