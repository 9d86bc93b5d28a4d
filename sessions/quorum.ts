/** Majorities. */
import type { NodeId } from "../src/model/index.ts";

/** The smallest number that is more than half of `size`. */
export function majorityOf(size: number): number {
  return Math.floor(size / 2) + 1;
}

/** Whether `present` holds more than half of each council. */
export function majorityOfEach(councils: readonly (readonly NodeId[])[], present: ReadonlySet<NodeId>): boolean {
  return councils.every(
    (council) => council.filter((member) => present.has(member)).length >= majorityOf(council.length),
  );
}
