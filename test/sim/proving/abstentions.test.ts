/** A submission that nobody can judge: every evaluator says so, and nobody waits for what cannot come (protocol.md §6.8). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { submissionOf } from "../../../sessions/index.ts";
import { ContestWorld, type EvaluatorRole, idealKeys, plainScenario, withShortCuts } from "../../../sim/index.ts";

const SUBMITTED_MS = 20_000;

/** How long a submission waits for its end, in virtual milliseconds, and what that is. */
function judge(participants: number, abstaining: readonly number[]): { readonly ms: number; readonly phase: string } {
  const evaluatorRoles: Record<number, EvaluatorRole> = {};
  for (const node of abstaining) evaluatorRoles[node] = "abstaining";
  const scenario = plainScenario({
    participants,
    sessionMs: 600_000,
    evaluatorRoles,
    workload: [{ atMs: SUBMITTED_MS, node: 1, problem: 0, verdict: "AC", costMs: 200 }],
  });
  return withShortCuts({}, () => {
    const contest = new ContestWorld(scenario, idealKeys(scenario.seed));
    contest.begin();
    const phase = (): string => {
      const [taken] = contest.taken;
      const [, host] = contest.world.hosts;
      const state = host && contest.stateOf(host);
      return (taken && state && submissionOf(state, taken.submission)?.phase) ?? "unknown";
    };
    const isOver = (): boolean => phase() === "settled" || phase() === "dead-letter";
    contest.world.runWhile(() => !isOver(), 400_000_000);
    return { ms: contest.world.now / 1000 - SUBMITTED_MS, phase: phase() };
  });
}

const everybody = (participants: number): number[] => Array.from({ length: participants }, (_, index) => index + 1);

test("abstentions: three clusters in which nobody can judge: a dead letter within two seconds", () => {
  const { phase, ms } = judge(9, everybody(9));
  assert.equal(phase, "dead-letter");
  assert.ok(ms < 2000, `${ms} ms`);
});

test("abstentions: one cluster in which nobody can judge: it is asked again after a moment, then a dead letter within forty seconds", () => {
  const { phase, ms } = judge(3, everybody(3));
  assert.equal(phase, "dead-letter");
  assert.ok(ms > 20_000 && ms < 40_000, `${ms} ms`);
});

test("abstentions: a minority that cannot judge: a verdict as soon as ever", () => {
  const { phase, ms } = judge(5, [5]);
  assert.equal(phase, "settled");
  assert.ok(ms < 2000, `${ms} ms`);
});
