/** The board: plain, JSON-able data made by the folds (issue 5 "Scoring"). */
import type { NodeId } from "../model/index.ts";

export interface BoardCell {
  readonly problem: string;
  /** Judged attempts up to and including the first accepted one (ICPC), all judged ones (IOI). */
  readonly attempts: number;
  /** Receipts without a verdict, and frozen ones. */
  readonly pending: number;
  readonly solved: boolean;
  /** First accepted one of the whole contest. */
  readonly first: boolean;
  /** Minutes from the start to the accepted (ICPC) or best (IOI) submission; null unless it scores. */
  readonly minutes: number | null;
  /** ICPC: penalty minutes of this problem; 0 unless solved. */
  readonly penaltyMinutes: number;
  /** IOI: best points so far, in millionths; ICPC: 0. */
  readonly pointsMicros: number;
}

export interface BoardRow {
  /** 1-based; ties share a rank. */
  readonly rank: number;
  readonly team: NodeId;
  readonly displayName: string;
  readonly solved: number;
  readonly penaltyMinutes: number;
  readonly pointsMicros: number;
  /** In the order of `Board.problems`. */
  readonly cells: readonly BoardCell[];
}

export interface Board {
  readonly rules: "icpc" | "ioi";
  readonly problems: readonly { readonly id: string; readonly label: string; readonly name: string }[];
  readonly frozen: boolean;
  readonly rows: readonly BoardRow[];
}
