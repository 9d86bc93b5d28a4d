/**
 * Invariant 8: what a jury found is in force on every node, and whoever signed something else is excluded, nobody else; a jury
 * is made of others than the verdict's cluster, and outnumbers its signers; an honest evaluator that was outvoted is heard.
 */
import { peersOf, submissionOf } from "../../sessions/index.ts";
import type { Hash, NodeId } from "../../src/model/index.ts";
import type { Host } from "../world/host.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "8-disputes";

export const disputes: CheckerMaker = ({ contest, isHonest, maps, model }) => {
  /** What evaluators that judge honestly found, by node, life and task. */
  const found = new Map<string, string>();
  /** Submissions whose verdict contradicts what an honest evaluator had found before; whose. */
  const contradicted = new Map<Hash, number>();
  const disputed = new Set<Hash>();
  const judges = (host: Host): boolean =>
    isHonest(host.index) && (contest.scenario.evaluatorRoles[host.index] ?? "honest") === "honest";
  const idsOf = (host: Host): ReadonlySet<NodeId> => {
    const state = contest.stateOf(host);
    const peers = state === undefined ? [] : peersOf(state);
    return new Set(peers.filter(({ standing }) => standing === "excluded").map(({ peer }) => peer));
  };
  /** Whether so many others are there that a jury must have been possible all along. */
  const couldBeHeard = (submission: Hash): boolean => {
    const { scenario } = contest;
    const known = model.submissions.get(submission);
    const said = known?.verdict;
    if (known === undefined || said === undefined) return false;
    const judged = maps.clustersOf(said.session, said.cluster).flat();
    const others = [...contest.nodeOf.keys()].filter((id) => {
      const node = contest.nodeOf.get(id) as number;
      const isThere = node >= scenario.sages && isHonest(node) && !scenario.leftDown.includes(node);
      return isThere && scenario.evaluatorRoles[node] === undefined && !judged.includes(id);
    });
    return others.length >= Math.max(3, known.signers.length + 1) + SPARE;
  };
  return {
    name: NAME,
    noticed(host, notice) {
      if (notice.type === "evaluation-finished" && judges(host)) {
        const place = `${host.index}/${host.incarnation}/${notice.submission}/${notice.attempt}`;
        if (notice.verdict !== "abstained") found.set(place, notice.verdict);
      }
      if (notice.type === "verdict-settled" && judges(host)) {
        const place = `${host.index}/${host.incarnation}/${notice.submission}/${notice.attempt}`;
        const own = found.get(place);
        const isOwn = notice.submitter === host.id;
        if (own !== undefined && own !== notice.verdict && !isOwn) contradicted.set(notice.submission, host.index);
      }
      if (notice.type === "disputed") disputed.add(notice.submission);
      if (notice.type !== "jury-drawn" || !isHonest(host.index)) return;
      const known = model.submissions.get(notice.submission);
      if (known === undefined) throw new Violation(NAME, "a jury hears of an unknown submission");
      const other = maps.juryOf(notice.submission, notice.attempt);
      if (other !== undefined) {
        if (other.join() === notice.members.join()) return;
        throw new Violation(NAME, `node ${host.index} draws another jury than an earlier node`);
      }
      maps.seeJury(notice.submission, notice.attempt, notice.members);
      const involved = [...known.signers, known.submitter, ...known.contradicting];
      if (notice.members.some((member) => involved.includes(member))) {
        throw new Violation(NAME, "somebody sits in the jury of its own case");
      }
      if (new Set(notice.members).size !== notice.members.length) throw new Violation(NAME, "a juror sits twice");
    },
    settled() {
      for (const host of contest.world.hosts) {
        const state = contest.stateOf(host);
        if (state === undefined || host.status !== "up" || !isHonest(host.index)) continue;
        const excluded = idsOf(host);
        for (const { id, verdict, perjurers } of model.submissions.values()) {
          const view = submissionOf(state, id);
          if (verdict !== undefined && view !== undefined && view.verdict !== verdict.verdict) {
            throw new Violation(NAME, `node ${host.index} shows ${view.verdict}, the log says ${verdict.verdict}`);
          }
          const unpunished = perjurers.find((node) => node !== host.id && !excluded.has(node));
          if (unpunished !== undefined) {
            throw new Violation(
              NAME,
              `node ${contest.nodeOf.get(unpunished)} signed a wrong verdict and is not excluded`,
            );
          }
        }
      }
      for (const [submission, node] of contradicted) {
        if (disputed.has(submission) || !couldBeHeard(submission)) continue;
        throw new Violation(NAME, `node ${node} was outvoted, found something else, and nobody heard it`);
      }
    },
  };
};

/** Members that may be thought dead for a while, or be excluded themselves. */
const SPARE = 2;
