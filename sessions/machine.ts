/** The state of one node. Each field belongs to the module named beside it; others only read it. */
import type {
  Admission,
  ContestId,
  Effect,
  Event,
  Evidence,
  Hash,
  Instant,
  LeaderCertificate,
  Manifest,
  NodeId,
  RandomState,
  Recovery,
  RecoveryStatement,
  Reveal,
  Roster,
  RosterCertificate,
  Seats,
  SignedMessage,
  StoredRecord,
  Submission,
  TestResult,
  Vote,
} from "../src/model/index.ts";
import type { SessionMap } from "./clusters/history.ts";
import type { ParticipantCommand, ParticipantReply } from "./commands.ts";
import type { ParticipantConfig } from "./config.ts";
import type { Leading } from "./council/state.ts";
import type { Election } from "./election/state.ts";
import type { CoordinatedTask, Evaluator, StandbyTask } from "./evaluation/state.ts";
import type { WaitingLetter } from "./life/letters.ts";
import type { Chain } from "./log/chain.ts";
import type { LinkedBlock, LogRules } from "./log/extension.ts";
import type { Ledger, LedgerBasis, LedgerChange } from "./log/ledger.ts";
import type { ElectionScope, Notice } from "./notices.ts";
import type { Timing } from "./timing.ts";

export type { InFlight, Leading, Proposal } from "./council/state.ts";
export type { CastVote, Election, ElectionRole } from "./election/state.ts";
export type {
  CoordinatedTask,
  EvaluationDone,
  EvaluationJob,
  Evaluator,
  SignedStatement,
  StandbyTask,
} from "./evaluation/state.ts";

export type ParticipantEvent = Event<ParticipantCommand>;
export type ParticipantEffect = Effect<Notice, ParticipantReply>;

export interface Machine {
  readonly config: ParticipantConfig;
  readonly timing: Timing;
  readonly contest: ContestId;
  readonly self: NodeId;
  readonly random: RandomState;
  /** Of the event being handled, on the corrected clock; it never runs backwards. */
  now: Instant;
  readonly clock: ClockState;
  effects: ParticipantEffect[];
  /** Messages to oneself, handled before the step ends. */
  readonly local: SignedMessage[];
  /** What submodules tell each other, handled before the step ends. */
  readonly happened: Happening[];
  /** joining/ */
  readonly joining: Joining;
  manifest: Manifest | null;
  manifestMessage: SignedMessage | null;
  admission: Admission | null;
  registered: number;
  rosterCertificate: RosterCertificate | null;
  problemKeys: SignedMessage | null;
  /** liveness/: whom this node has heard of lately. */
  readonly peers: Map<NodeId, Peer>;
  /** submissions/outbox */
  readonly outbox: Map<Hash, OutboxItem>;
  /** life/letters: own orders and questions that are not logged yet. */
  readonly letters: Map<Hash, WaitingLetter>;
  /** submissions/watches: requests by submission. */
  readonly watches: Map<Hash, Set<string>>;
  /** What is known of own submissions beyond the log. */
  readonly details: Map<Hash, SubmissionDetail>;
  /** election/cluster-election: the last vote in this node's own cluster. */
  castVote: Vote | null;
  /** From the roster on. */
  live: Live | null;
}

/** liveness/clock: this machine's own clock against the others' (protocol.md §3). */
export interface ClockState {
  /** The driver's clock at the last event. */
  localMs: number;
  /** Added to it. */
  offsetMs: number;
  /** Where the offset is moving to. */
  targetMs: number;
  /** The others' clocks against the driver's, with the bound of the error; at most {@link CLOCK_SAMPLES_MAX}. */
  readonly samples: Map<NodeId, { readonly offsetMs: number; readonly errorMs: number; readonly atMs: number }>;
}

export interface Joining {
  /** Sages answer in turn. */
  attempt: number;
  rejectedBy: Set<NodeId>;
  /** Who speaks as a sage; null until the manifest is known. */
  seats: Seats | null;
  /** This node's own removal, until the sages have it for sure: its owner does not want to take part. */
  withdrawal: SignedMessage | null;
  /** A sage that took its seat back and may not know of this node's admission. */
  owedTo: NodeId | null;
  /** A sage's word, as it came: a latecomer shows it. */
  admission: SignedMessage | null;
}

export interface Peer {
  connected: boolean;
  heardAt: Instant | null;
  /** When one of its heartbeats was last echoed. */
  echoedAt: Instant | null;
  /** Smoothed round trip, in ms; null until measured. */
  rttMs: number | null;
}

export interface OutboxItem {
  readonly message: SignedMessage;
  readonly submission: Submission;
  refusal: string | null;
  /** Not before this instant, after a refusal with a time. */
  retryAt: Instant;
  attempts: number;
}

export interface SubmissionDetail {
  progress: { readonly done: number; readonly total: number } | null;
  tests: readonly TestResult[] | null;
  compileLog: string | null;
  /** Told by an evaluator that knew the verdict before this node did; bounded by details.ts. */
  early: ReadonlyMap<NodeId, Told>;
}

/** What an evaluator tells the submitter beside the verdict. */
export interface Told {
  readonly tests: readonly TestResult[] | null;
  readonly compileLog: string | null;
}

/** The contest under way. */
export interface Live {
  readonly basis: LedgerBasis;
  readonly roster: Roster;
  readonly ledger: Ledger;
  readonly chain: Chain;
  /** Indexes of the uncommitted blocks in the store. */
  readonly storedTail: Set<number>;
  readonly rules: LogRules;
  readonly recovery: RecoveryState;
  /** The current session and the ones whose tasks may still be at work, newest first. */
  sessions: SessionView[];
  /** clusters' elections: null while this node belongs to no cluster. */
  clusterElection: Election | null;
  readonly centralElection: Election;
  /** The newest central leader whose certificate was checked; its term block may not be committed yet. */
  leader: LeaderCertificate | null;
  /** council/: the highest term this node promised to. */
  promised: number;
  /** The last central vote: one for each term. */
  castVote: Vote | null;
  leading: Leading | null;
  /** Submissions that reached this node when it no longer led, for whoever leads next. */
  readonly handOver: SignedMessage[];
  /** Bodies of pending submissions: all at council members, those at work elsewhere. */
  readonly bodies: Map<Hash, SignedMessage>;
  /** evaluation/coordinator: tasks this node leads. */
  readonly tasks: Map<string, CoordinatedTask>;
  /** evaluation/standby: tasks this node stands by for. */
  readonly standby: Map<string, StandbyTask>;
  readonly evaluator: Evaluator;
  readonly catchUp: CatchUp;
  /** The last committed messages, for those who ask. */
  readonly recent: RecentLog;
  /** Members of the own scope that are silent. */
  readonly suspects: Set<NodeId>;
  /** … and the ones silent for so long that their work is given to others. */
  readonly dead: Set<NodeId>;
  /** When any leader of this node was last heard. */
  heardLeaderAt: Instant;
  /** Central leader: nodes its cluster leaders call dead, with when it was said. */
  readonly reportedDead: Map<NodeId, Instant>;
  /** When each cluster's leader last told which of its members it does not hear. */
  readonly clusterTold: Map<NodeId, Instant>;
  /** Reveals of sessions to come, as gossiped by the sages. */
  readonly reveals: Map<string, Reveal>;
  /** One submission of each submitter that showed it to this council member because the leader did not answer. */
  readonly presented: Map<NodeId, Presented>;
  /** The term of a leader that this node no longer follows; −1: none. */
  distrustedTerm: number;
  /** Proofs against nodes, until they are logged. */
  readonly accused: Map<NodeId, Evidence>;
  ended: boolean;
  /** life/collecting, at sages: submissions whose sources are not in the store, with how often they were asked for. */
  readonly uncollected: Map<Hash, number>;
}

export interface Presented {
  readonly message: SignedMessage;
  readonly since: Instant;
  /** How many receipts the log held then. */
  readonly after: number;
  readonly term: number;
  showings: number;
}

/** recovery/ */
export interface RecoveryState {
  /** The newest that the sages signed. */
  known: Recovery | null;
  /** At a sage: its last own statement, and who agrees. */
  signed: { readonly statement: RecoveryStatement; readonly at: Instant } | null;
  readonly votes: Map<NodeId, Uint8Array>;
  watchedSince: Instant;
  /** When a majority of each council was last there. */
  councilHeardAt: Instant;
}

export interface RecentLog {
  readonly groups: { readonly first: number; readonly last: number; readonly body: Uint8Array }[];
  bytes: number;
}

export interface SessionView {
  readonly session: number;
  readonly drawn: SessionMap;
  readonly cluster: number | null;
  readonly members: readonly NodeId[];
  /** Checked certificates of cluster leaders. */
  readonly leaders: Map<number, LeaderCertificate>;
  readonly enteredAt: Instant;
}

export interface CatchUp {
  /** The peer that was asked last, until it answers. */
  asked: NodeId | null;
  askedAt: Instant;
  /** The highest index that somebody claims is committed, and who. */
  target: number;
  /** Committed messages that came before the ones they follow. */
  readonly early: Map<number, SignedMessage>;
  startedFrom: number;
  attempts: number;
}

/** What happened inside a step that other submodules act upon. */
export type Happening =
  | { readonly type: "manifest-known" }
  | { readonly type: "roster-known" }
  | { readonly type: "block-committed"; readonly block: LinkedBlock; readonly changes: readonly LedgerChange[] }
  /** `won`: by this node, just now; a certificate of its own from before a restart does not make it lead again. */
  | { readonly type: "cluster-led"; readonly certificate: LeaderCertificate; readonly won: boolean }
  | { readonly type: "own-cluster-led"; readonly certificate: LeaderCertificate }
  | { readonly type: "central-led"; readonly certificate: LeaderCertificate; readonly won: boolean }
  /** This node gave its central vote: it acknowledges and commits nothing of a lower term. */
  | { readonly type: "promised"; readonly term: number }
  | { readonly type: "member-died"; readonly member: NodeId; readonly scope: ElectionScope }
  | { readonly type: "term-opened" }
  /** A proof was seen; it is not logged yet. */
  | { readonly type: "accused"; readonly accused: NodeId }
  | { readonly type: "tail-adopted" }
  /** Somebody told of a transfer of a seat; it may not be logged yet. */
  | { readonly type: "seat-passed" }
  | { readonly type: "body-kept"; readonly submission: Hash };

export type Records = Iterable<StoredRecord>;
