/**
 * Invariant 8: what a jury found is in force on every node, and whoever signed something else is excluded, nobody else; a jury
 * is made of others than the verdict's cluster, and outnumbers its signers; an honest evaluator that was outvoted is heard.
 */
import { peersOf, statusOf, submissionOf } from "../../sessions/index.ts";
import type { Hash, NodeId } from "../../src/model/index.ts";
import type { Host } from "../world/host.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "8-disputes";

export const disputes: CheckerMaker = ({ contest, isHonest, maps, model }) => {
  /** What evaluators that judge honestly found, by node, life and task. */
  const found = new Map<string, string>();
  /** Submissions whose verdict contradicts what an honest evaluator had found before; whose. */
  const contradicted = new Map<Hash, { readonly node: number; readonly atMicros: number }>();
  const disputed = new Set<Hash>();
  /** Rightly, or by a jury whose majority lied: nobody listens to them any more. */
  const excluded = new Set<NodeId>();
  const judges = (host: Host): boolean =>
    isHonest(host.index) && (contest.scenario.evaluatorRoles[host.index] ?? "honest") === "honest";
  const idsOf = (host: Host): ReadonlySet<NodeId> => {
    const state = contest.stateOf(host);
    const peers = state === undefined ? [] : peersOf(state);
    return new Set(peers.filter(({ standing }) => standing === "excluded").map(({ peer }) => peer));
  };
  /** Whether so many others are in clusters just now that a jury must be possible. */
  const couldBeHeard = (host: Host, submission: Hash): boolean => {
    const { scenario } = contest;
    const state = contest.stateOf(host);
    const session = state === undefined ? null : statusOf(state).session;
    if (session === null) return false;
    const present = maps.membersOf(session);
    const known = model.submissions.get(submission);
    const said = known?.verdict;
    if (known === undefined || said === undefined) return false;
    const judged = maps.clustersOf(said.session, said.cluster).flat();
    const others = [...contest.nodeOf.keys()].filter((id) => {
      const node = contest.nodeOf.get(id) as number;
      const isThere = node >= scenario.sages && isHonest(node) && !scenario.leftDown.includes(node);
      return isThere && present.has(id) && scenario.evaluatorRoles[node] === undefined && !judged.includes(id);
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
        const isOutvoted = own !== undefined && own !== notice.verdict && !isOwn;
        if (isOutvoted && !excluded.has(host.id) && couldBeHeard(host, notice.submission)) {
          contradicted.set(notice.submission, { node: host.index, atMicros: contest.world.now });
        }
      }
      if (notice.type === "disputed") disputed.add(notice.submission);
      if (notice.type === "excluded") excluded.add(notice.node);
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
        const unheard = idsOf(host);
        for (const { id, verdict, perjurers } of model.submissions.values()) {
          const view = submissionOf(state, id);
          if (verdict !== undefined && view !== undefined && view.verdict !== verdict.verdict) {
            throw new Violation(NAME, `node ${host.index} shows ${view.verdict}, the log says ${verdict.verdict}`);
          }
          const unpunished = perjurers.find((node) => node !== host.id && !unheard.has(node));
          if (unpunished !== undefined) {
            throw new Violation(
              NAME,
              `node ${contest.nodeOf.get(unpunished)} signed a wrong verdict and is not excluded`,
            );
          }
        }
      }
      for (const [submission, { node, atMicros }] of contradicted) {
        // The run may end before a doubt of the last verdict is logged.
        if (disputed.has(submission) || contest.world.now - atMicros < LOGGED_WITHIN_MICROS) continue;
        throw new Violation(NAME, `node ${node} was outvoted, found something else, and nobody heard it`);
      }
    },
  };
};

const LOGGED_WITHIN_MICROS = 10_000_000;
/** The leader's log may draw one member fewer than this node's: an input came late. */
const SPARE = 1;
