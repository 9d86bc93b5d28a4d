/** Elections (protocol.md §4): requests, votes, certificates; the same for one cluster and for the central leader. */
import { bytes, hash, integer, list, nodeId, nullable, type ShapeOf, struct } from "../codec.ts";
import type { NodeId } from "../ids.ts";
import { SIGNATURE_BYTES } from "../signing.ts";
import { ROSTER_MEMBERS_MAX, SESSIONS_MAX } from "./roster.ts";

export const ROUNDS_MAX = 65_535;
/** Terms of the central leader: `session · (ROUNDS_MAX + 1) + round`, so that later sessions and rounds are higher. */
export const TERM_MAX = SESSIONS_MAX * (ROUNDS_MAX + 1) + ROUNDS_MAX;
export const BLOCKS_MAX = 1_000_000_000;
/** A cluster is as large as the whole roster of a very small contest, or up to twice `clusterSize`. */
export const VOTERS_MAX = 255;
export const VOTE_KIND = "vote";
export const ELECTION_BYTES_MAX = 96 * 1024;

export function termOf(session: number, round: number): number {
  return session * (ROUNDS_MAX + 1) + round;
}

export function sessionOfTerm(term: number): number {
  return Math.floor(term / (ROUNDS_MAX + 1));
}

export function roundOfTerm(term: number): number {
  return term % (ROUNDS_MAX + 1);
}

/** The end of a log: its last block. `index` −1, hash of the roster and term 0 before the first block. */
export const logHead = struct({ index: integer(-1, BLOCKS_MAX), term: integer(0, TERM_MAX), hash });
export type LogHead = ShapeOf<typeof logHead>;

/** Null: the central scope. */
export const scope = nullable(integer(0, ROSTER_MEMBERS_MAX));

/** What a voter signs: its one vote of (scope, session, round). A central vote is also the §5 `Sealed` promise and tells the voter's log head. */
export const vote = struct({
  cluster: scope,
  session: integer(0, SESSIONS_MAX),
  round: integer(0, ROUNDS_MAX),
  candidate: nodeId,
  head: nullable(logHead),
});
export type Vote = ShapeOf<typeof vote>;

export const leaderCertificate = struct({
  cluster: scope,
  session: integer(0, SESSIONS_MAX),
  round: integer(0, ROUNDS_MAX),
  leader: nodeId,
  votes: list(
    struct({
      voter: nodeId,
      head: nullable(logHead),
      signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES),
    }),
    VOTERS_MAX,
    1,
  ),
});
export type LeaderCertificate = ShapeOf<typeof leaderCertificate>;

/** candidate → voter. */
export const voteRequest = struct({
  cluster: scope,
  session: integer(0, SESSIONS_MAX),
  round: integer(0, ROUNDS_MAX),
  /** Central scope: the candidate's right to stand, its own cluster's certificate. */
  standing: nullable(leaderCertificate),
});
export type VoteRequest = ShapeOf<typeof voteRequest>;

export function termOfCertificate(certificate: LeaderCertificate): number {
  return termOf(certificate.session, certificate.round);
}

export function votersOf(certificate: LeaderCertificate): readonly NodeId[] {
  return certificate.votes.map((cast) => cast.voter);
}
