import assert from "node:assert/strict";
import { test } from "node:test";
import { LOOK_MS_MAX, RunWatch } from "../../../../sandbox/wasm/evaluator/run-watch.ts";

test("run watch: a run that lasts: seen from the first look on, until another begins", () => {
  const watcher = new RunWatch();
  const runner = new RunWatch(watcher.shared);
  assert.equal(watcher.look(0), undefined);
  runner.begin(500);
  assert.deepEqual(watcher.look(1_000), { forMs: 0, costMax: 500 });
  assert.deepEqual(watcher.look(1_250), { forMs: 250, costMax: 500 });
  assert.deepEqual(watcher.look(1_500), { forMs: 500, costMax: 500 });
  runner.begin(700);
  assert.deepEqual(watcher.look(1_750), { forMs: 0, costMax: 700 });
});

test("run watch: nothing runs: nothing is seen, however long", () => {
  const watcher = new RunWatch();
  const runner = new RunWatch(watcher.shared);
  runner.begin(500);
  watcher.look(0);
  runner.idle();
  assert.equal(watcher.look(100), undefined);
  assert.equal(watcher.look(1e9), undefined);
});

test("run watch: the machine slept for an hour: that time is not the run's", () => {
  const watcher = new RunWatch();
  const runner = new RunWatch(watcher.shared);
  runner.begin(500);
  watcher.look(0);
  watcher.look(250);
  assert.deepEqual(watcher.look(3_600_000), { forMs: 250 + LOOK_MS_MAX, costMax: 500 });
  assert.deepEqual(watcher.look(3_600_250), { forMs: 500 + LOOK_MS_MAX, costMax: 500 });
});
