/**
 * What a node that is not honest has signed of the log, to tell whether it contradicts itself: whatever the order, an
 * acknowledged block must not be missing from a log end sealed for a higher term.
 */
import { type LogHead, type Vote, termOf } from "../../src/model/index.ts";

type Place = Pick<LogHead, "term" | "index">;

export function isBelow(a: Place, b: Place): boolean {
  return a.term < b.term || (a.term === b.term && a.index < b.index);
}

export class Pledges {
  readonly #acknowledged: Place[] = [];
  readonly #sealed: { readonly term: number; readonly head: LogHead }[] = [];

  /** True when it contradicts what was signed before. */
  acknowledge(block: Place): boolean {
    this.#acknowledged.push(block);
    return this.#sealed.some((vote) => vote.term > block.term && isBelow(vote.head, block));
  }

  /** True when it contradicts what was signed before. */
  seal({ session, round, head }: Pick<Vote, "session" | "round" | "head">): boolean {
    if (head === null) return false;
    const term = termOf(session, round);
    this.#sealed.push({ term, head });
    return this.#acknowledged.some((block) => term > block.term && isBelow(head, block));
  }
}
