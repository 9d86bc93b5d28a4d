/** One submission as the log tells it. */
import { type JudgedSubmission, record, type Standings } from "../../src/contest/index.ts";
import type { Hash, Instant, Language, NodeId, Statement } from "../../src/model/index.ts";

export interface LedgerSubmission {
  readonly id: Hash;
  readonly submitter: NodeId;
  readonly problem: string;
  readonly language: Language;
  readonly at: Instant;
  /** Order of receipts in the log. */
  readonly index: number;
  phase: "accepted" | "assigned" | "settled" | "dead-letter";
  /** Logged assignments; attempt n is the n-th. */
  readonly assignments: {
    readonly session: number;
    readonly cluster: number;
    readonly at: Instant;
    /** Of the problem's test data. */
    readonly revision: number;
    /** Of the block that logged it. */
    readonly index: number;
    /** In the place of a cluster, where a dispute is heard; null: `cluster` is one of the session's. */
    readonly jury: readonly NodeId[] | null;
  }[];
  verdict: LedgerVerdict | null;
  /** Received after the end: judged, never counted. */
  readonly practice: boolean;
  /** Who has its source for sure: the council that acknowledged the receipt. */
  readonly council: readonly NodeId[];
  /** Assignments before this one do not count towards `attemptsMax` (replayed, rejudged). */
  triesFrom: number;
  /** Verdicts of assignments before this one no longer settle it (rejudged). */
  validFrom: number;
  /** Judged again under this order; `verdict` is still the old one. */
  rejudging: Hash | null;
  dismissed: boolean;
  /** Of a dead letter: why, as far as its leader had heard; empty: it had not. */
  hindrance: string;
}

export interface LedgerVerdict {
  readonly statement: Statement;
  readonly voters: readonly NodeId[];
  readonly at: Instant;
}

export function judged(submission: LedgerSubmission): JudgedSubmission {
  const { id, submitter, problem, at, index, verdict } = submission;
  const pending = { id, submitter, problem, at, index };
  return verdict === null
    ? pending
    : {
        ...pending,
        verdict: verdict.statement.verdict,
        scoreMicros: verdict.statement.scoreMicros,
        groupScoresMicros: verdict.statement.groupScoresMicros,
      };
}

/** After a receipt or a verdict: the board, if it counts. */
export function rescore(standings: Standings, submission: LedgerSubmission): void {
  if (!submission.practice && !submission.dismissed) record(standings, judged(submission));
}
