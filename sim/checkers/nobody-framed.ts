/** Invariant 6: no honest node is ever the subject of valid evidence. */
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "6-nobody-framed";

export const nobodyFramed: CheckerMaker = ({ contest, isHonest }) => ({
  name: NAME,
  noticed(host, notice) {
    if (notice.type !== "excluded" || !isHonest(host.index)) return;
    const accused = contest.nodeOf.get(notice.node);
    if (accused === undefined || !isHonest(accused) || contest.scenario.evaluatorRoles[accused] !== undefined) return;
    throw new Violation(NAME, `node ${accused} is honest, and excluded for ${notice.offence}`);
  },
});
