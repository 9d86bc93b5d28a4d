import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { hashOf, hashOfText } from "../../src/model/index.ts";

function reference(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("model: SHA-256", () => {
  it("inputs of every length, one after the other: each hash is the reference's", () => {
    for (let length = 0; length < 1200; length += length < 300 ? 1 : 17) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255);
      assert.equal(hashOf(bytes), reference(bytes), `${length} bytes`);
    }
  });

  it("texts, more than are remembered, each twice: each hash is the reference's", () => {
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 5000; index += 1) {
        const text = `lot/${index}/ä${"x".repeat(index % 400)}`;
        if (index % 50 === 0 || round === 0) assert.equal(hashOfText(text), reference(text));
      }
    }
  });
});
