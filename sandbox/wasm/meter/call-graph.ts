/** Which functions must count the stack. */
import type { FunctionPlan } from "./plan.ts";

/**
 * A function whose calls, direct ones only, end for certain within this many bytes of stack needs no counting; the
 * engine's stack is larger than the counted one by much more than this.
 */
export const UNTRACKED_BYTES_MAX = 16_384;

/**
 * The stack need in bytes of every defined function that cannot reach recursion, an indirect call, an import, or more
 * than `UNTRACKED_BYTES_MAX`; `Infinity` for the others.
 */
export function stackNeeds(plans: readonly FunctionPlan[], importedFunctionCount: number): Float64Array {
  const needs = new Float64Array(plans.length).fill(Infinity);
  const callers: number[][] = plans.map(() => []);
  const waiting = new Int32Array(plans.length);
  const ready: number[] = [];
  plans.forEach((plan, index) => {
    for (const callee of plan.callees) callers[callee - importedFunctionCount]!.push(index);
    waiting[index] = plan.callees.length;
    if (plan.callees.length === 0) ready.push(index);
  });
  // From the leaves upwards; members of a cycle never become ready.
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    const plan = plans[index]!;
    if (!plan.callsUnknown) {
      const deepest = plan.callees.reduce((most, callee) => Math.max(most, needs[callee - importedFunctionCount]!), 0);
      const need = plan.frameBytes + deepest;
      if (need <= UNTRACKED_BYTES_MAX) needs[index] = need;
    }
    for (const caller of callers[index]!) if (--waiting[caller]! === 0) ready.push(caller);
  }
  return needs;
}
