/** What certificates are for: where liars are no majority of a cluster, the verdict is the true one. */
import type { NodeId } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "4-right-verdict";

export const rightVerdict: CheckerMaker = ({ contest }) => {
  const honest = (id: NodeId): boolean => {
    const role = contest.scenario.evaluatorRoles[contest.nodeOf.get(id) as number];
    return role === undefined || role === "honest" || role === "silent" || role === "abstaining";
  };
  return {
    name: NAME,
    committed({ block }) {
      for (const entry of block.entries) {
        if (entry.type !== "verdict") continue;
        const { statement, votes } = entry.certificate;
        const planned = contest.plannedOf.get(statement.submission);
        if (planned === undefined || !votes.some((vote) => honest(vote.evaluator))) continue;
        if (statement.verdict !== planned.verdict) {
          throw new Violation(NAME, `${statement.verdict} for ${planned.verdict}, signed by an honest evaluator`);
        }
      }
    },
  };
};
