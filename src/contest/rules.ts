/** What the folds of a contest need to know: rules, problems and teams, and each submission's fate. */
import type { Hash, NodeId, Instant, Verdict } from "../model/index.ts";
import type { Timeline } from "./timeline.ts";

export interface ScoringRules extends Timeline {
  readonly type: "icpc" | "ioi";
  readonly penaltyMinutes: number;
  /** The public board hides what was submitted in the last `freezeMs`; null: never frozen. */
  readonly freezeMs: number | null;
  readonly compileErrorPenalty: boolean;
  /** IOI: `max` counts the best submission, `max_subtask` the best of each group over all submissions. */
  readonly scoreMode: "max" | "max_subtask";
  readonly problems: readonly ScoredProblem[];
}

export interface ScoredProblem {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  /** Points of a full solution, in millionths. */
  readonly pointsMicros: number;
  /** A submission's `scoreMicros` that stands for all of them; null: there is no maximum, scores are the points. */
  readonly fullScoreMicros: number | null;
}

export interface Team {
  readonly id: NodeId;
  readonly displayName: string;
}

/** One submission as the committed log tells it. */
export interface JudgedSubmission {
  readonly id: Hash;
  readonly submitter: NodeId;
  readonly problem: string;
  /** The receipt's time. */
  readonly at: Instant;
  /** Position in the log: orders receipts of one millisecond. */
  readonly index: number;
  /** Absent while pending. A JE is never the contestant's fault: it counts as pending. */
  readonly verdict?: Verdict;
  /** As the judges found it; see `ScoredProblem.fullScoreMicros`. */
  readonly scoreMicros?: number;
  /** Of the problem's groups, adding up to it; none where points do not come about so. */
  readonly groupScoresMicros?: readonly number[];
}
