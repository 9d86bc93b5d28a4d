/** What an evaluator tells a submitter beside the verdict: tests and compiler output (protocol.md §6). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { submissionsOf } from "../../sessions/index.ts";
import { beginDetail, heardDetail, settleDetail } from "../../sessions/submissions/details.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../sim/index.ts";
import type { Told } from "../../sessions/machine.ts";
import { hashOf, type NodeId } from "../../src/model/index.ts";

const SUBMISSIONS = 24;

function judged(participants: number): ContestWorld {
  const contest = new ContestWorld(
    plainScenario({
      participants,
      clusterSize: 3,
      sessionMs: 600_000,
      workload: Array.from({ length: SUBMISSIONS }, (_, index) => ({
        atMs: 8000 + index * 400,
        node: 1 + (index % participants),
        problem: 0,
        verdict: index % 2 === 0 ? ("AC" as const) : ("WA" as const),
        costMs: 2,
      })),
    }),
    idealKeys(1),
  );
  contest.begin();
  contest.world.runUntil(30_000_000);
  return contest;
}

for (const participants of [3, 9]) {
  test(`details: ${participants} nodes: every submitter hears the tests, also from an evaluator that knew the verdict first`, () => {
    const contest = judged(participants);
    const views = contest.world.hosts.flatMap((host) => {
      const state = contest.stateOf(host);
      return state === undefined ? [] : submissionsOf(state, state.self, 100);
    });
    assert.equal(views.length, SUBMISSIONS);
    const untold = views.filter(({ tests, phase }) => phase === "settled" && tests?.length !== 1);
    assert.deepEqual(untold, []);
  });
}

test("details: before the verdict is known: few are kept, and only a voter's counts", () => {
  const contest = judged(3);
  const state = contest.world.hosts
    .map((host) => contest.stateOf(host))
    .find((each) => each !== undefined && each.details.size > 0);
  assert.ok(state);
  const [id, own] = [...state.details][0] ?? assert.fail();
  own.tests = own.compileLog = null;
  const names = Array.from({ length: 6 }, (_, index) => `evaluator ${index}` as NodeId);
  const taken = names.map((name, index) => heardDetail(state, id, null, name, told(index)));
  assert.deepEqual(taken, [true, true, true, true, false, false]);
  settleDetail(state, id, ["somebody else" as NodeId]);
  assert.deepEqual([own.compileLog, own.early.size], [null, 0]);
  heardDetail(state, id, null, names[1] as NodeId, told(1));
  settleDetail(state, id, names);
  assert.equal(own.compileLog, "by 1");
});

test("details: before any verdict is known: what is kept of all submissions together is bounded", () => {
  const contest = judged(3);
  const state = contest.world.hosts.map((host) => contest.stateOf(host)).find((each) => (each?.details.size ?? 0) > 0);
  assert.ok(state);
  const [id, own] = [...state.details][0] ?? assert.fail();
  const others = Array.from({ length: 8 }, (_, index) => hashOf(new Uint8Array([index])));
  for (const other of others) {
    beginDetail(state, other);
    for (let index = 0; index < 4; index += 1)
      heardDetail(state, other, null, `evaluator ${index}` as NodeId, told(index));
  }
  assert.equal(heardDetail(state, id, null, "evaluator" as NodeId, told(0)), false);
  settleDetail(state, others[0] ?? assert.fail(), []);
  assert.equal(heardDetail(state, id, null, "evaluator" as NodeId, told(0)), true);
  assert.equal(own.early.size, 1);
});

function told(index: number): Told {
  return { tests: null, compileLog: `by ${index}` };
}
