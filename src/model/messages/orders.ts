/**
 * What organizers and participants say while the contest runs (issue 5 "During"): orders of the organizer or a sage, and
 * questions of participants. Both are signed, ordered by the central leader in the log, and checked by every follower.
 */
import {
  boolean,
  bytes,
  hash,
  integer,
  literal,
  nodeId,
  nullable,
  oneOf,
  type ShapeOf,
  struct,
  text,
  union,
} from "../codec.ts";
import { concat } from "../bytes.ts";
import { hashOf } from "../hashing.ts";
import type { Hash } from "../ids.ts";
import { LANGUAGES } from "../language.ts";
import type { SignedMessage } from "../signing.ts";
import { VERDICTS } from "../verdict.ts";
import { DURATION_MS_MAX, INSTANT_MAX, SHORT_NAME } from "./manifest.ts";

export const ORDER_KIND = "order";
export const QUESTION_KIND = "question";
/** Of a question, an answer or a notice, in UTF-16 units. */
export const LETTER_CHARACTERS_MAX = 4000;
/** A text of that length in UTF-8, sealed for every sage and one participant. */
export const SEALED_BYTES_MAX = 24 * 1024;
export const ORDER_BYTES_MAX = 32 * 1024;
export const REASON_CHARACTERS_MAX = 300;

/** Words for everybody, or sealed for some: the log is public, a question may give a solution away. */
export const letter = union(
  struct({ type: literal("open"), text: text(LETTER_CHARACTERS_MAX) }),
  struct({ type: literal("sealed"), box: bytes(SEALED_BYTES_MAX) }),
);
export type Letter = ShapeOf<typeof letter>;

const reason = text(REASON_CHARACTERS_MAX);
const problem = nullable(text(60, SHORT_NAME));

/** Which submissions; null: whatever it is. */
export const selection = struct({
  submission: nullable(hash),
  problem,
  language: nullable(oneOf(LANGUAGES)),
  verdict: nullable(oneOf(VERDICTS)),
});
export type Selection = ShapeOf<typeof selection>;

export const action = union(
  struct({ type: literal("notice"), problem, text: text(LETTER_CHARACTERS_MAX, /\S/) }),
  /** `toAll`: everybody reads the answer, with the question in `asked` unless that is null. */
  struct({
    type: literal("answer"),
    question: hash,
    toAll: boolean,
    asked: nullable(text(LETTER_CHARACTERS_MAX)),
    content: letter,
  }),
  /** The end moves by so much; less than nothing is sooner. */
  struct({ type: literal("extend"), byMs: integer(-DURATION_MS_MAX, DURATION_MS_MAX) }),
  struct({ type: literal("pause"), reason }),
  struct({ type: literal("resume") }),
  struct({ type: literal("freeze") }),
  struct({ type: literal("unfreeze") }),
  /** Judged once more; the old verdicts stay in force until `rejudge-apply`. */
  struct({ type: literal("rejudge"), selection, reason }),
  struct({ type: literal("rejudge-apply"), rejudging: hash }),
  struct({ type: literal("rejudge-cancel"), rejudging: hash }),
  /** Dead letters are tried once more; null: all. */
  struct({ type: literal("replay"), submission: nullable(hash) }),
  /** A dead letter that nobody can judge counts for nothing. */
  struct({ type: literal("dismiss"), submission: hash, reason }),
  /**
   * Other test data from here on: what is assigned later is judged with the new bundle. The contest runs, so that its key need
   * not be kept.
   */
  struct({
    type: literal("replace"),
    problem: text(60, SHORT_NAME),
    sealedBundle: hash,
    package: nullable(hash),
    key: bytes(32, 32),
    reason,
  }),
  /** Off the board and out of the queue; `out` false takes it back. */
  struct({ type: literal("disqualify"), node: nodeId, out: boolean, reason }),
  /** Nothing counted changes any more; `board` is the hash of the full board. */
  struct({ type: literal("finalize"), board: hash }),
);
export type Action = ShapeOf<typeof action>;

/** Signed by the organizer, or by whoever holds the seat of a sage. */
export const order = struct({ nonce: bytes(16, 16), at: integer(0, INSTANT_MAX), action });
export type Order = ShapeOf<typeof order>;

/** Signed by a member of the roster. `again`: no new question, but an open one sealed anew, since a sage's seat has a new holder. */
export const question = struct({
  nonce: bytes(16, 16),
  at: integer(0, INSTANT_MAX),
  problem,
  content: letter,
  again: nullable(hash),
});
export type Question = ShapeOf<typeof question>;

/** The signer and its words, not the signature: sending it again, however signed, is the same order. */
export function letterIdOf(message: SignedMessage): Hash {
  return hashOf(concat(new TextEncoder().encode(`${message.kind}/${message.signer}`), message.body));
}
