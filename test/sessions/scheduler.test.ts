/** Least loaded assignment (protocol.md §6.3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  chooseCluster,
  copyScheduler,
  learnCost,
  expectedCost,
  markLed,
  newScheduler,
  recordAssigned,
  recordDone,
  resetClusters,
} from "../../sessions/evaluation/scheduler.ts";
import { type Hash, hashOf } from "../../src/model/index.ts";

function id(number: number): Hash {
  return hashOf(new TextEncoder().encode(String(number)));
}

function schedulerOf(...languages: readonly (readonly string[])[]) {
  const scheduler = newScheduler();
  resetClusters(
    scheduler,
    0,
    languages.map((each) => new Set(each)),
  );
  for (const index of languages.keys()) markLed(scheduler, index);
  return scheduler;
}

test("scheduler: clusters without the language or a leader: skipped", () => {
  const scheduler = schedulerOf(["python3"], ["cpp"]);
  assert.equal(chooseCluster(scheduler, id(1), "cpp", []), 1);
  assert.equal(chooseCluster(scheduler, id(1), "java", []), undefined);
  const unled = newScheduler();
  resetClusters(unled, 0, [new Set(["cpp"])]);
  assert.equal(chooseCluster(unled, id(1), "cpp", []), undefined);
});

test("scheduler: a cluster that had the task: only when no other is left", () => {
  const scheduler = schedulerOf(["cpp"], ["cpp"]);
  recordAssigned(scheduler, id(9), 1, 1_000_000);
  assert.equal(chooseCluster(scheduler, id(1), "cpp", [0]), 1);
  assert.equal(chooseCluster(scheduler, id(1), "cpp", [0, 1]), 0);
});

test("scheduler: any history: the choice is a least loaded cluster, and loads return to nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ cost: fc.integer({ min: 1, max: 5000 }), settle: fc.boolean() })), (tasks) => {
      const scheduler = schedulerOf(["cpp"], ["cpp"], ["cpp"], ["cpp"]);
      const open: Hash[] = [];
      for (const [number, task] of tasks.entries()) {
        const chosen = chooseCluster(scheduler, id(number), "cpp", []) ?? -1;
        const least = Math.min(...scheduler.clusters.map((cluster) => cluster.load));
        assert.equal(scheduler.clusters[chosen]?.load, least);
        recordAssigned(scheduler, id(number), chosen, task.cost);
        open.push(id(number));
        if (task.settle) recordDone(scheduler, open.shift() as Hash);
      }
      const copy = copyScheduler(scheduler);
      for (const each of open) recordDone(scheduler, each);
      assert.ok(scheduler.clusters.every((cluster) => cluster.load === 0 && cluster.tasks === 0));
      assert.equal(copy.assigned.size, open.length);
    }),
  );
});

test("scheduler: ties: broken by the hash of task and cluster, so that idle clusters share the work", () => {
  const scheduler = schedulerOf(["cpp"], ["cpp"], ["cpp"]);
  const chosen = new Set(Array.from({ length: 60 }, (_, number) => chooseCluster(scheduler, id(number), "cpp", [])));
  assert.deepEqual(chosen, new Set([0, 1, 2]));
});

test("scheduler: expected cost: moves a quarter of the way to what was seen", () => {
  const scheduler = newScheduler();
  learnCost(scheduler, "p", "cpp", 1000, 2000);
  assert.equal(expectedCost(scheduler, "p", "cpp", 1000), 1250);
  assert.equal(expectedCost(scheduler, "p", "python3", 1000), 1000);
});
