/** Invariant 6: no honest node is ever the subject of valid evidence. */
import { JURY, type NodeId } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "6-nobody-framed";

export const nobodyFramed: CheckerMaker = ({ contest, isHonest }) => {
  const isFair = (id: NodeId): boolean => {
    const node = contest.nodeOf.get(id);
    return node !== undefined && isHonest(node) && contest.scenario.evaluatorRoles[node] === undefined;
  };
  /** Two thirds of some jury lied: that is what it takes (threat-model.md). */
  let perjured = false;
  return {
    name: NAME,
    committed({ block }) {
      for (const entry of block.entries) {
        if (entry.type !== "verdict" || entry.certificate.statement.cluster !== JURY) continue;
        perjured ||= !entry.certificate.votes.some((vote) => isFair(vote.evaluator));
      }
    },
    noticed(host, notice) {
      if (notice.type !== "excluded" || !isHonest(host.index)) return;
      const accused = contest.nodeOf.get(notice.node);
      if (accused === undefined || !isFair(notice.node) || (perjured && notice.offence === "wrong-result")) return;
      throw new Violation(NAME, `node ${accused} is honest, and excluded for ${notice.offence}`);
    },
  };
};
