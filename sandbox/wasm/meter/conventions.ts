/**
 * How fuel and stack travel between functions.
 *
 * - `memory`: through the globals. For every function that may be called otherwise than by a direct `call` (exports,
 *   tables, references), for those that catch exceptions (they resume with fuel that others have used), and for those
 *   that make tail calls (their signature must fit the callee's).
 * - `register`: as a last parameter and a last result, which the engine keeps in registers; the stack left is one more
 *   parameter where it is counted. For all the others: the functions whose calls are frequent.
 */
import type { FunctionPlan } from "./plan.ts";
import type { FunctionType } from "./module-shape.ts";

export type Convention = "memory" | "register";

/** V8 allows 1,000 parameters and as many results. */
const SIGNATURE_MAX = 900;

export function conventionOf(plan: FunctionPlan, type: FunctionType, addressTaken: boolean): Convention {
  if (addressTaken || plan.hasHandler || plan.tailCalls) return "memory";
  return type.params.length > SIGNATURE_MAX || type.results.length > SIGNATURE_MAX ? "memory" : "register";
}
