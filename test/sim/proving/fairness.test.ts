/** Nobody waits for everything that somebody else sent in (protocol.md §6.2). */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Notice } from "../../../sessions/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../../sim/index.ts";

it("simulator: one participant sends 30 submissions of a second each, another one after them: it is judged next", () => {
  const flood = Array.from({ length: 30 }, () => ({
    atMs: 8000,
    node: 1,
    problem: 0,
    verdict: "AC" as const,
    costMs: 1000,
  }));
  const single = { atMs: 9500, node: 2, problem: 0, verdict: "AC" as const, costMs: 1000 };
  const scenario = plainScenario({ participants: 5, clusterSize: 5, sessionMs: 600_000, workload: [...flood, single] });
  const contest = new ContestWorld(scenario, idealKeys(1));
  let settledMs: number | undefined;
  contest.world.observers.push({
    noticed(host, given) {
      const notice = given as Notice;
      if (notice.type !== "verdict-settled" || contest.nodeOf.get(notice.submitter) !== 2) return;
      if (host.index === 2) settledMs ??= contest.world.now / 1000;
    },
  });
  contest.begin();
  contest.world.runUntil(60_000_000);
  assert.ok(settledMs !== undefined, "it is judged");
  assert.ok(settledMs - single.atMs < 6000, `after ${settledMs - single.atMs} ms`);
});
