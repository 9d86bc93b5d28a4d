/**
 * What the two worlds (the node and the simulator) and the machines of `sessions/` and `sage/` say to each other.
 * Machines are sans-IO: `step(state, event) → effects`. The driver carries effects out in order.
 */
import type { NodeId } from "./ids.ts";
import type { SignedMessage } from "./signing.ts";
import type { Instant } from "./time.ts";
import type { JudgeResult } from "./verdict.ts";

/** Names a timer of one machine: setting it again moves it. `election/cluster/3`, `heartbeat`. At most 100 characters. */
export type TimerKey = string;

/** Identifies one evaluation at one node: a submission, the attempt and the cluster it was given to. */
export type TaskId = string;

export type EvaluationOutcome =
  | { readonly type: "judged"; readonly result: JudgeResult }
  /** This machine could not decide; it is not the contestant's verdict. */
  | { readonly type: "abstained"; readonly reason: string };

/** What a person, a command or a test asks of its own node; the machine answers with `reply` effects of the same `request`. */
export interface Command {
  /** Chosen by the driver; unique while the answer is outstanding. */
  readonly request: string;
  /** The command and its arguments; each machine documents its own. Already of the right shape (the driver's API parsed it). */
  readonly body: { readonly type: string };
}

export type Event<C extends Command["body"] = Command["body"]> =
  /** The node came up; `restore` has already read the stored records. */
  | { readonly type: "started"; readonly at: Instant }
  | { readonly type: "timer-fired"; readonly at: Instant; readonly timer: TimerKey }
  /**
   * `from` is the connection's authenticated peer (the forwarder, for gossip), `message.signer` whoever signed it. The
   * signature is NOT yet checked: the machine does that, through the crypto it was given.
   */
  | {
      readonly type: "message-received";
      readonly at: Instant;
      readonly from: NodeId;
      readonly via: "direct" | "gossip";
      readonly message: SignedMessage;
    }
  | { readonly type: "peer-connected"; readonly at: Instant; readonly peer: NodeId }
  | { readonly type: "peer-disconnected"; readonly at: Instant; readonly peer: NodeId }
  | {
      readonly type: "evaluation-progressed";
      readonly at: Instant;
      readonly task: TaskId;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly type: "evaluation-finished";
      readonly at: Instant;
      readonly task: TaskId;
      readonly outcome: EvaluationOutcome;
    }
  /** The answer to a `read` effect: the records found, in key order. */
  | {
      readonly type: "records-read";
      readonly at: Instant;
      readonly read: string;
      readonly records: readonly StoredRecord[];
    }
  | { readonly type: "command-received"; readonly at: Instant; readonly request: string; readonly command: C };

/** One durable record, as handed to `restore…` and by `records-read`. */
export interface StoredRecord {
  readonly key: string;
  readonly value: Uint8Array;
}

/** One durable write; `undefined` deletes. Keys are `/`-separated ASCII, at most 200 characters, ordered bytewise. */
export interface StoreWrite {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/** What the machine asks a sandbox to do. The driver finds problem and package by id. */
export interface EvaluationRequest {
  readonly task: TaskId;
  readonly problem: string;
  /** Of the problem's test data; 0: the manifest's. */
  readonly revision: number;
  readonly language: string;
  /** The main one first; names are distinct. */
  readonly files: readonly { readonly filename: string; readonly source: Uint8Array }[];
}

export type Effect<N = { readonly type: string }, R = unknown> =
  /** Durable before any later effect of this step is carried out; the writes of one effect are atomic. */
  | { readonly type: "store"; readonly writes: readonly StoreWrite[] }
  /**
   * Read stored records with `from ≤ key < to` in key order, at most `countMax` records and about `bytesMax` bytes (at
   * least one record if there is any); sees every earlier `store`. The answer is `records-read` with the same `read`.
   */
  | {
      readonly type: "read";
      readonly read: string;
      readonly from: string;
      readonly to: string;
      readonly countMax: number;
      readonly bytesMax: number;
    }
  /** To one peer, best effort, in order per peer while connected; never to oneself. */
  | { readonly type: "send"; readonly to: NodeId; readonly message: SignedMessage }
  /** To everyone in the contest by gossip; the machine has already acted on it itself. */
  | { readonly type: "publish"; readonly message: SignedMessage }
  | { readonly type: "set-timer"; readonly timer: TimerKey; readonly at: Instant }
  | { readonly type: "clear-timer"; readonly timer: TimerKey }
  /** Start; the answer is `evaluation-finished` with the same task. */
  | { readonly type: "evaluate"; readonly request: EvaluationRequest }
  | { readonly type: "cancel-evaluation"; readonly task: TaskId }
  /**
   * The verdict on the message of this step, for gossip and peer scoring: forward it, drop it, or count it against the
   * forwarder. Exactly one per `message-received`.
   */
  | { readonly type: "validity"; readonly outcome: "accept" | "ignore" | "reject"; readonly code: string }
  /** Where a peer may be dialled (multiaddrs, unchecked): a hint for the address book. */
  | { readonly type: "remember-peer"; readonly peer: NodeId; readonly addresses: readonly string[] }
  /** Something a person or a log may want to know; plain JSON-able data. */
  | { readonly type: "notify"; readonly notice: N }
  /** Answers a command; `final: false` for the running news of a long one. */
  | { readonly type: "reply"; readonly request: string; readonly body: R; readonly final: boolean };
