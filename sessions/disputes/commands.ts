/** What people ask of their own node about disputes, and the answers: plain, JSON-able data. */
import type { Hash, Instant, NodeId, Verdict } from "../../src/model/index.ts";
import type { DisputeFault } from "./fold.ts";
import type { Outcome } from "./state.ts";

export type DisputeCommand =
  /** Replies `sent` at once and `disputed` when it is logged, or `failed`. Members of the roster only. */
  | { readonly type: "dispute"; readonly submission: Hash; readonly reason: string }
  /** Answer: `disputes`, oldest first. */
  | { readonly type: "disputes" };

export type DisputeFailure = DisputeFault;

export interface DisputeView {
  readonly submission: Hash;
  readonly submitter: NodeId;
  readonly displayName: string;
  readonly problem: string;
  /** Null: evaluators that were outvoted, or the lot. */
  readonly by: NodeId | null;
  readonly byName: string | null;
  readonly reason: string;
  /** Evaluators whose signed results say something else. */
  readonly dissenters: readonly NodeId[];
  readonly openedAt: Instant;
  /** waiting: for the next session's lot · hearing: a jury runs it. */
  readonly state: "waiting" | "hearing" | Outcome;
  readonly jury: readonly NodeId[];
  /** Equal results that decide; 0 while there is no jury. */
  readonly quorum: number;
  readonly endedAt: Instant | null;
  /** Null while the freeze hides it. */
  readonly before: Verdict | null;
  /** In force after it; null while it is open, or hidden. */
  readonly after: Verdict | null;
  /** Proved to have signed a wrong result. */
  readonly liars: readonly NodeId[];
}

export type DisputeReply =
  | { readonly type: "disputed"; readonly id: Hash; readonly at: Instant; readonly session: number }
  | { readonly type: "disputes"; readonly disputes: readonly DisputeView[]; readonly left: number };
