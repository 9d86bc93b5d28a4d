import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawScenario, type Fault, type RunResult, type Scenario, shrink } from "../../../sim/index.ts";

const fault = (atMs: number, node: number): Fault => ({ type: "crash", atMs, node, downMs: 100 });

/** Fails as told whenever node 3 crashes after node 1. */
function run(scenario: Scenario): RunResult {
  const crashes = scenario.faults.filter((each) => each.type === "crash");
  const first = crashes.findIndex((each) => each.node === 1);
  const fails = first >= 0 && crashes.some((each, index) => index > first && each.node === 3);
  return {
    seed: scenario.seed,
    failure: fails ? { invariant: "x", what: "3 after 1", atMs: 1 } : undefined,
    traceHash: "",
    virtualMs: 1,
    events: 1,
    steps: 1,
    faults: {},
    sometimes: {},
  };
}

describe("simulator: shrinking", () => {
  it("forty faults, two to blame: exactly those are left, and nothing else", () => {
    const faults = Array.from({ length: 40 }, (_, index) => fault(index * 100, index % 5));
    const shrunk = shrink({ ...drawScenario(1), faults, evaluatorRoles: { 4: "lazy" } }, run);
    assert.deepEqual(
      shrunk.scenario.faults.map((each) => (each.type === "crash" ? each.node : -1)),
      [1, 3],
    );
    assert.deepEqual(shrunk.scenario.workload, []);
    assert.deepEqual(shrunk.scenario.evaluatorRoles, {});
    assert.equal(shrunk.result.failure?.invariant, "x");
  });

  it("nothing fails: the scenario comes back as it was, after one run", () => {
    const scenario = drawScenario(2);
    const shrunk = shrink({ ...scenario, faults: [] }, run);
    assert.equal(shrunk.runs, 1);
  });

  it("drawn scenarios: same seed: same scenario; 200 seeds: every fault type and a calm one among them", () => {
    assert.deepEqual(drawScenario(77), drawScenario(77));
    const drawn = Array.from({ length: 200 }, (_, seed) => drawScenario(seed));
    assert.equal(new Set(drawn.flatMap((each) => each.faults.map((one) => one.type))).size, 14);
    assert.ok(drawn.some((each) => each.faults.length === 0));
  });
});
