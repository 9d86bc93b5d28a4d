/** What people ask of their own node about the life of the contest, and the answers: plain, JSON-able data. */
import type { Board } from "../../src/contest/index.ts";
import type { Action, Hash, Instant, NodeId, Selection, Verdict } from "../../src/model/index.ts";
import type { OrderFault, Unfinished } from "./orders.ts";
import type { QuestionFault } from "./questions.ts";
import type { Freeze, Rejudging } from "./state.ts";

/** An action in plain words: the node seals answers and computes the hash of the board. */
export type Wish =
  | Exclude<Action, { readonly type: "answer" | "finalize" | "replace" }>
  | (Omit<Extract<Action, { readonly type: "replace" }>, "key"> & {
      /** Hex. */
      readonly key: string;
    })
  /** `quote`: everybody reads the question too. */
  | {
      readonly type: "answer";
      readonly question: Hash;
      readonly toAll: boolean;
      readonly quote: boolean;
      readonly text: string;
    }
  | { readonly type: "finalize" };

export type LifeCommand =
  /** Replies `sent` at once and `asked` when it is logged, or `failed`. */
  | { readonly type: "ask"; readonly problem: string | null; readonly text: string }
  /** Replies `sent` at once and `ordered` when it is logged, or `failed`. Sages and the organizer only. */
  | { readonly type: "order"; readonly wish: Wish }
  /** Answer: `clarifications`. */
  | { readonly type: "clarifications" }
  /** Answer: `rejudgings`. */
  | { readonly type: "rejudgings" }
  /** Answer: `rejudging`, with its preview. */
  | { readonly type: "rejudging"; readonly rejudging: Hash }
  /** Answer: `life`. */
  | { readonly type: "life" };

export type LifeFailure =
  | OrderFault
  | QuestionFault
  | "not-joined"
  | "not-an-organizer"
  | "not-a-member"
  | "empty"
  | "too-long";

export interface NoticeView {
  readonly id: Hash;
  readonly at: Instant;
  readonly by: NodeId;
  readonly problem: string | null;
  readonly text: string;
}

export interface QuestionView {
  readonly id: Hash;
  readonly asker: NodeId;
  readonly displayName: string;
  readonly at: Instant;
  readonly problem: string | null;
  /** Null: not for this node. */
  readonly text: string | null;
  readonly answers: readonly {
    readonly at: Instant;
    readonly by: NodeId;
    readonly toAll: boolean;
    readonly asked: string | null;
    readonly text: string | null;
  }[];
}

export interface RejudgingView {
  readonly id: Hash;
  readonly at: Instant;
  readonly by: NodeId;
  readonly selection: Selection;
  readonly reason: string;
  readonly status: Rejudging["status"];
  readonly submissions: number;
  readonly judged: number;
  readonly changed: number;
}

/** What applying it would do. */
export interface RejudgingPreview extends RejudgingView {
  readonly changes: readonly {
    readonly submission: Hash;
    readonly submitter: NodeId;
    readonly displayName: string;
    readonly problem: string;
    readonly language: string;
    readonly before: Verdict;
    readonly after: Verdict;
    readonly beforeScoreMicros: number;
    readonly afterScoreMicros: number;
  }[];
  /** Nobody could judge these again; their old verdicts stay. */
  readonly failed: readonly Hash[];
  /** Rows that would change; a rank of null: not on the board. */
  readonly rows: readonly {
    readonly team: NodeId;
    readonly displayName: string;
    readonly before: Standing | null;
    readonly after: Standing | null;
  }[];
}

export type Standing = Pick<Board["rows"][number], "rank" | "solved" | "penaltyMinutes" | "pointsMicros">;

export interface LifeView {
  readonly startsAt: Instant;
  /** Null while a pause hides it. */
  readonly endsAt: Instant | null;
  readonly durationMs: number;
  readonly paused: boolean;
  /** Why, in the organizers' words; empty: not paused, or not told. */
  readonly pausedFor: string;
  readonly over: boolean;
  /** Submissions from here on are hidden on the public board; null: none. */
  readonly frozenFrom: Instant | null;
  readonly freeze: Freeze["type"];
  readonly finalized: { readonly at: Instant; readonly by: NodeId; readonly board: Hash } | null;
  readonly unfinished: Unfinished;
  readonly notices: number;
  readonly questions: number;
  readonly deadLetters: readonly {
    readonly submission: Hash;
    readonly submitter: NodeId;
    readonly displayName: string;
    readonly problem: string;
    readonly language: string;
    readonly receivedAt: Instant;
    readonly attempts: number;
    /** Why nobody could judge it, as far as the leader had heard; empty: no cluster said anything in time. */
    readonly reason: string;
    readonly practice: boolean;
  }[];
  /** Of the lane behind the live contest's: rejudgings, replays, practice. */
  readonly waiting: number;
  readonly disqualified: readonly { readonly node: NodeId; readonly displayName: string; readonly reason: string }[];
  /** Sages: sources that are not here yet. */
  readonly uncollected: number;
  /** Whether this node may give orders. */
  readonly mayOrder: boolean;
}

export type LifeReply =
  | { readonly type: "sent"; readonly id: Hash }
  | { readonly type: "asked"; readonly id: Hash; readonly at: Instant }
  | { readonly type: "ordered"; readonly id: Hash; readonly at: Instant; readonly action: string }
  | {
      readonly type: "clarifications";
      readonly notices: readonly NoticeView[];
      readonly questions: readonly QuestionView[];
    }
  | { readonly type: "rejudgings"; readonly rejudgings: readonly RejudgingView[] }
  | { readonly type: "rejudging"; readonly rejudging: RejudgingPreview }
  | { readonly type: "life"; readonly life: LifeView };
