/** What the log says about the life of the contest beyond submissions: orders, questions, pauses, the freeze, rejudgings, the end. */
import type { Timeline } from "../../src/contest/index.ts";
import {
  type Hash,
  type Instant,
  type Letter,
  type Manifest,
  type NodeId,
  Seats,
  type Selection,
} from "../../src/model/index.ts";
import type { LedgerSubmission, LedgerVerdict } from "../log/submission.ts";

/** Orders and questions of a contest; later ones are void. */
export const LETTERS_MAX = 100_000;
/** Questions of one participant that wait for an answer. */
export const QUESTIONS_OPEN_MAX = 10;

export interface LoggedNotice {
  readonly id: Hash;
  readonly by: NodeId;
  readonly at: Instant;
  readonly problem: string | null;
  readonly text: string;
}

export interface LoggedAnswer {
  readonly id: Hash;
  readonly by: NodeId;
  readonly at: Instant;
  readonly toAll: boolean;
  readonly asked: string | null;
  readonly content: Letter;
}

export interface LoggedQuestion {
  readonly id: Hash;
  readonly asker: NodeId;
  readonly at: Instant;
  readonly problem: string | null;
  content: Letter;
  /** Transfers of seats that were logged when `content` was sealed. */
  resealed: number;
  readonly answers: LoggedAnswer[];
}

/** One rejudging; the old verdicts are in force until it is applied. */
export interface Rejudging {
  readonly id: Hash;
  readonly by: NodeId;
  readonly at: Instant;
  readonly selection: Selection;
  readonly reason: string;
  /** In the order of their receipts. */
  readonly submissions: readonly LedgerSubmission[];
  readonly before: ReadonlyMap<Hash, LedgerVerdict>;
  /** Null: nobody could judge it again; the old verdict stays. */
  readonly results: Map<Hash, LedgerVerdict | null>;
  status: "judging" | "judged" | "applied" | "cancelled";
}

/** Test data that took the place of the manifest's, or of an earlier one. */
export interface Revision {
  readonly sealedBundle: Hash;
  readonly package: Hash | null;
  readonly key: Uint8Array;
  readonly at: Instant;
}

export interface Finalized {
  readonly by: NodeId;
  readonly at: Instant;
  readonly board: Hash;
}

/** auto: as the manifest says · on: from an instant, by order · off: by order. */
export type Freeze =
  | { readonly type: "auto" }
  | { readonly type: "on"; readonly from: Instant }
  | { readonly type: "off" };

export interface ContestLife {
  /** Who speaks as a sage, by the log. */
  readonly seats: Seats;
  timeline: Timeline;
  freeze: Freeze;
  /** Of the pause that goes on; empty: none was given. */
  pausedFor: string;
  /** Orders and questions in the log, void ones too. */
  readonly letters: Set<Hash>;
  readonly notices: LoggedNotice[];
  readonly questions: Map<Hash, LoggedQuestion>;
  readonly rejudgings: Map<Hash, Rejudging>;
  readonly deadLetters: Map<Hash, LedgerSubmission>;
  readonly disqualified: Map<NodeId, string>;
  /** By problem; the n-th is revision n. */
  readonly revisions: Map<string, Revision[]>;
  finalized: Finalized | null;
  /**
   * The lane behind the live contest's: submissions to be judged (again) that the leader assigns a few at a time, so that
   * nobody's verdict waits for a rejudging or for practice. In the order in which they came.
   */
  readonly waiting: Map<Hash, LedgerSubmission>;
  readonly inWork: Set<Hash>;
}

export function newLife(timeline: Timeline, manifest: Pick<Manifest, "sages">): ContestLife {
  return {
    seats: new Seats(manifest),
    timeline,
    freeze: { type: "auto" },
    pausedFor: "",
    letters: new Set(),
    notices: [],
    questions: new Map(),
    rejudgings: new Map(),
    deadLetters: new Map(),
    disqualified: new Map(),
    revisions: new Map(),
    finalized: null,
    waiting: new Map(),
    inWork: new Set(),
  };
}

export function unansweredOf(life: ContestLife): readonly LoggedQuestion[] {
  return [...life.questions.values()].filter((question) => question.answers.length === 0);
}
