/** Checking what elected a leader (protocol.md §4.4). Every receiver does; certificates that hold are remembered. */
import {
  type ContestId,
  codec,
  type LeaderCertificate,
  type NodeId,
  signingDigest,
  VOTE_KIND,
  type Verifier,
  type Vote,
  vote,
} from "../../src/model/index.ts";
import { majorityOf, majorityOfEach } from "../quorum.ts";

export interface CertificateCheck {
  readonly verifier: Verifier;
  readonly contest: ContestId;
}

export type CertificateFault = "duplicate-voter" | "foreign-voter" | "forged-vote" | "no-majority" | "misplaced-head";

/** Undefined when the certificate holds for the one set of voters of a cluster. */
export function clusterCertificateFault(
  check: CertificateCheck,
  certificate: LeaderCertificate,
  voters: readonly NodeId[],
): CertificateFault | undefined {
  if (!voters.includes(certificate.leader)) return "foreign-voter";
  const cast = certificate.votes;
  if (new Set(cast.map((one) => one.voter)).size !== cast.length) return "duplicate-voter";
  if (cast.some((one) => !voters.includes(one.voter))) return "foreign-voter";
  if (cast.some((one) => one.head !== null)) return "misplaced-head";
  if (cast.length < majorityOf(voters.length)) return "no-majority";
  return votesHold(check, certificate) ? undefined : "forged-vote";
}

/** Undefined when votes of a majority of each council elected the central leader. Members of no council do not count, nor harm. */
export function centralCertificateFault(
  check: CertificateCheck,
  certificate: LeaderCertificate,
  councils: readonly (readonly NodeId[])[],
): CertificateFault | undefined {
  const cast = certificate.votes;
  const voters = new Set(cast.map((one) => one.voter));
  if (voters.size !== cast.length) return "duplicate-voter";
  if (cast.some((one) => one.head === null)) return "misplaced-head";
  if (!majorityOfEach(councils, voters)) return "no-majority";
  return votesHold(check, certificate) ? undefined : "forged-vote";
}

/** Whether every vote in it was cast by whom it says. */
export function votesHold(check: CertificateCheck, certificate: LeaderCertificate): boolean {
  return certificate.votes.every((one) => {
    const digest = signingDigest(VOTE_KIND, check.contest, codec.encode(vote, voteIn(certificate, one)));
    return check.verifier.verify(digest, one.signature, one.voter);
  });
}

/** The vote as its voter signed it. */
export function voteIn(certificate: LeaderCertificate, cast: LeaderCertificate["votes"][number]): Vote {
  return {
    cluster: certificate.cluster,
    session: certificate.session,
    round: certificate.round,
    candidate: certificate.leader,
    head: cast.head,
  };
}
