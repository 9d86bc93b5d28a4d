import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pledges } from "../../../sim/checkers/pledges.ts";
import type { Hash } from "../../../src/model/index.ts";

const hash = "0".repeat(64) as Hash;
const vote = (round: number, term: number, index: number) => ({ session: 0, round, head: { term, index, hash } });

describe("simulator: pledges", () => {
  it("a block acknowledged before or after a higher vote that lacks it: a contradiction", () => {
    const before = new Pledges();
    assert.equal(before.acknowledge({ term: 0, index: 5 }), false);
    assert.equal(before.seal(vote(1, 0, 4)), true);
    const after = new Pledges();
    assert.equal(after.seal(vote(1, 0, 4)), false);
    assert.equal(after.acknowledge({ term: 0, index: 5 }), true);
  });

  it("votes that hold it, older votes, cluster votes: none", () => {
    const pledges = new Pledges();
    pledges.acknowledge({ term: 2, index: 5 });
    assert.equal(pledges.seal(vote(3, 2, 5)), false);
    assert.equal(pledges.seal(vote(1, 0, 4)), false);
    assert.equal(pledges.seal({ session: 0, round: 9, head: null }), false);
  });
});
