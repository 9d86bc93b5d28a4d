/** What a person or a tool asks of its own node, and the answers (bodies of `reply` effects; JSON-able but for bytes). */
import type { Board } from "../src/contest/index.ts";
import type { Hash, Language, NodeId, SourceFile } from "../src/model/index.ts";
import type { DisputeCommand, DisputeFailure, DisputeReply } from "./disputes/commands.ts";
import type { LifeCommand, LifeFailure, LifeReply } from "./life/commands.ts";
import type { PeerView, Status, SubmissionView } from "./views.ts";

export type ParticipantCommand =
  /** Signs and stores the submission, then delivers it for as long as it takes. Answer: `submitted` or `failed`. */
  | {
      readonly type: "submit";
      readonly problem: string;
      readonly language: Language;
      readonly filename: string;
      readonly source: Uint8Array;
      /** Files beside the main one. */
      readonly companions?: readonly SourceFile[];
    }
  /** Running `submission` replies at every change, the last one (`final`) when it is settled. */
  | { readonly type: "watch"; readonly submission: Hash }
  /** Answer: `submission`, or `failed` with `unknown-submission`. */
  | { readonly type: "submission"; readonly submission: Hash }
  /** Newest first. Answer: `submissions`. */
  | { readonly type: "submissions"; readonly of: NodeId | null; readonly countMax: number }
  /** Before the roster only: this node does not want to take part any more. Answer: `withdrawn` or `failed`. */
  | { readonly type: "withdraw" }
  | LifeCommand
  | DisputeCommand
  | { readonly type: "status" }
  /** `full`: sages see behind the freeze. */
  | { readonly type: "board"; readonly full?: boolean }
  | { readonly type: "peers" };

export type CommandFailure =
  | LifeFailure
  | DisputeFailure
  | "not-joined"
  | "not-started"
  | "ended"
  | "unknown-problem"
  | "language-not-allowed"
  | "source-too-large"
  | "bad-filename"
  | "outbox-full"
  | "too-many-watches"
  | "not-a-participant"
  | "not-registered"
  | "unknown-submission";

export type ParticipantReply =
  | LifeReply
  | DisputeReply
  | { readonly type: "withdrawn" }
  | { readonly type: "submitted"; readonly submission: Hash }
  | { readonly type: "submission"; readonly submission: SubmissionView }
  | { readonly type: "submissions"; readonly submissions: readonly SubmissionView[] }
  | { readonly type: "status"; readonly status: Status }
  | { readonly type: "board"; readonly board: Board | null }
  | { readonly type: "peers"; readonly peers: readonly PeerView[] }
  | { readonly type: "failed"; readonly code: CommandFailure; readonly reason: string };
