/** What a block gives to clusters travels in few messages, none beyond its bound (protocol.md §6.3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sendHanded } from "../../sessions/evaluation/dispatch.ts";
import { statusOf } from "../../sessions/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../sim/index.ts";
import {
  type Assignment,
  ASSIGNMENTS_BYTES_MAX,
  ASSIGNMENTS_MAX,
  assignments,
  codec,
  type NodeId,
  SUBMISSION_BYTES_MAX,
} from "../../src/model/index.ts";

const SENT_AT_MS = 8000;
const SUBMISSIONS = 30;

function leading(workload: number): {
  readonly contest: ContestWorld;
  readonly leader: ContestWorld["world"]["hosts"][number];
} {
  const contest = new ContestWorld(
    plainScenario({
      participants: 10,
      clusterSize: 5,
      sessionMs: 600_000,
      latency: { type: "constant", micros: 500 },
      workload: Array.from({ length: workload }, (_, index) => ({
        atMs: SENT_AT_MS,
        node: 1 + (index % 10),
        problem: 0,
        verdict: "AC" as const,
        costMs: 2,
      })),
    }),
    idealKeys(1),
  );
  contest.begin();
  contest.world.runUntil((SENT_AT_MS - 500) * 1000);
  const leader = contest.world.hosts.find((host) => {
    const state = contest.stateOf(host);
    return state !== undefined && statusOf(state).isCentralLeader;
  });
  assert.ok(leader);
  return { contest, leader };
}

test("assignments: many submissions at once: a message for each cluster and block, every one judged", () => {
  const { contest, leader } = leading(SUBMISSIONS);
  const given = new Set<string>();
  let messages = 0;
  let settled = 0;
  leader.interceptors = [
    {
      name: "count",
      outbound(effects) {
        for (const effect of effects) {
          if (effect.type !== "send" || effect.message.kind !== "assign") continue;
          messages += 1;
          for (const each of codec.decode(assignments, effect.message.body, ASSIGNMENTS_BYTES_MAX)?.assignments ?? [])
            given.add(each.submission);
        }
        return effects;
      },
    },
  ];
  contest.world.observers.push({
    noticed(host, notice) {
      if (host === leader && notice.type === "verdict-settled") settled += 1;
    },
  });
  contest.world.runWhile(() => settled < SUBMISSIONS, (SENT_AT_MS + 30_000) * 1000, 10_000);
  assert.equal(settled, SUBMISSIONS);
  // Two clusters, one of them the leader's own or not: half of all at least leave it.
  assert.ok(given.size >= SUBMISSIONS / 2, `${given.size} given`);
  assert.ok(messages <= given.size / 4, `${messages} messages for ${given.size}`);
});

for (const [what, bytes, count] of [
  ["the longest sources", SUBMISSION_BYTES_MAX, 5],
  ["short sources", 100, 3 * ASSIGNMENTS_MAX + 1],
] as const) {
  test(`assignments: ${what}, ${count} of them: every message within its bounds, none lost`, () => {
    const { contest, leader } = leading(0);
    const state = contest.stateOf(leader);
    assert.ok(state?.live?.leading);
    const signer = contest.keys.signer(3).id;
    const message = { kind: "submission", signer, body: new Uint8Array(bytes), signature: new Uint8Array(64) };
    const to: NodeId = contest.keys.signer(4).id;
    const ids = Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, "0"));
    for (const id of ids) {
      const submission = id as Assignment["submission"];
      const given: Assignment = { submission, attempt: 1, session: 0, cluster: 0, revision: 0, message };
      state.live.leading.handing.push({ to, given });
    }
    state.effects = [];
    sendHanded(state);
    const read = state.effects.flatMap((effect) => {
      assert.ok(effect.type === "send" && effect.to === to);
      assert.ok(effect.message.body.length <= ASSIGNMENTS_BYTES_MAX);
      const body = codec.decode(assignments, effect.message.body, ASSIGNMENTS_BYTES_MAX);
      assert.ok(body !== undefined);
      return body.assignments.map((each) => each.submission as string);
    });
    assert.deepEqual(read, ids);
    assert.equal(state.live.leading.handing.length, 0);
  });
}
