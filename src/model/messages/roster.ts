/** The roster (protocol.md §2), its certificate, the beacon's reveals (§3) and the keys of sealed bundles. */
import { bytes, hash, integer, list, nodeId, nullable, oneOf, type ShapeOf, struct, text } from "../codec.ts";
import { SIGNATURE_BYTES } from "../signing.ts";
import { INSTANT_MAX, PROBLEMS_MAX, SAGES_MAX, SHORT_NAME } from "./manifest.ts";
import { capabilities, DISPLAY_NAME, DISPLAY_NAME_CHARACTERS_MAX, ROLES } from "./registration.ts";

/** More nodes are simulated with a roster that is handed in. */
export const ROSTER_MEMBERS_MAX = 15_000;
export const EPOCHS_MAX = 100_000;
/** Paxos ballots of one epoch. */
export const BALLOTS_MAX = 1_000_000;
export const SESSIONS_MAX = 10_000_000;

export const rosterMember = struct({
  id: nodeId,
  displayName: text(DISPLAY_NAME_CHARACTERS_MAX, DISPLAY_NAME),
  role: oneOf(ROLES),
  capabilities,
  region: text(32),
});
export type RosterMember = ShapeOf<typeof rosterMember>;

export const reveal = struct({ sage: nodeId, session: integer(0, SESSIONS_MAX), preimage: hash });
export type Reveal = ShapeOf<typeof reveal>;

export const roster = struct({
  epoch: integer(0, EPOCHS_MAX),
  startsAt: integer(0, INSTANT_MAX),
  /** Sorted by id; all who ever belonged (a removed node stays out of later epochs). */
  members: list(rosterMember, ROSTER_MEMBERS_MAX),
  /** Members that no sage had heard of for a while: the liveness input of session 0. Sorted. */
  absent: list(nodeId, ROSTER_MEMBERS_MAX),
  /** Epoch 0: the reveals of session 0, sorted by sage. Empty in later epochs. */
  reveals: list(reveal, SAGES_MAX),
});
export type Roster = ShapeOf<typeof roster>;

/**
 * What a sage signs: the hash, so that the certificate stays small beside the roster. Votes of different ballots do not
 * add up; a roster agreed upon in several ballots is the same roster.
 */
export const rosterVote = struct({
  epoch: integer(0, EPOCHS_MAX),
  ballot: integer(0, BALLOTS_MAX),
  roster: hash,
});
export const ROSTER_VOTE_KIND = "roster-vote";

export const ROSTER_BYTES_MAX = 4 * 1024 * 1024 - 4096;
/** The published certificate: the roster's encoding and the votes of a majority of the sages. */
export const rosterCertificate = struct({
  roster: bytes(ROSTER_BYTES_MAX - SAGES_MAX * 200),
  ballot: integer(0, BALLOTS_MAX),
  votes: list(struct({ sage: nodeId, signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES) }), SAGES_MAX, 1),
});
export type RosterCertificate = ShapeOf<typeof rosterCertificate>;

/** sages → all: the keys of the sealed bundles, at the start. */
export const problemKeys = struct({
  keys: list(struct({ problem: text(60, SHORT_NAME), key: bytes(32, 32) }), PROBLEMS_MAX),
});

/** sage → sages: I propose the roster of this epoch in this ballot; close the registration and tell me what you know (Paxos, phase 1). */
export const rosterPrepare = struct({ epoch: integer(0, EPOCHS_MAX), ballot: integer(0, BALLOTS_MAX) });
/** sage → proposer: nothing of a lower ballot any more; what I accepted before. Admissions come ahead as messages of their own. */
export const rosterPromise = struct({
  epoch: integer(0, EPOCHS_MAX),
  ballot: integer(0, BALLOTS_MAX),
  accepted: nullable(struct({ ballot: integer(0, BALLOTS_MAX), roster: bytes(ROSTER_BYTES_MAX - SAGES_MAX * 200) })),
  /** The reveal of session 0: nobody may register any more. */
  reveal: nullable(reveal),
  /** Registered nodes this sage has heard of lately; sorted. */
  heard: list(nodeId, ROSTER_MEMBERS_MAX),
});
/** proposer → sages: accept this (Paxos, phase 2). The answer is a signed {@link rosterVote}. */
export const rosterProposal = struct({
  ballot: integer(0, BALLOTS_MAX),
  roster: bytes(ROSTER_BYTES_MAX - SAGES_MAX * 200),
});
