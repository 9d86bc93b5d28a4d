/** How slow accepted submissions are: what a time limit is derived from where a package states none. */
import type { JudgeResult } from "../../src/model/verdict.ts";
import type { JudgeTask, Sandbox } from "../sandbox.ts";

/** No accepted submission of a sensible problem takes longer for one test; problemtools uses the same five minutes. */
export const MEASURING_LIMIT_MS = 300_000;

/** The slowest test, in virtual milliseconds. */
export function virtualMsMax(result: JudgeResult, costPerVirtualMs: number): number {
  return result.tests.reduce((most, test) => Math.max(most, test.cost), 0) / costPerVirtualMs;
}

/** A task without a time limit worth the name, for measuring. */
export function measuringTask(task: JudgeTask): JudgeTask {
  const { problem } = task;
  return { ...task, problem: { ...problem, limits: { ...problem.limits, timeMs: MEASURING_LIMIT_MS } } };
}

/**
 * Judges each task without a time limit and returns the slowest test of those that were accepted, in virtual milliseconds;
 * undefined if none was.
 * @throws the signal's reason when cancelled.
 */
export async function slowestAcceptedMs(
  sandbox: Sandbox,
  tasks: readonly JudgeTask[],
  signal?: AbortSignal,
): Promise<number | undefined> {
  let slowestMs: number | undefined;
  for (const task of tasks) {
    const result = await sandbox.judge(measuringTask(task), signal === undefined ? {} : { signal });
    if (result.verdict !== "AC") continue;
    slowestMs = Math.max(slowestMs ?? 0, virtualMsMax(result, sandbox.profile.costPerVirtualMs));
  }
  return slowestMs;
}
