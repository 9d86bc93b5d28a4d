/** What a central leader adds to what everybody has (protocol.md §5). */
import type {
  Assignment,
  Hash,
  Instant,
  LeaderCertificate,
  LogEntry,
  NodeId,
  SignedMessage,
  Submission,
  VerdictCertificate,
} from "../../src/model/index.ts";
import type { LinkedBlock } from "../log/extension.ts";
import type { Bucket } from "../submissions/rate.ts";

/** What a central leader adds to what everybody has. */
export interface Leading {
  readonly certificate: LeaderCertificate;
  readonly term: number;
  /** preparing: bodies of pending submissions are being fetched · opening: the term block is not committed · active. */
  status: "preparing" | "opening" | "active";
  readonly missingBodies: Set<Hash>;
  /** To be logged, in order. */
  readonly queue: Proposal[];
  /** Submissions in the queue or in the block in flight. */
  readonly queued: Set<Hash>;
  /** What this step hands out, sent at its end (evaluation/dispatch). */
  readonly handing: { readonly to: NodeId; readonly given: Assignment }[];
  /** Members of the cluster at work that cannot judge, by submission (evaluation/abstentions). */
  readonly abstained: Map<Hash, Abstained>;
  /** What cluster leaders told of why there is no verdict, by submission (evaluation/hindrance). */
  readonly hindrances: Map<Hash, string>;
  /** Verdicts in the queue or in flight. */
  readonly settling: Set<Hash>;
  inFlight: InFlight | null;
  /** When the last block was cut. */
  cutAt: Instant;
  /** Council members that promised themselves to a higher term of this session, and to which. */
  readonly refusals: Map<NodeId, number>;
  readonly buckets: Map<NodeId, Bucket>;
  /** Of all submitters together. */
  readonly overall: Bucket;
  /** When this council began: its members are given time from then on. */
  openedAt: Instant;
  /** Sessions whose map inputs were proposed. */
  mapProposed: number;
  /** Rounds of the cluster leaders that were queued for the log. */
  readonly leadersQueued: Map<number, number>;
  readonly evidenceQueued: Set<NodeId>;
  /** life/background: when a submission of that lane was queued; sources asked for. */
  readonly backgroundQueued: Map<Hash, Instant>;
  readonly bodiesAsked: Map<Hash, { readonly at: Instant; readonly attempt: number }>;
}

export interface Abstained {
  readonly attempt: number;
  readonly members: Set<NodeId>;
  /** The task was moved on because of it. */
  moved: boolean;
}

export type Proposal =
  | {
      readonly type: "receipt";
      readonly id: Hash;
      readonly message: SignedMessage;
      readonly submission: Submission;
      readonly at: Instant;
    }
  | { readonly type: "assign"; readonly id: Hash }
  | { readonly type: "verdict"; readonly certificate: VerdictCertificate }
  | { readonly type: "entry"; readonly entry: LogEntry };

export interface InFlight {
  readonly since: Instant;
  readonly end: LinkedBlock;
  readonly acks: Map<NodeId, Uint8Array>;
  readonly message: SignedMessage;
}
