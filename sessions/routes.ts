/** Every kind of message this machine takes, with its bounds (protocol.md §1). */
import {
  ACK_KIND,
  ack,
  abstention,
  ADMISSION_KIND,
  admission,
  append,
  appendRefused,
  ASSIGNMENT_BYTES_MAX,
  assignment,
  assignments,
  ASSIGNMENTS_BYTES_MAX,
  bearings,
  BEARINGS_BYTES_MAX,
  type codec,
  COMMITMENT_KIND,
  COMMITMENT_SET_BYTES_MAX,
  commitment,
  commitmentSet,
  committed,
  detail,
  DETAIL_BYTES_MAX,
  DISPUTE_BYTES_MAX,
  DISPUTE_KIND,
  dispute,
  echo,
  ELECTION_BYTES_MAX,
  EVIDENCE_BYTES_MAX,
  evidence,
  heartbeat,
  hello,
  leaderCertificate,
  LIVENESS_BYTES_MAX,
  LOG_RANGE_BYTES_MAX,
  logRange,
  logRequest,
  MESSAGE_BYTES_MAX,
  type NodeId,
  ORDER_BYTES_MAX,
  ORDER_KIND,
  order,
  progress,
  QUESTION_KIND,
  question,
  RECOVERY_BYTES_MAX,
  RECOVERY_VOTE_KIND,
  recovery,
  recoveryStatement,
  refusal,
  REGISTER_BYTES_MAX,
  RESULT_KIND,
  type SignedMessage,
  statement,
  submission,
  SUBMISSION_BYTES_MAX,
  SUBMISSION_KIND,
  submissionBodies,
  submissionRequest,
  timeAnswer,
  timeRequest,
  TRIAL_BYTES_MAX,
  TRIAL_KIND,
  trial,
  verdictCertificate,
  VOTE_KIND,
  vote,
  voteRequest,
} from "../src/model/index.ts";
import { notify } from "./context.ts";
import { onAck, onAppendRefused } from "./council/leading.ts";
import { mayRead, onBodies } from "./council/bodies.ts";
import { onAppend } from "./council/seat.ts";
import { onDoubt } from "./disputes/doubt.ts";
import { onTrial } from "./disputes/trial.ts";
import { learnCentralLeader, onCentralVote, onCentralVoteRequest } from "./election/central-election.ts";
import { learnClusterLeader, onClusterVote, onClusterVoteRequest } from "./election/cluster-election.ts";
import { countAbstention } from "./evaluation/abstentions.ts";
import { onAbstention, onAssignments, onCommitment, onResult, onTaskProgress } from "./evaluation/coordinator.ts";
import { onVerdict } from "./evaluation/dispatch.ts";
import { onAsked, onCommitmentSet } from "./evaluation/evaluator.ts";
import { onStandbyResult } from "./evaluation/standby.ts";
import { onHindrance } from "./evaluation/hindrance.ts";
import { onEvidence } from "./evidence/accusation.ts";
import { JOINING_ROUTES } from "./joining/joining.ts";
import { onLateAdmission } from "./joining/latecomer.ts";
import { onTimeAnswer, onTimeRequest } from "./liveness/clock.ts";
import { onEcho, onHeartbeat, onHello } from "./liveness/heartbeats.ts";
import { answerBodies } from "./life/background.ts";
import { collect } from "./life/collecting.ts";
import { onLetter } from "./life/letters.ts";
import { mayOrder } from "./life/authority.ts";
import { noteHead, onLogRequest } from "./log/catch-up.ts";
import { onCommitted, onLogRange } from "./log/following.ts";
import type { Live, Machine } from "./machine.ts";
import { ACCEPT, ignore, reject, type Route, type RouteOf, route, type Validity } from "./routing.ts";
import { onRecovery, onRecoveryVote } from "./recovery/recovery.ts";
import { heardDetail } from "./submissions/details.ts";
import { onSubmission } from "./submissions/intake.ts";
import { onRefusal } from "./submissions/outbox.ts";
import { tellWatchers } from "./submissions/watches.ts";

interface LiveRoute<T> {
  readonly shape: codec.Shape<T>;
  readonly bytesMax: number;
  readonly screen?: (m: Machine, live: Live, body: T, signer: NodeId, from: NodeId) => Validity | undefined;
  readonly handle: (m: Machine, live: Live, body: T, signer: NodeId, from: NodeId, message: SignedMessage) => Validity;
  /** Proves itself by the signatures inside, whoever sends it: the outer one need not be checked. */
  readonly selfCertifying?: boolean;
}

/** A message that means something only once the contest is under way. */
function during<T>(definition: LiveRoute<T>): Route {
  const { shape, bytesMax, screen, handle } = definition;
  const routed: RouteOf<T> = {
    shape,
    bytesMax,
    selfCertifying: definition.selfCertifying ?? false,
    screen: (m, body, signer, from) =>
      m.live === null ? ignore("no-roster-yet") : screen?.(m, m.live, body, signer, from),
    handle: (m, body, signer, from, message) =>
      m.live === null ? ignore("no-roster-yet") : handle(m, m.live, body, signer, from, message),
  };
  return route(routed);
}

/** Whoever speaks for the contest, or did. */
function mayHaveSpoken(live: Live, node: NodeId): boolean {
  return live.ledger.life.seats.wasSage(node) || mayOrder(live.ledger, node);
}

function isMember(live: Live, node: NodeId): boolean {
  return live.ledger.maps.members.has(node);
}

/** Only members of the roster take part; sages and observers may follow. */
function members<T>(definition: LiveRoute<T>): Route {
  const { screen } = definition;
  return during({
    ...definition,
    screen: (m, live, body, signer, from) =>
      isMember(live, signer) ? screen?.(m, live, body, signer, from) : reject("not-in-roster"),
  });
}

function learnLeader(
  m: Machine,
  live: Live,
  body: codec.ShapeOf<typeof leaderCertificate>,
  signer: NodeId,
  announcement: SignedMessage | null,
): Validity {
  return body.cluster === null
    ? learnCentralLeader(m, live, body, signer, announcement)
    : learnClusterLeader(m, live, body, announcement);
}

export const ROUTES: Readonly<Record<string, Route>> = {
  ...JOINING_ROUTES,
  "vote-request": members({
    shape: voteRequest,
    bytesMax: ELECTION_BYTES_MAX,
    handle: (m, live, body, signer) =>
      body.cluster === null ? onCentralVoteRequest(m, live, body, signer) : onClusterVoteRequest(m, live, body, signer),
  }),
  [VOTE_KIND]: members({
    shape: vote,
    bytesMax: 1024,
    handle: (m, live, body, signer, _from, message) =>
      body.cluster === null
        ? onCentralVote(m, live, body, signer, message.signature)
        : onClusterVote(m, live, body, signer, message.signature),
  }),
  leader: members({
    shape: leaderCertificate,
    bytesMax: ELECTION_BYTES_MAX,
    selfCertifying: true,
    handle: (m, live, body, signer, _from, message) => learnLeader(m, live, body, signer, message),
  }),
  "leader-known": members({
    shape: leaderCertificate,
    bytesMax: ELECTION_BYTES_MAX,
    selfCertifying: true,
    handle: (m, live, body, signer) => learnLeader(m, live, body, signer, null),
  }),
  evidence: members({
    shape: evidence,
    bytesMax: EVIDENCE_BYTES_MAX,
    selfCertifying: true,
    handle: (m, live, body) => onEvidence(m, live, body),
  }),
  append: members({
    shape: append,
    bytesMax: MESSAGE_BYTES_MAX,
    handle: (m, live, body, signer) => onAppend(m, live, body, signer),
  }),
  [ACK_KIND]: members({
    shape: ack,
    bytesMax: 512,
    screen: (_m, live, body) => (live.leading?.inFlight?.end.hash === body.hash ? undefined : ignore("other-block")),
    handle: (m, live, body, signer, _from, message) => onAck(m, live, body, signer, message.signature),
  }),
  "append-refused": members({ shape: appendRefused, bytesMax: 1024, handle: onAppendRefused }),
  committed: members({
    shape: committed,
    bytesMax: MESSAGE_BYTES_MAX,
    selfCertifying: true,
    handle: (m, live, body, _signer, from, message) => onCommitted(m, live, body, from, message),
  }),
  "log-request": during({ shape: logRequest, bytesMax: 256, handle: onLogRequest }),
  "log-range": during({ shape: logRange, bytesMax: LOG_RANGE_BYTES_MAX, handle: onLogRange }),
  "submission-request": during({
    shape: submissionRequest,
    bytesMax: 32 * 1024,
    handle(m, live, body, signer) {
      if (!mayRead(live, signer)) return ignore("not-entitled");
      answerBodies(m, live, signer, body.submissions);
      return ACCEPT;
    },
  }),
  submissions: during({
    shape: submissionBodies,
    bytesMax: MESSAGE_BYTES_MAX,
    screen: (_m, live, _body, signer) =>
      isMember(live, signer) || mayHaveSpoken(live, signer) ? undefined : reject("not-in-roster"),
    handle(m, live, body) {
      collect(m, live, body.messages);
      return onBodies(m, live, body.messages);
    },
  }),
  [ADMISSION_KIND]: during({
    shape: admission,
    bytesMax: REGISTER_BYTES_MAX,
    screen: (_m, live, body, signer) => {
      if (!mayHaveSpoken(live, signer)) return ignore("not-a-sage");
      return isMember(live, body.node) ? ignore("known") : undefined;
    },
    handle: (m, live, body, _signer, from, message) => onLateAdmission(m, live, body, message, from),
  }),
  [ORDER_KIND]: during({
    shape: order,
    bytesMax: ORDER_BYTES_MAX,
    // A member may hold a seat that this node has not heard of; the leader decides.
    screen: (_m, live, _body, signer) =>
      isMember(live, signer) || mayHaveSpoken(live, signer) ? undefined : reject("not-entitled"),
    handle: (m, live, _body, signer, from, message) => onLetter(m, live, message, signer, from),
  }),
  [QUESTION_KIND]: members({
    shape: question,
    bytesMax: ORDER_BYTES_MAX,
    handle: (m, live, _body, signer, from, message) => onLetter(m, live, message, signer, from),
  }),
  [DISPUTE_KIND]: members({
    shape: dispute,
    bytesMax: DISPUTE_BYTES_MAX,
    handle: (m, live, _body, _signer, _from, message) => onDoubt(m, live, message),
  }),
  [TRIAL_KIND]: members({
    shape: trial,
    bytesMax: TRIAL_BYTES_MAX,
    handle: (m, live, body) => onTrial(m, live, body),
  }),
  [SUBMISSION_KIND]: members({
    shape: submission,
    bytesMax: SUBMISSION_BYTES_MAX,
    handle: (m, live, body, signer, _from, message) => onSubmission(m, live, body, signer, message),
  }),
  refusal: members({ shape: refusal, bytesMax: 512, handle: onRefusal }),
  assign: members({ shape: assignments, bytesMax: ASSIGNMENTS_BYTES_MAX, handle: onAssignments }),
  ask: members({ shape: assignment, bytesMax: ASSIGNMENT_BYTES_MAX, handle: onAsked }),
  [RESULT_KIND]: members({
    shape: statement,
    bytesMax: 1024,
    handle(m, live, body, _signer, _from, message) {
      const validity = onResult(m, live, body, message);
      if (onStandbyResult(m, live, body, message)) return ACCEPT;
      // Of a task that is settled, to whoever leads: it says something else than the verdict (§7).
      const isLate = validity.code === "unknown-task" && live.ledger.submissions.get(body.submission)?.verdict;
      return isLate ? onDoubt(m, live, message) : validity;
    },
  }),
  [COMMITMENT_KIND]: members({
    shape: commitment,
    bytesMax: 512,
    handle: (m, live, body, signer, _from, message) => onCommitment(m, live, body, signer, message.signature),
  }),
  "commitment-set": members({ shape: commitmentSet, bytesMax: COMMITMENT_SET_BYTES_MAX, handle: onCommitmentSet }),
  abstention: members({
    shape: abstention,
    bytesMax: 1024,
    handle(m, live, body, signer, _from, message) {
      const validity = onAbstention(m, live, body, signer, message);
      return countAbstention(m, live, body, signer) ? ACCEPT : validity;
    },
  }),
  hindrance: members({
    shape: abstention,
    bytesMax: 1024,
    handle: (m, live, body, signer) => onHindrance(m, live, body, signer),
  }),
  progress: members({
    shape: progress,
    bytesMax: 1024,
    handle(m, live, body, signer) {
      onTaskProgress(m, live, body, signer);
      const detailOf = m.details.get(body.submission);
      if (detailOf === undefined || body.done <= (detailOf.progress?.done ?? -1)) return ACCEPT;
      detailOf.progress = { done: body.done, total: body.total };
      notify(m, { type: "progress", submission: body.submission, done: body.done, total: body.total });
      tellWatchers(m, body.submission);
      return ACCEPT;
    },
  }),
  detail: members({
    shape: detail,
    bytesMax: DETAIL_BYTES_MAX,
    handle(m, live, body, signer) {
      const verdict = live.ledger.submissions.get(body.submission)?.verdict ?? null;
      return heardDetail(m, body.submission, verdict, signer, body) ? ACCEPT : ignore("not-mine");
    },
  }),
  verdict: members({
    shape: verdictCertificate,
    bytesMax: ELECTION_BYTES_MAX,
    selfCertifying: true,
    handle: onVerdict,
  }),
  heartbeat: members({ shape: heartbeat, bytesMax: 1024, handle: onHeartbeat }),
  echo: members({ shape: echo, bytesMax: LIVENESS_BYTES_MAX, handle: onEcho }),
  "time-request": during({ shape: timeRequest, bytesMax: 64, handle: onTimeRequest }),
  "time-answer": during({ shape: timeAnswer, bytesMax: 64, handle: onTimeAnswer }),
  // Sages are not in the roster.
  [RECOVERY_VOTE_KIND]: during({
    shape: recoveryStatement,
    bytesMax: RECOVERY_BYTES_MAX,
    handle: (m, live, body, signer, _from, message) => onRecoveryVote(m, live, body, signer, message.signature),
  }),
  recovery: during({
    shape: recovery,
    bytesMax: RECOVERY_BYTES_MAX,
    selfCertifying: true,
    handle: (m, live, body, _signer, from) => onRecovery(m, live, body, from),
  }),
  hello: during({ shape: hello, bytesMax: 512, handle: onHello }),
  // Sages answer too.
  bearings: during({
    shape: bearings,
    bytesMax: BEARINGS_BYTES_MAX,
    handle(m, live, body, signer) {
      noteHead(m, live, signer, body.head.index);
      if (body.central !== null) learnCentralLeader(m, live, body.central, signer, null);
      if (body.cluster !== null) learnClusterLeader(m, live, body.cluster, null);
      return ACCEPT;
    },
  }),
};
