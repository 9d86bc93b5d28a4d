import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluatorOf, sourceOf } from "../../../sim/contest/judge.ts";
import { Randomness } from "../../../sim/index.ts";
import type { EvaluationRequest } from "../../../src/model/index.ts";

const random = new Randomness(1).stream(0, "test");
const evaluator = evaluatorOf("honest", 1, 1);
const asked = (source: Uint8Array): EvaluationRequest =>
  ({ problem: "p0", files: [{ filename: "a.cpp", source }] }) as unknown as EvaluationRequest;

describe("simulator: modelled judging", () => {
  it("a planned source: its verdict at about its cost", () => {
    const request = asked(sourceOf("WA", 200, 7));
    const outcome = evaluator.outcome(request, random);
    assert.equal(outcome.type === "judged" && outcome.result.verdict, "WA");
    const costMs = evaluator.costMicros(request, random) / 1000;
    assert.ok(costMs >= 160 && costMs <= 240, `${costMs}`);
  });

  for (const garbled of ["// AC x 1", "// AC -5 1", "// AC 1e99 1", "// ?? 5 1", "", "// AC"]) {
    it(`"${garbled}": a compile error at a cost that ends`, () => {
      const request = asked(new TextEncoder().encode(garbled));
      const outcome = evaluator.outcome(request, random);
      assert.equal(outcome.type === "judged" && outcome.result.verdict, "CE");
      assert.ok(Number.isFinite(evaluator.costMicros(request, random)));
    });
  }
});
