import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawScenario, idealKeys, plainScenario, realKeys, runScenario } from "../../../sim/index.ts";
import { fastSigner, fastVerifier } from "../../../src/node/identity/fast-crypto.ts";

/** Few: thousands are run by `npm run test:long` and `dikast sim test`. */
const SEEDS = [1, 2, 3, 4, 6];

describe("simulator: proving ground", () => {
  for (const seed of SEEDS) {
    it(`seed ${seed}, twice: every invariant holds, equal trace hashes`, () => {
      const scenario = drawScenario(seed);
      const first = runScenario(scenario);
      assert.equal(first.failure, undefined, `dikast sim replay ${seed}: ${first.failure?.what}`);
      assert.equal(runScenario(scenario).traceHash, first.traceHash);
    });
  }

  for (const [seed, what] of [
    [50, "a garbled source told no cost, and time stood still"],
    [302, "a twin broke the log: its own signatures must show it"],
    [2090, "a group that repeated committed blocks hid all later ones from a restart"],
    [51626, "a node that caught up told the jury's verdict as the cluster's"],
    [202_639, "a successor committed receipts whose sources only the former leader had"],
  ] as const) {
    it(`seed ${seed}, where ${what}: holds`, () => {
      const result = runScenario(drawScenario(seed));
      assert.equal(result.failure, undefined, result.failure?.what);
    });
  }

  it("every message encoded and read, or handed over as it is: equal trace hashes", () => {
    const scenario = drawScenario(9);
    const [plain, shared] = [true, false].map((isPlain) =>
      runScenario(scenario, { keys: idealKeys(scenario.seed), isPlain }),
    );
    assert.equal(plain?.traceHash, shared?.traceHash);
  });

  for (const participants of [5, 60]) {
    it(`${participants} participants, nothing fails: registered, elected, every submission judged as planned`, () => {
      const verdicts = ["AC", "WA", "TLE", "CE"] as const;
      const result = runScenario(
        plainScenario({
          seed: participants,
          participants,
          sages: 3,
          sessionMs: 10_000,
          safetyMs: 18_000,
          workload: Array.from({ length: 20 }, (_, index) => ({
            atMs: 4000 + index * 600,
            node: 3 + ((index * 7) % participants),
            problem: 0,
            verdict: verdicts[index % verdicts.length] ?? "AC",
            costMs: 100,
          })),
        }),
      );
      assert.equal(result.failure, undefined, result.failure?.what);
      assert.equal(result.sometimes["log: settled"], 20);
      assert.equal(result.sometimes["log: dead-letter"], undefined);
      assert.ok((result.sometimes["session-started"] ?? 0) >= 2 * participants);
    });
  }

  it("real signatures: every invariant holds, every submission judged as planned", () => {
    const scenario = plainScenario({
      participants: 5,
      safetyMs: 8000,
      workload: [5000, 5500, 6000].map((atMs) => ({ atMs, node: 2, problem: 0, verdict: "AC" as const, costMs: 50 })),
    });
    const keys = realKeys(1, { signerOf: fastSigner, verifier: fastVerifier });
    const result = runScenario(scenario, { keys });
    assert.equal(result.failure, undefined, result.failure?.what);
    assert.equal(result.sometimes["log: settled"], 3);
  });

  it("one identity run twice: nothing breaks, or it contradicted itself; nobody else is excluded", () => {
    const scenarios = [1, 2, 3, 4].map((seed) => plainScenario({ seed, participants: 3, twin: 2, safetyMs: 15_000 }));
    const results = scenarios.map((scenario) => runScenario(scenario));
    assert.deepEqual(
      results.map((result) => result.failure?.what),
      scenarios.map(() => undefined),
    );
  });

  it("every node killed at once while work is pending: the contest goes on and nothing is lost", () => {
    const participants = 9;
    const result = runScenario(
      plainScenario({
        seed: 77,
        participants,
        safetyMs: 20_000,
        workload: Array.from({ length: 12 }, (_, index) => ({
          atMs: 7500 + index * 100,
          node: 1 + (index % participants),
          problem: 0,
          verdict: "AC" as const,
          costMs: 1500,
        })),
        faults: [
          {
            type: "crash-all",
            atMs: 8300,
            downMs: Array.from({ length: 10 }, (_, node) => 300 + ((node * 7919) % 4000)),
          },
          {
            type: "crash-all",
            atMs: 15_000,
            downMs: Array.from({ length: 10 }, (_, node) => 100 + ((node * 104_729) % 3000)),
          },
        ],
      }),
    );
    assert.equal(result.failure, undefined, result.failure?.what);
    // Whoever got no answer submits again, so that there may be more.
    assert.ok((result.sometimes["log: settled"] ?? 0) >= 12);
    assert.equal(result.faults["crash-all"], 2);
  });
});
