/** Read-only pictures of a node's state for people and tools: plain, JSON-able data. */
import type { Hash, Instant, Language, NodeId, TestResult, Verdict } from "../src/model/index.ts";
import type { NodeRole } from "./config.ts";

/** joining: not admitted yet · waiting: admitted, no roster yet or not started · running · ended. */
export type Phase = "joining" | "waiting" | "running" | "ended";

export interface Status {
  readonly node: NodeId;
  readonly role: NodeRole;
  readonly phase: Phase;
  readonly contest: Hash;
  /** Null until the manifest is known. */
  readonly name: string | null;
  /** As planned, until the roster says it. */
  readonly startsAt: Instant | null;
  /** Null also while a pause hides it. */
  readonly endsAt: Instant | null;
  readonly paused: boolean;
  /** The public board hides the last submissions. */
  readonly frozen: boolean;
  /** The organizers have finalized the contest. */
  readonly final: boolean;
  readonly registered: number;
  readonly session: number | null;
  readonly sessionEndsAt: Instant | null;
  readonly cluster: {
    readonly index: number;
    readonly members: readonly NodeId[];
    readonly leader: NodeId | null;
    /** It has no leader, or has given up on the one named here. */
    readonly isElecting: boolean;
  } | null;
  readonly clusters: number;
  readonly central: { readonly leader: NodeId; readonly term: number } | null;
  readonly council: readonly NodeId[];
  /** Committed blocks. */
  readonly blocks: number;
  readonly head: Hash | null;
  /** Of the whole contest, as the log tells: receipts without verdict. */
  readonly pending: number;
  readonly judged: number;
  /** Verdicts in doubt that a jury has not heard yet. */
  readonly disputed: number;
  /** Own submissions not yet settled, and of those the ones without a receipt. */
  readonly outbox: number;
  readonly undelivered: number;
  /** At this node: running and waiting evaluations. */
  readonly evaluating: number;
  readonly queued: number;
  readonly isClusterLeader: boolean;
  readonly isCentralLeader: boolean;
  /** What the node adds to its machine's clock, and within what that agrees with half of the others; null before any answer. */
  readonly clock: { readonly offsetMs: number; readonly uncertaintyMs: number | null };
}

/** queued: no receipt yet · accepted: the receipt is committed · assigned · settled · dead-letter: JE after all attempts. */
export type SubmissionPhase = "queued" | "accepted" | "assigned" | "settled" | "dead-letter";

export interface SubmissionView {
  readonly submission: Hash;
  readonly phase: SubmissionPhase;
  readonly submitter: NodeId;
  readonly problem: string;
  readonly language: Language;
  /** When the submitter signed it; null for others' submissions. */
  readonly sentAt: Instant | null;
  /** The receipt's time. */
  readonly receivedAt: Instant | null;
  readonly settledAt: Instant | null;
  /** Received after the end: judged, never counted. */
  readonly practice: boolean;
  /** Being judged again, or again at work after it was given up; a verdict that is there stays in force. */
  readonly rejudging: boolean;
  readonly cluster: number | null;
  readonly attempt: number;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly verdict: Verdict | null;
  readonly scoreMicros: number | null;
  /** Highest of all tests. */
  readonly costMax: number | null;
  readonly memoryBytesMax: number | null;
  readonly testsDone: number | null;
  readonly digest: Hash | null;
  /** The evaluators whose signatures are in the verdict certificate. */
  readonly voters: readonly NodeId[];
  /** Only of own submissions. */
  readonly tests: readonly TestResult[] | null;
  readonly compileLog: string | null;
  /** Why the last delivery was refused, while undelivered. */
  readonly refusal: string | null;
}

export interface PeerView {
  readonly peer: NodeId;
  readonly displayName: string;
  readonly role: "participant" | "juror" | "sage" | "unknown";
  readonly connected: boolean;
  readonly lastHeardAt: Instant | null;
  readonly cluster: number | null;
  readonly isClusterLeader: boolean;
  readonly isCentralLeader: boolean;
  readonly onCouncil: boolean;
  /** quarantined: its results do not count until it has judged right on trial · excluded: proved to have lied (protocol.md §9). */
  readonly standing: "good" | "quarantined" | "excluded";
}
