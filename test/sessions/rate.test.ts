/** How much a leader takes on, and whose task an evaluator begins next (protocol.md §6.2). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fairest } from "../../sessions/evaluation/evaluator.ts";
import { type Bucket, hasRoomOverall, overallBucket, takeToken } from "../../sessions/submissions/rate.ts";
import type { Live } from "../../sessions/machine.ts";
import { hashOf, type Instant, JURY, type NodeId } from "../../src/model/index.ts";

const at = (ms: number): Instant => ms as Instant;
const [ADA, BOB] = ["ada", "bob"] as unknown as readonly [NodeId, NodeId];

test("rate: one submitter: a burst, then one for each refill; it is told how long to wait", () => {
  const buckets = new Map<NodeId, Bucket>();
  const timing = { submissionBurst: 2, submissionRefillMs: 1000 };
  const taken = [0, 0, 0, 400, 1000, 1000].map((ms) => takeToken(buckets, timing, ADA, at(ms)));
  assert.deepEqual(taken, [undefined, undefined, 1000, 600, undefined, 1000]);
  assert.equal(takeToken(buckets, timing, BOB, at(1000)), undefined);
});

test("rate: all together: 4,000 at once, then 2 a millisecond, and never more than 4,000 saved up", () => {
  const bucket = overallBucket(at(0));
  const take = (ms: number): number => {
    let taken = 0;
    while (taken < 100_000 && hasRoomOverall(bucket, at(ms))) {
      bucket.tokens -= 1;
      taken += 1;
    }
    return taken;
  };
  assert.deepEqual([take(0), take(0), take(1), take(11), take(3_600_000)], [4000, 0, 2, 20, 4000]);
});

/** Tasks that wait at an evaluator, as `submitter/lane since`. */
function waiting(tasks: readonly string[], served: readonly NodeId[]): Live {
  const queue = tasks.map((text, index) => {
    const [submitter, lane, since] = text.split(/[/ ]/);
    const task = { submission: hashOf(new Uint8Array([index])), cluster: lane === "jury" ? JURY : 1 };
    return [text, { task, submitter, progressAt: Number(since), lane }] as const;
  });
  const behind = queue.filter(([, { lane }]) => lane === "practice").map(([, { task }]) => task.submission);
  const evaluator = { queue: new Map(queue), served: new Set(served) };
  return { evaluator, ledger: { life: { inWork: new Set(behind) } } } as unknown as Live;
}

for (const [what, tasks, served, first] of [
  ["in their order", ["ada/live 1", "bob/live 2"], [], "ada/live 1"],
  ["whoever was served longest ago", ["ada/live 1", "bob/live 2"], [ADA], "bob/live 2"],
  ["the live contest's before practice", ["ada/practice 1", "bob/live 2"], [BOB], "bob/live 2"],
  ["the live contest's before a jury's", ["ada/jury 1", "bob/live 2"], [ADA, BOB], "bob/live 2"],
  ["practice that has waited for long", ["bob/live 2", "ada/practice -9990"], [BOB], "ada/practice -9990"],
  ["nothing else waits", ["ada/practice 1"], [ADA], "ada/practice 1"],
] as const) {
  test(`evaluator: what it begins next: ${what}`, () => {
    assert.equal(fairest(waiting(tasks, served), at(10))?.[0], first);
  });
}
