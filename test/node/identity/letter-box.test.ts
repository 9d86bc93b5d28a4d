/** Sealed letters: readers read, nobody else does, and nothing can be changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { nobleSigner } from "../../../src/model/index.ts";
import { letterBox } from "../../../src/node/identity/index.ts";
import { secretKeyFor } from "../../support/keys.ts";

const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => secretKeyFor(`letter ${name}`)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const readers = [ann, bob].map((key) => nobleSigner(key).id);
const text = new TextEncoder().encode("Does n = 0 occur? é");

test("letter box: sealed for two: both read it, nobody else does", () => {
  const box = letterBox(ann).seal(readers, text);
  assert.deepEqual(letterBox(ann).open(box), text);
  assert.deepEqual(letterBox(bob).open(box), text);
  assert.equal(letterBox(eve).open(box), undefined);
  assert.ok(!Buffer.from(box).includes(Buffer.from("occur")));
});

test("letter box: any byte changed or cut: the reader is told nothing", () => {
  const box = letterBox(eve).seal([readers[0] as (typeof readers)[number]], text);
  fc.assert(
    fc.property(fc.nat(box.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = box.slice();
      damaged[at] = (damaged[at] as number) ^ change;
      assert.equal(letterBox(ann).open(damaged), undefined);
      assert.equal(letterBox(ann).open(box.subarray(0, at)), undefined);
    }),
    { numRuns: 12 },
  );
});
