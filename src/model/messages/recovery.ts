/** Recovery (protocol.md §5): a majority of a council is gone for good, and the sages name another one. */
import { bytes, integer, list, nodeId, type ShapeOf, struct } from "../codec.ts";
import { SIGNATURE_BYTES } from "../signing.ts";
import { logHead } from "./election.ts";

export const RECOVERY_VOTE_KIND = "recovery-vote";
export const RECOVERIES_MAX = 1_000_000;
const RECOVERY_COUNCIL_MAX = 15;
const SAGES_MAX = 31;
export const RECOVERY_BYTES_MAX = 16 * 1024;

/** What a sage signs: from this head on, which must be committed, the log goes on with this council. */
export const recoveryStatement = struct({
  /** Higher ones replace lower ones of the same head. */
  attempt: integer(1, RECOVERIES_MAX),
  base: logHead,
  /** Sorted. */
  council: list(nodeId, RECOVERY_COUNCIL_MAX, 1),
});
export type RecoveryStatement = ShapeOf<typeof recoveryStatement>;

/** Signed by holders of a majority of the sages' seats. */
export const recovery = struct({
  statement: recoveryStatement,
  votes: list(struct({ sage: nodeId, signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES) }), SAGES_MAX, 1),
});
export type Recovery = ShapeOf<typeof recovery>;
