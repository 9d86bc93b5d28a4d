/** Disputes (protocol.md §7, §9): somebody holds that a certified verdict is wrong, and a jury runs the submission again. */
import { hash, integer, type ShapeOf, struct, text } from "../codec.ts";
import { signedMessage } from "../signing.ts";
import { ATTEMPTS_MAX, COMMITMENT_SET_BYTES_MAX } from "./evaluation.ts";
import { INSTANT_MAX } from "./manifest.ts";

export const DISPUTE_KIND = "dispute";
export const DISPUTE_BYTES_MAX = 2048;
export const DISPUTE_REASON_CHARACTERS_MAX = 300;

/** Signed by a member of the roster. An evaluator that was outvoted sends its signed result instead: that says the same, and binds it. */
export const dispute = struct({
  submission: hash,
  /** Whose verdict is in doubt: another one than the verdict in force is nobody's business any more. */
  attempt: integer(1, ATTEMPTS_MAX),
  at: integer(0, INSTANT_MAX),
  /** For people; empty: none given. */
  reason: text(DISPUTE_REASON_CHARACTERS_MAX),
});
export type Dispute = ShapeOf<typeof dispute>;

export const TRIAL_KIND = "trial";
export const TRIAL_BYTES_MAX = COMMITMENT_SET_BYTES_MAX + 8192;

/** A quarantined evaluator was right: what it committed to, as the cluster's leader froze it, and its result (§9). */
export const trial = struct({ set: signedMessage, result: signedMessage });
export type Trial = ShapeOf<typeof trial>;
