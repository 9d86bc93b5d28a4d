/**
 * Invariant 3: a submission has one receipt time and one settled verdict; one that holds a receipt is eventually settled.
 * Every node must tell the same of it, and what its own node took on is never lost, though every node be killed at once.
 */
import type { Hash } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "3-settled-once";

export const settledOnce: CheckerMaker = ({ contest, isHonest, model }) => {
  /** What honest nodes told people: of each submission one receipt time, one outcome. */
  const receipts = new Map<Hash, number>();
  const outcomes = new Map<Hash, string>();
  /** Outcomes told in one life of a node. */
  const lives = new Map<string, Set<Hash>>();
  const tell = (life: string, submission: Hash, outcome: string): void => {
    const before = outcomes.get(submission);
    if (before !== undefined && before !== outcome) throw new Violation(NAME, `told to be ${before} and ${outcome}`);
    outcomes.set(submission, outcome);
    let told = lives.get(life);
    if (told === undefined) lives.set(life, (told = new Set()));
    if (told.has(submission)) throw new Violation(NAME, `node ${life} settled a submission twice`);
    told.add(submission);
  };
  return {
    name: NAME,
    noticed(host, notice) {
      if (!isHonest(host.index)) return;
      const { type } = notice;
      if (type !== "submission-accepted" && type !== "verdict-settled" && type !== "dead-letter") return;
      const life = `${host.index} of life ${host.incarnation}`;
      if (notice.type === "submission-accepted") {
        const before = receipts.get(notice.submission);
        if (before !== undefined && before !== notice.at)
          throw new Violation(NAME, "two receipt times of one submission");
        receipts.set(notice.submission, notice.at);
      } else if (notice.type === "verdict-settled") {
        tell(life, notice.submission, `${notice.verdict} of attempt ${notice.attempt}`);
      } else if (notice.type === "dead-letter") tell(life, notice.submission, "a dead letter");
    },
    settled() {
      for (const [id, at] of receipts) {
        if (model.submissions.get(id)?.at !== at)
          throw new Violation(NAME, "a receipt was told that is not in the log");
      }
      for (const submission of model.submissions.values()) {
        const verdict = submission.first;
        if (submission.settled === "no") throw new Violation(NAME, "a submission with a receipt was never settled");
        const logged = verdict === undefined ? "a dead letter" : `${verdict.verdict} of attempt ${verdict.attempt}`;
        const told = outcomes.get(submission.id);
        if (told !== undefined && told !== logged)
          throw new Violation(NAME, `told ${told}, but the log says ${logged}`);
      }
      for (const { submission, planned } of contest.taken) {
        const isLost = !model.submissions.has(submission);
        if (isLost && isHonest(planned.node) && !contest.scenario.leftDown.includes(planned.node)) {
          throw new Violation(NAME, `a submission of node ${planned.node} was lost`);
        }
      }
    },
  };
};
