/**
 * Invariant 2: a committed entry is in every later committed log, at the same index. That all nodes agree on each index
 * is checked where the log is gathered; here, that no node goes back or leaves a gap, and that the chain is one.
 */
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "2-committed-log";

export const committedOrder: CheckerMaker = () => {
  /** The highest index each node reported, in its present life. */
  const reached = new Map<number, { readonly incarnation: number; readonly index: number }>();
  let previous:
    | { readonly index: number; readonly hash: string; readonly term: number; readonly at: number }
    | undefined;
  return {
    name: NAME,
    noticed(host, notice) {
      if (notice.type !== "block-committed") return;
      const before = reached.get(host.index);
      if (before !== undefined && before.incarnation === host.incarnation && notice.index !== before.index + 1) {
        throw new Violation(NAME, `node ${host.index} went from block ${before.index} to ${notice.index}`);
      }
      reached.set(host.index, { incarnation: host.incarnation, index: notice.index });
    },
    committed({ index, hash, block }) {
      if (block.index !== index) throw new Violation(NAME, `block ${index} calls itself ${block.index}`);
      if (previous !== undefined) {
        if (block.previous !== previous.hash)
          throw new Violation(NAME, `block ${index} does not follow ${previous.index}`);
        if (block.term < previous.term) throw new Violation(NAME, `the term falls at block ${index}`);
        if (block.at < previous.at) throw new Violation(NAME, `time runs backwards at block ${index}`);
      }
      previous = { index, hash, term: block.term, at: block.at };
    },
  };
};
