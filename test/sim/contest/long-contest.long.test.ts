/** What nodes hold grows with what the log says and with nothing else: `node bench/simulator/day.ts` runs a whole day. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { longContest, stateBoundOf } from "../../../bench/simulator/long-contest.ts";
import { withShortCuts } from "../../../sim/index.ts";

const SUBMISSIONS = 500;

test("long contest: a quarter of an hour of submissions, crashes and losses: state within its documented bound, nothing lost, nothing left over", () => {
  const options = { nodes: 9, hours: 0.25, submissions: SUBMISSIONS, everyMinutes: 15, seed: 1, faults: true };
  const [held] = withShortCuts({}, () => [...longContest(options)]);
  assert.ok(held !== undefined);
  assert.equal(held.submissions, SUBMISSIONS);
  assert.equal(held.settled, SUBMISSIONS);
  assert.ok(held.stateBytes <= stateBoundOf(SUBMISSIONS), `${held.stateBytes} bytes`);
  const { tasks = 0, bodies = 0, jobs = 0, outbox = 0, standby = 0 } = held.waiting;
  assert.equal(tasks + bodies + jobs + outbox + standby, 0);
});
