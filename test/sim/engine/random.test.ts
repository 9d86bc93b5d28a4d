import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Randomness, threefry } from "../../../sim/engine/random.ts";
import { TraceHash } from "../../../sim/engine/trace.ts";

function hashOf(words: readonly number[]): string {
  const trace = new TraceHash();
  for (const word of words) trace.add(word);
  return trace.digest;
}

describe("simulator: randomness", () => {
  // kat_vectors of Random123 (Salmon et al.), threefry2x32 with 20 rounds.
  const vectors: readonly [string, number, number, number, number, number, number][] = [
    ["zeros", 0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    ["ones", 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    ["pi", 0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ];
  for (const [id, k0, k1, c0, c1, w0, w1] of vectors) {
    it(`threefry: published vector ${id}: equal`, () => {
      const out = new Uint32Array(2);
      threefry(k0, k1, c0, c1, out);
      assert.deepEqual([...out], [w0, w1]);
    });
  }

  it("streams: other draws in between: change nothing", () => {
    const first = new Randomness(7);
    const alone = Array.from(
      { length: 5 },
      (
        (stream) => () =>
          stream.fraction()
      )(first.stream(3, "latency")),
    );
    const second = new Randomness(7);
    const other = second.stream(3, "disk");
    const stream = second.stream(3, "latency");
    const mixed = Array.from({ length: 5 }, () => {
      other.fraction();
      return stream.fraction();
    });
    assert.deepEqual(mixed, alone);
    assert.notDeepEqual(
      Array.from(
        { length: 5 },
        (
          (s) => () =>
            s.fraction()
        )(second.stream(4, "latency")),
      ),
      alone,
    );
  });

  it("distributions: 40,000 draws of seed 11: means within five standard errors", () => {
    const stream = new Randomness(11).stream(-1, "test");
    const n = 40_000;
    const mean = (draw: () => number): number => {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += draw();
      return sum / n;
    };
    assert.ok(Math.abs(mean(() => stream.fraction()) - 0.5) < (5 * Math.sqrt(1 / 12)) / Math.sqrt(n));
    assert.ok(Math.abs(mean(() => stream.exponential()) - 1) < 5 / Math.sqrt(n));
    assert.ok(Math.abs(mean(() => stream.normal())) < 5 / Math.sqrt(n));
    // Weibull of shape 0.5: mean Γ(3) = 2, variance Γ(5) − 4 = 20.
    assert.ok(Math.abs(mean(() => stream.weibull(0.5)) - 2) < (5 * Math.sqrt(20)) / Math.sqrt(n));
  });
});

describe("simulator: trace hash", () => {
  it("same words: same hash; order, value or length changed: another", () => {
    assert.equal(hashOf([1, 2, 3]), hashOf([1, 2, 3]));
    const others = [[2, 1, 3], [1, 2, 4], [1, 2], [1, 2, 3, 0], []].map(hashOf);
    assert.equal(new Set([...others, hashOf([1, 2, 3])]).size, others.length + 1);
  });

  it("known words: the hash of every machine and version", () => {
    assert.equal(hashOf([1, 2, 3]), "237d114b8a11d8bc");
  });
});
