/** Invariant 1: at most one leader certificate per (scope, session, round); at most one central leader commits per term. */
import { codec, ELECTION_BYTES_MAX, type NodeId, VOTE_KIND, vote } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "1-one-leader";

export const oneLeader: CheckerMaker = ({ contest, isHonest }) => {
  /** By scope, session, round and the clusters that the believing node knows: late inputs change a session's clusters. */
  const elected = new Map<string, NodeId>();
  const maps = new Map<number, string>();
  /** Votes that honest nodes told of before they sent them, or sent: one that was just durable when its node died is not told of. */
  const cast = new Set<string>();
  /** Whoever is elected never sends its own vote: where it died when that was just durable, its log tells of it after the restart. */
  const died = new Set<NodeId>();
  contest.world.observers.push({ crashed: (host) => died.add(host.id) });
  const committing = new Map<number, NodeId>();
  return {
    name: NAME,
    kinds: [VOTE_KIND],
    noticed(host, notice) {
      if (!isHonest(host.index)) return;
      if (notice.type === "vote-cast") {
        cast.add(`${notice.scope}/${notice.session}/${notice.round}/${notice.candidate} by ${host.id}`);
      }
      if (notice.type === "session-started") maps.set(host.index, JSON.stringify(notice.clusters));
      if (notice.type === "leader-elected") {
        const ballot = `${notice.scope}/${notice.session}/${notice.round}/${notice.leader}`;
        for (const voter of notice.voters) {
          const isKnown = isHonest(contest.nodeOf.get(voter) ?? -1);
          if (voter === notice.leader && died.has(voter)) continue;
          if (isKnown && !cast.has(`${ballot} by ${voter}`)) {
            throw new Violation(NAME, `node ${host.index} believes in a vote that was never cast`);
          }
        }
        const map = notice.scope === "central" ? "" : maps.get(host.index);
        const round = `${notice.scope}/${notice.session}/${notice.round}/${map}`;
        const other = elected.get(round);
        if (other !== undefined && other !== notice.leader) {
          throw new Violation(
            NAME,
            `two leaders of ${notice.scope}/${notice.session}/${notice.round}: node ${host.index} believes in another than an earlier node`,
          );
        }
        elected.set(round, notice.leader);
      }
      if (notice.type === "leading") {
        const other = committing.get(notice.term);
        if (other !== undefined && other !== host.id) throw new Violation(NAME, `two leaders in term ${notice.term}`);
        committing.set(notice.term, host.id);
      }
    },
    sent(host, message) {
      if (message.kind !== VOTE_KIND || message.signer !== host.id || !isHonest(host.index)) return;
      const ballot = codec.decode(vote, message.body, ELECTION_BYTES_MAX);
      if (ballot === undefined) return;
      const scope = ballot.cluster ?? (ballot.head === null ? 0 : "central");
      cast.add(`${scope}/${ballot.session}/${ballot.round}/${ballot.candidate} by ${host.id}`);
    },
    committed({ block, message }) {
      const other = committing.get(block.term);
      if (other !== undefined && other !== message.signer) {
        throw new Violation(NAME, `a block of term ${block.term} was committed that its leader did not sign`);
      }
      committing.set(block.term, message.signer);
    },
  };
};
