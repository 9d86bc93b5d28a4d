/** Checking what elected a leader (protocol.md §4.4). Every receiver does; certificates that hold are remembered. */
import {
  type ContestId,
  codec,
  type LeaderCertificate,
  memo,
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
  const digests = digestsOf(check.contest, certificate);
  return certificate.votes.every((one, index) =>
    check.verifier.verify(digests[index] as Uint8Array, one.signature, one.voter),
  );
}

interface Digested {
  readonly contest: ContestId;
  readonly digests: readonly Uint8Array[];
}

/** What its voters signed. A certificate comes by gossip, in the log and with bearings, and is checked each time. */
const digested = memo<LeaderCertificate, Digested>();

function digestsOf(contest: ContestId, certificate: LeaderCertificate): readonly Uint8Array[] {
  const known = digested.get(certificate);
  if (known?.contest === contest) return known.digests;
  const digests = certificate.votes.map((one) =>
    signingDigest(VOTE_KIND, contest, codec.encode(vote, voteIn(certificate, one))),
  );
  digested.set(certificate, { contest, digests });
  return digests;
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
