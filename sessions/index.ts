/**
 * The session protocol (protocol.md §3–§9) as one sans-IO machine per node: sessions, elections, the council's log,
 * scheduling, evaluation, liveness, evidence.
 *
 * ```ts
 * const node = restoreParticipant(config, recordsOfTheStore);
 * for (const effect of step(node, { type: "started", at })) carryOut(effect);
 * boardOf(node);
 * ```
 *
 * The driver feeds events in the order they happen and carries effects out in order; see `src/model/machine.ts`. A sage's
 * node runs this machine in the role `sage` beside the machine of `sage/`: messages of a kind in `SAGE_KINDS` go to the
 * sage machine, all others here, and what the sage machine publishes is handed here as received from oneself.
 */
export {
  type AuditedContest,
  type AuditedSubmission,
  auditCommitted,
  auditedContest,
  beginLogAudit,
  type LogAudit,
  type LogFault,
} from "./audit/audit.ts";
export type { CommandFailure, ParticipantCommand, ParticipantReply } from "./commands.ts";
export type { LetterBox, NodeRole, ParticipantConfig } from "./config.ts";
export type { DisputeCommand, DisputeFailure, DisputeReply, DisputeView } from "./disputes/commands.ts";
export type { Outcome } from "./disputes/state.ts";
export { CLUSTER_ELECTION_TIMER } from "./election/cluster-election.ts";
export { isRegistered } from "./joining/joining.ts";
export { checkInvariants } from "./invariants.ts";
export type {
  LifeCommand,
  LifeFailure,
  LifeReply,
  LifeView,
  NoticeView,
  QuestionView,
  RejudgingPreview,
  RejudgingView,
  Wish,
} from "./life/commands.ts";
export type { ElectionScope, Notice } from "./notices.ts";
export {
  createParticipant,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantState,
  restoreParticipant,
  step,
} from "./participant.ts";
export { DEFAULT_TIMING, type Timing } from "./timing.ts";
export { boardOf, isElecting, peersOf, statusOf, submissionOf, submissionsOf } from "./view.ts";
export type { PeerView, Phase, Status, SubmissionPhase, SubmissionView } from "./views.ts";
