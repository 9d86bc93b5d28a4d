/** Evidence (protocol.md §9): the accused's own signatures contradict each other, or its announcement contradicts itself. */
import { list, nodeId, oneOf, type ShapeOf, struct } from "../codec.ts";
import { signedMessage } from "../signing.ts";

export const OFFENCES = [
  /** Two votes of one (scope, session, round) for two candidates. */
  "double-vote",
  /** An announcement with votes that nobody cast, or one voter twice. */
  "false-announcement",
  /** Two blocks of one term at one index. */
  "fork",
  /** Two results of one task, where judging is deterministic. */
  "double-result",
  /** A result that a jury's re-execution proved wrong: the log has both certificates, no message of this kind does (§7). */
  "wrong-result",
  /** A block that gives a task to another cluster than the logged loads say: whoever has the log before it sees it (§6.3). */
  "wrong-assignment",
] as const;
export type Offence = (typeof OFFENCES)[number];

/** Two blocks are the largest evidence; larger blocks cannot be shown. */
export const EVIDENCE_BYTES_MAX = 768 * 1024;

export const evidence = struct({
  offence: oneOf(OFFENCES),
  accused: nodeId,
  /** Signed by the accused; anyone can check them. */
  messages: list(signedMessage, 2, 1),
});
export type Evidence = ShapeOf<typeof evidence>;
