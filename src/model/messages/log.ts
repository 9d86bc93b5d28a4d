/** The contest log (protocol.md §5): blocks, their entries, acknowledgements, catch-up. */
import {
  bytes,
  boolean,
  hash,
  integer,
  list,
  literal,
  nodeId,
  oneOf,
  type ShapeOf,
  struct,
  text,
  union,
} from "../codec.ts";
import { LANGUAGES } from "../language.ts";
import { SIGNATURE_BYTES, signedMessage } from "../signing.ts";
import { BLOCKS_MAX, leaderCertificate, logHead, TERM_MAX } from "./election.ts";
import { ATTEMPTS_MAX, SOURCE_BYTES_MAX, verdictCertificate } from "./evaluation.ts";
import { OFFENCES } from "./evidence.ts";
import { INSTANT_MAX, SHORT_NAME } from "./manifest.ts";
import { recovery } from "./recovery.ts";
import { EPOCHS_MAX, reveal, ROSTER_MEMBERS_MAX, SESSIONS_MAX } from "./roster.ts";

export const BLOCK_KIND = "block";
export const ACK_KIND = "ack";
export const COUNCIL_MAX = 15;
/** A block is cut at so many entries or bytes. */
export const BLOCK_ENTRIES_MAX = 4096;
export const BLOCK_BYTES_MAX = 1024 * 1024;

/** The first entry of a term's first block: who leads by which votes, and the council from this block on. */
const termEntry = struct({
  type: literal("term"),
  certificate: leaderCertificate,
  /** Sorted. */
  council: list(nodeId, COUNCIL_MAX, 1),
});
/** The council changes inside a term (a member died). */
const councilEntry = struct({ type: literal("council"), council: list(nodeId, COUNCIL_MAX, 1) });
/** A cluster has a leader (again). */
const clusterLeaderEntry = struct({ type: literal("cluster-leader"), certificate: leaderCertificate });
/** The inputs of the cluster map of a session that has not started yet (§3). */
const mapEntry = struct({
  type: literal("map"),
  session: integer(1, SESSIONS_MAX),
  epoch: integer(0, EPOCHS_MAX),
  /** Sorted by sage. */
  reveals: list(reveal, 31),
  /** Sorted. */
  dead: list(nodeId, ROSTER_MEMBERS_MAX),
});
/** A submission's receipt (§6.2). */
const receiptEntry = struct({
  type: literal("receipt"),
  submission: hash,
  submitter: nodeId,
  problem: text(60, SHORT_NAME),
  language: oneOf(LANGUAGES),
  at: integer(0, INSTANT_MAX),
  sourceBytes: integer(0, SOURCE_BYTES_MAX),
});
/** In the session of the block's term (§6.3). */
const assignmentEntry = struct({
  type: literal("assignment"),
  submission: hash,
  attempt: integer(1, ATTEMPTS_MAX),
  session: integer(0, SESSIONS_MAX),
  cluster: integer(0, ROSTER_MEMBERS_MAX),
});
const verdictEntry = struct({ type: literal("verdict"), certificate: verdictCertificate });
/** All attempts failed (§6.8). `reason`: what the leader heard of it last, for people; empty: nothing. */
const deadLetterEntry = struct({ type: literal("dead-letter"), submission: hash, reason: text(300) });

/** A proof against a node (§9): from here on it leads nothing and counts in no quorum. */
const evidenceEntry = struct({
  type: literal("evidence"),
  offence: oneOf(OFFENCES),
  accused: nodeId,
  messages: list(signedMessage, 2, 1),
});

/** A majority of the council was gone for good: the sages named this one (§5). Second entry of a term's first block. */
const recoveryEntry = struct({ type: literal("recovery"), recovery });

/** What organizers say (§5); its signer's right is checked in the fold. */
const orderEntry = struct({ type: literal("order"), message: signedMessage });
/** A seat among the sages has a new holder (§2): from here on its orders count, and no longer those of whoever held it before. */
const authorityEntry = struct({ type: literal("authority"), message: signedMessage });
/** A participant asks. */
const questionEntry = struct({ type: literal("question"), message: signedMessage });

/** A sage admits a node while the contest runs (§2): from here on it is a member. */
const admissionEntry = struct({ type: literal("admission"), message: signedMessage });

/** A verdict is in doubt (§7): a signed dispute, or the signed result of an evaluator that was outvoted. */
const disputeEntry = struct({ type: literal("dispute"), message: signedMessage });

/** A quarantined evaluator judged a task right (§9). */
const trialEntry = struct({ type: literal("trial"), set: signedMessage, result: signedMessage });

export const logEntry = union(
  receiptEntry,
  assignmentEntry,
  verdictEntry,
  clusterLeaderEntry,
  termEntry,
  councilEntry,
  mapEntry,
  deadLetterEntry,
  evidenceEntry,
  orderEntry,
  questionEntry,
  disputeEntry,
  trialEntry,
  recoveryEntry,
  authorityEntry,
  admissionEntry,
);
export type LogEntry = ShapeOf<typeof logEntry>;
export type EntryOf<T extends LogEntry["type"]> = Extract<LogEntry, { readonly type: T }>;

/** Signed by the leader of its term. Its hash is sha256 of this encoding. */
export const block = struct({
  index: integer(0, BLOCKS_MAX),
  term: integer(0, TERM_MAX),
  previous: hash,
  at: integer(0, INSTANT_MAX),
  entries: list(logEntry, BLOCK_ENTRIES_MAX),
});
export type Block = ShapeOf<typeof block>;

/** A council member's word: under this term I hold the log up to this block. */
export const ack = struct({ index: integer(0, BLOCKS_MAX), term: integer(0, TERM_MAX), hash });
export type Ack = ShapeOf<typeof ack>;

const ackSignature = struct({ member: nodeId, signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES) });

/**
 * Committed blocks: the last one was acknowledged in its own term by a majority of every council in force since the last
 * committed block; the ones before it (adopted from earlier leaders) are committed through it.
 */
export const committed = struct({ blocks: list(signedMessage, 1024, 1), acks: list(ackSignature, 4 * COUNCIL_MAX, 1) });
export type Committed = ShapeOf<typeof committed>;

/** leader → council: store and acknowledge. Bodies of submissions come ahead as messages of their own. */
export const append = struct({
  term: integer(0, TERM_MAX),
  /** In order; the last one is of this term. */
  blocks: list(signedMessage, 1024, 1),
  bodies: list(signedMessage, 1024),
});

/** council member → leader: this term is over, or blocks are missing. */
export const appendRefused = struct({ term: integer(0, TERM_MAX), promised: integer(0, TERM_MAX), head: logHead });

/** Asks for the log from an index on; with the uncommitted tail for candidates. */
export const logRequest = struct({ from: integer(0, BLOCKS_MAX), tail: boolean });
export const LOG_RANGE_BYTES_MAX = 3 * 1024 * 1024;
export const logRange = struct({
  from: integer(0, BLOCKS_MAX),
  committed: list(committed, 4096),
  tail: list(signedMessage, 1024),
  /** The sender's committed head: how far there is to go. */
  head: logHead,
});
