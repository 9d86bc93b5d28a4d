/** What the log says about disputes (protocol.md §7, §9). */
import type { Hash, Instant, NodeId, Statement } from "../../src/model/index.ts";
import type { LedgerSubmission, LedgerVerdict } from "../log/submission.ts";

/** Disputes that a member may lose: each costs a jury's work, and after so many nobody listens any more. */
export const DISPUTES_LOST_MAX = 3;
/** Hearings that wait or are under way: a jury is some ten evaluations. */
export const HEARINGS_OPEN_MAX = 64;
/** Checks by lot that one session begins with. */
export const CHECKS_MAX = 16;
/** Juries of one dispute, a session each: members may be away, or lie, and the leader that asks them too. */
export const HEARINGS_MAX = 3;

/** One verdict in doubt, from the entry that doubts it to the jury's certificate. */
export interface Hearing {
  readonly submission: LedgerSubmission;
  /** The verdict in doubt; it stays in force until a jury says otherwise. */
  readonly before: LedgerVerdict;
  /** Who disputes it without a result of its own, and pays if it is right; null: an outvoted evaluator, or the lot. */
  readonly by: NodeId | null;
  readonly reason: string;
  /** Signed results of the same task that say something else. */
  readonly dissents: Map<NodeId, Statement>;
  readonly at: Instant;
  /** The first session whose beacon may draw the jury: nobody can know it when the dispute is logged. */
  readonly from: number;
  /** Juries drawn so far. */
  heard: number;
  /** Of the session under way; null: none is drawn yet. */
  jury: Jury | null;
}

export interface Jury {
  readonly session: number;
  /** Its number among the submission's assignments. */
  readonly attempt: number;
  /** Sorted by lot. */
  readonly members: readonly NodeId[];
  /** Equal results that decide. */
  readonly quorum: number;
}

/** upheld: the jury found the same · overturned: something else, which is in force now · undecided: no jury came to a result. */
export type Outcome = "upheld" | "overturned" | "undecided";

export interface Heard {
  readonly submission: Hash;
  readonly by: NodeId | null;
  readonly reason: string;
  readonly dissenters: readonly NodeId[];
  readonly openedAt: Instant;
  readonly at: Instant;
  readonly before: LedgerVerdict;
  /** The jury's; null when undecided. */
  readonly after: LedgerVerdict | null;
  readonly outcome: Outcome;
  /** Proved to have signed a wrong result. */
  readonly liars: readonly NodeId[];
}

export interface DisputeBook {
  /** By submission: one verdict is in doubt once. */
  readonly open: Map<Hash, Hearing>;
  /** In the order of their ends. */
  readonly heard: Heard[];
  /** Verdicts that were heard, or that a jury made: nobody disputes them again. */
  readonly decided: WeakMap<LedgerVerdict, Heard>;
  /** Settled submissions that the lot has not passed over yet, in order. */
  readonly unchecked: Set<LedgerSubmission>;
  /** Disputes that members lost. */
  readonly lost: Map<NodeId, number>;
}

export function newDisputeBook(): DisputeBook {
  return { open: new Map(), heard: [], decided: new WeakMap(), unchecked: new Set(), lost: new Map() };
}
