/** Mutants of the protocol, apart from `sim/index.ts` because they are applied before any machine is loaded. */
export { applyEdit, MUTANTS } from "./mutants.ts";
