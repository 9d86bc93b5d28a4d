/** Whether the sages really named another council (protocol.md §5). */
import {
  codec,
  type ContestId,
  type NodeId,
  RECOVERY_VOTE_KIND,
  type Recovery,
  recoveryStatement,
  signingDigest,
  type Verifier,
} from "../../src/model/index.ts";

/** Who speaks as a sage; `Seats` of the contest. */
export interface SageSeats {
  wasSage(node: NodeId): boolean;
  areMajority(nodes: Iterable<NodeId>): boolean;
}

export function recoveryHolds(
  verifier: Verifier,
  contest: ContestId,
  seats: SageSeats,
  { statement, votes }: Recovery,
): boolean {
  const voters = new Set<NodeId>(votes.map((vote) => vote.sage));
  if (voters.size !== votes.length || [...voters].some((voter) => !seats.wasSage(voter))) return false;
  if (!seats.areMajority(voters)) return false;
  const digest = signingDigest(RECOVERY_VOTE_KIND, contest, codec.encode(recoveryStatement, statement));
  return votes.every((vote) => verifier.verify(digest, vote.signature, vote.sage));
}
