/**
 * Invariant 3: a submission has at most one receipt time and one settled verdict; one that holds a receipt is eventually
 * settled. And what its own node took on is never lost, though every node be killed at once.
 */
import type { Hash } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "3-settled-once";

export const settledOnce: CheckerMaker = ({ contest, isHonest }) => {
  const receipts = new Map<Hash, number>();
  const settled = new Set<Hash>();
  /** Receipts that nodes told people of. */
  const told = new Map<Hash, number>();
  const settle = (submission: Hash, index: number): void => {
    if (!receipts.has(submission)) throw new Violation(NAME, `block ${index} settles a submission without a receipt`);
    if (settled.has(submission)) throw new Violation(NAME, `block ${index} settles a submission for the second time`);
    settled.add(submission);
  };
  return {
    name: NAME,
    committed({ index, block }) {
      for (const entry of block.entries) {
        if (entry.type === "receipt") {
          if (receipts.has(entry.submission)) throw new Violation(NAME, `second receipt in block ${index}`);
          receipts.set(entry.submission, entry.at);
        } else if (entry.type === "verdict") settle(entry.certificate.statement.submission, index);
        else if (entry.type === "dead-letter") settle(entry.submission, index);
      }
    },
    noticed(_host, notice) {
      if (notice.type === "submission-accepted") {
        const before = told.get(notice.submission);
        if (before !== undefined && before !== notice.at)
          throw new Violation(NAME, "two receipt times of one submission");
        told.set(notice.submission, notice.at);
      }
    },
    settled() {
      for (const [submission, at] of told) {
        if (receipts.get(submission) !== at) throw new Violation(NAME, "a receipt was told that is not in the log");
      }
      for (const submission of receipts.keys()) {
        if (!settled.has(submission)) throw new Violation(NAME, "a submission with a receipt was never settled");
      }
      for (const { submission, planned } of contest.taken) {
        if (isHonest(planned.node) && !contest.scenario.leftDown.includes(planned.node) && !settled.has(submission)) {
          throw new Violation(NAME, `a submission of node ${planned.node} was lost`);
        }
      }
    },
  };
};
