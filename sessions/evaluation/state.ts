/** Tasks as their cluster's leader, its standbys and its evaluators see them (protocol.md §6). */
import type {
  assignment,
  codec,
  Hash,
  Instant,
  JudgeResult,
  NodeId,
  SignedMessage,
  Statement,
  Submission,
  Task,
  TestResult,
  VerdictCertificate,
} from "../../src/model/index.ts";

/** At the leader of the cluster that a task was assigned to. */
export interface CoordinatedTask {
  readonly task: Task;
  readonly revision: number;
  readonly message: SignedMessage;
  readonly submission: Submission;
  readonly members: readonly NodeId[];
  /** Equal results that it takes. */
  readonly quorum: number;
  /** Members in the order in which they are asked. */
  readonly order: readonly NodeId[];
  readonly asked: Map<NodeId, { heardAt: Instant }>;
  /** Commitments received; frozen once they were sent out in a set (§6.5). */
  readonly commitments: Map<NodeId, { readonly commitment: Hash; readonly signature: Uint8Array; frozen: boolean }>;
  /** Revealed results that fit their commitments. */
  readonly results: Map<NodeId, SignedStatement>;
  /** And why. */
  readonly abstained: Map<NodeId, string>;
  /** What the central leader was told last of why there is no verdict; empty: nothing. */
  hindrance: string;
  certificate: VerdictCertificate | null;
  retries: number;
}

export interface SignedStatement {
  readonly statement: Statement;
  readonly signature: Uint8Array;
}

/** At a member that publishes the verdict if the cluster's leader does not (§6.6). */
export interface StandbyTask {
  /** Null until the leader's set is there; results may come first. */
  set: ReadonlyMap<NodeId, Hash> | null;
  readonly task: Task;
  readonly members: readonly NodeId[];
  readonly results: Map<NodeId, SignedMessage & { readonly statement: Statement }>;
  retries: number;
}

export interface Evaluator {
  /** Waiting, in the order they came; by task id. */
  readonly queue: Map<string, EvaluationJob>;
  readonly running: Map<string, EvaluationJob>;
  /** Whose tasks were started, the latest last; at most the roster. */
  readonly served: Set<NodeId>;
  /** Own signed results and what the submitter is told later; bounded, oldest dropped. */
  readonly done: Map<string, EvaluationDone>;
  /** Questions to this node as a juror, ahead of the block that names the jury; bounded, oldest dropped. */
  readonly summons: Map<string, { readonly signer: NodeId; readonly body: codec.ShapeOf<typeof assignment> }>;
  /** Results that wait for the log to say what was to be judged; bounded, oldest dropped. */
  readonly unsigned: Map<string, { readonly job: EvaluationJob; readonly result: JudgeResult }>;
}

export interface EvaluationJob {
  readonly task: Task;
  readonly revision: number;
  readonly submission: Submission;
  readonly submitter: NodeId;
  /** Whoever asked last: a new leader takes over. */
  leader: NodeId;
  progressAt: Instant;
}

export interface EvaluationDone {
  readonly message: SignedMessage;
  readonly statement: Statement;
  readonly submitter: NodeId;
  readonly tests: readonly TestResult[];
  readonly compileLog: string;
}
