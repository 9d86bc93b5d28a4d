/** Most of the council is gone for good: the sages name another one, and nothing with a receipt is lost (protocol.md §5). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Notice } from "../../../sessions/index.ts";
import { statusOf, submissionOf } from "../../../sessions/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../../sim/index.ts";

const RECOVERY_MS = 10_000;

function worldOf(seed: number, sages: number): { readonly contest: ContestWorld; readonly told: Notice[] } {
  const scenario = plainScenario({
    seed,
    sages,
    participants: 10,
    clusterSize: 5,
    councilSize: 5,
    sessionMs: 20_000,
    timing: { recoveryMs: RECOVERY_MS },
    workload: Array.from({ length: 12 }, (_, index) => ({
      atMs: 6000 + index * 5000,
      node: sages + (index % 10),
      problem: 0,
      verdict: "AC" as const,
      costMs: 200,
    })),
  });
  const contest = new ContestWorld(scenario, idealKeys(seed));
  const told: Notice[] = [];
  contest.world.observers.push({ noticed: (_host, notice) => void told.push(notice as Notice) });
  contest.begin();
  return { contest, told };
}

function councilOf(contest: ContestWorld): readonly number[] {
  const state = contest.stateOf(contest.world.hosts[0] as (typeof contest.world.hosts)[number]);
  assert.ok(state !== undefined);
  return statusOf(state).council.map((id) => contest.nodeOf.get(id) as number);
}

describe("simulator: recovery signed by the sages", () => {
  for (const sages of [1, 3]) {
    it(`${sages} sage(s), three of five council members die for good: another council, and every submission of the living settles`, () => {
      const { contest, told } = worldOf(sages, sages);
      contest.world.runUntil(12_000_000);
      const lost = councilOf(contest).slice(0, 3);
      for (const node of lost) contest.world.crash(node);
      contest.world.runUntil(150_000_000);
      assert.ok(
        told.some((notice) => notice.type === "council-recovered"),
        "the log tells of the recovery",
      );
      const living = contest.taken.filter(({ planned }) => !lost.includes(planned.node));
      assert.ok(living.length >= 7, `${living.length} submissions`);
      for (const { planned, submission } of living) {
        const host = contest.world.hosts[planned.node];
        const state = host === undefined ? undefined : contest.stateOf(host);
        assert.equal(
          state === undefined ? undefined : submissionOf(state, submission)?.phase,
          "settled",
          `node ${planned.node}`,
        );
      }
      const heads = new Set(
        contest.world.hosts
          .filter((host) => host.status === "up")
          .map((host) => contest.stateOf(host))
          .map((state) => (state === undefined ? "" : statusOf(state).head)),
      );
      assert.equal(heads.size, 1);
    });
  }

  it("the council is only silent for less than the time-out: no recovery", () => {
    const { contest, told } = worldOf(3, 1);
    contest.world.runUntil(12_000_000);
    const away = councilOf(contest).slice(0, 3);
    for (const node of away) contest.world.crash(node);
    contest.world.runUntil(12_000_000 + RECOVERY_MS * 700);
    for (const node of away) contest.world.start(node);
    contest.world.runUntil(90_000_000);
    assert.ok(!told.some((notice) => notice.type === "recovery"));
  });

  it("its members come back after the recovery: they follow the new log", () => {
    const { contest, told } = worldOf(4, 1);
    contest.world.runUntil(12_000_000);
    const away = councilOf(contest).slice(0, 3);
    for (const node of away) contest.world.crash(node);
    contest.world.runUntil(60_000_000);
    assert.ok(told.some((notice) => notice.type === "council-recovered"));
    for (const node of away) contest.world.start(node);
    contest.world.runUntil(120_000_000);
    const states = contest.world.hosts.map((host) => contest.stateOf(host));
    assert.equal(new Set(states.map((state) => (state === undefined ? "" : statusOf(state).head))).size, 1);
    for (const { planned, submission } of contest.taken) {
      const state = states[planned.node];
      assert.equal(state === undefined ? undefined : submissionOf(state, submission)?.phase, "settled");
    }
  });
});
