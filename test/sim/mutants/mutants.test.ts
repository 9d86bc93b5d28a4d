import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { applyEdit, MUTANTS } from "../../../sim/mutants/mutants.ts";

describe("simulator: mutants", () => {
  it("names: different; at least twelve", () => {
    assert.ok(MUTANTS.length >= 12);
    assert.equal(new Set(MUTANTS.map((mutant) => mutant.name)).size, MUTANTS.length);
  });

  for (const { name, edits } of MUTANTS) {
    it(`${name}: fits the present sources`, () => {
      for (const edit of edits) {
        const source = readFileSync(new URL(`../../../${edit.file}`, import.meta.url), "utf8");
        assert.notEqual(applyEdit(name, edit, source), source);
      }
    });
  }
});
