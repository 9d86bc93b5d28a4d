/** One evaluator: runs what its cluster leader asks, a bounded number at a time, and signs what came out (protocol.md §6.5). */
import {
  type assignment,
  abstention,
  codec,
  commitment,
  COMMITMENT_KIND,
  commitmentOf,
  type CommitmentSet,
  type Event,
  type EvaluationOutcome,
  type Hash,
  type JudgeResult,
  type NodeId,
  parseHash,
  detail,
  progress,
  RESULT_KIND,
  SCORE_MICROS_MAX,
  SCORED_GROUPS_MAX,
  type SignedMessage,
  type Statement,
  statement,
  type Submission,
  submission as submissionShape,
  SUBMISSION_BYTES_MAX,
  submissionIdOf,
  SUBMISSION_KIND,
  type Task,
  verifyMessage,
  sourceFilesOf,
} from "../../src/model/index.ts";
import { majorityOf } from "../quorum.ts";
import { standBy, standbysOf } from "./standby.ts";
import { taskId } from "./task.ts";
import { clearTimer, forward, notify, send, sendAll, setTimer, signed } from "../context.ts";
import type { EvaluationJob, Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";

export const EVALUATION_TIMER_PREFIX = "evaluation/";
/** Tasks waiting at one evaluator; beyond them it abstains, and the leader asks others. */
const QUEUE_MAX = 1024;
/** Own results kept for a leader that took over and asks again, and for the submitter. */
const DONE_MAX = 512;
const TESTS_TOLD_MAX = 2000;

export type Assignment = codec.ShapeOf<typeof assignment>;

/** The submission inside an assignment, or the code of what is wrong with it. */
export function openAssignment(m: Machine, body: Assignment): Submission | string {
  const { message } = body;
  if (message.kind !== SUBMISSION_KIND || submissionIdOf(message) !== body.submission) return "other-submission";
  const opened = codec.decode(submissionShape, message.body, SUBMISSION_BYTES_MAX);
  if (opened === undefined) return "malformed-submission";
  return verifyMessage(m.config.verifier, m.contest, message) ? opened : "forged-submission";
}

export function onAsked(m: Machine, live: Live, body: Assignment, signer: NodeId): Validity {
  const { submission, attempt, session, cluster } = body;
  const task = { submission, attempt, session, cluster };
  const view = live.sessions.find((each) => each.session === session);
  if (view === undefined) return ignore("other-session");
  if (view.cluster !== cluster) return reject("not-my-cluster");
  if (view.leaders.get(cluster)?.leader !== signer) return ignore("not-the-leader");
  const id = taskId(task);
  const done = live.evaluator.done.get(id);
  if (done !== undefined) {
    sendCommitment(m, task, done.message, signer);
    return ACCEPT;
  }
  const known = live.evaluator.running.get(id) ?? live.evaluator.queue.get(id);
  if (known !== undefined) {
    known.leader = signer;
    return ACCEPT;
  }
  if (live.ledger.submissions.get(submission)?.phase === "settled") return ignore("settled");
  const opened = openAssignment(m, body);
  if (typeof opened === "string") return reject(opened);
  // The log decides which test data count, if this node has it already.
  const assigned = live.ledger.submissions.get(submission)?.assignments[attempt - 1];
  if (assigned !== undefined && assigned.revision !== body.revision) return reject("other-revision");
  const job: EvaluationJob = {
    task,
    revision: body.revision,
    submission: opened,
    submitter: body.message.signer,
    leader: signer,
    progressAt: m.now,
  };
  if (live.evaluator.queue.size >= QUEUE_MAX) {
    abstain(m, job, "queue-full");
    return ACCEPT;
  }
  live.evaluator.queue.set(id, job);
  startNext(m, live);
  return ACCEPT;
}

/** The first task of whoever was served longest ago: nobody waits for all that another participant sent in (§6.2). */
function fairest(live: Live): readonly [string, EvaluationJob] | undefined {
  const order = new Map([...live.evaluator.served].map((submitter, index) => [submitter, index]));
  let best: readonly [string, EvaluationJob] | undefined;
  let bestTurn = Number.POSITIVE_INFINITY;
  for (const [id, job] of live.evaluator.queue) {
    const turn = order.get(job.submitter) ?? -1;
    if (turn < bestTurn) [best, bestTurn] = [[id, job], turn];
    if (turn < 0) break;
  }
  return best;
}

function startNext(m: Machine, live: Live): void {
  const { queue, running, served } = live.evaluator;
  const slots = Math.max(1, m.config.capabilities.slots);
  while (running.size < slots) {
    const next = fairest(live);
    if (next === undefined) return;
    const [id, job] = next;
    served.delete(job.submitter);
    served.add(job.submitter);
    queue.delete(id);
    running.set(id, job);
    const { problem, language } = job.submission;
    const { revision } = job;
    const files = sourceFilesOf(job.submission);
    m.effects.push({ type: "evaluate", request: { task: id, problem, revision, language, files } });
    setTimer(m, EVALUATION_TIMER_PREFIX + id, m.timing.evaluationMaxMs);
    notify(m, { type: "evaluation-started", submission: job.task.submission, attempt: job.task.attempt });
  }
}

export function onEvaluationProgressed(
  m: Machine,
  live: Live,
  event: Extract<Event, { readonly type: "evaluation-progressed" }>,
): void {
  const job = live.evaluator.running.get(event.task);
  if (job === undefined || m.now - job.progressAt < m.timing.progressMs) return;
  job.progressAt = m.now;
  const told = { ...job.task, done: event.done, total: event.total };
  sendAll(m, new Set([job.leader, job.submitter]), "progress", progress, told);
}

export function onEvaluationFinished(m: Machine, live: Live, id: string, outcome: EvaluationOutcome): void {
  const job = live.evaluator.running.get(id);
  if (job === undefined) return;
  live.evaluator.running.delete(id);
  clearTimer(m, EVALUATION_TIMER_PREFIX + id);
  if (outcome.type === "judged") conclude(m, live, id, job, outcome.result);
  else abstain(m, job, outcome.reason);
  startNext(m, live);
}

export function onEvaluationTimer(m: Machine, live: Live, id: string): void {
  if (!live.evaluator.running.has(id)) return;
  m.effects.push({ type: "cancel-evaluation", task: id });
  onEvaluationFinished(m, live, id, { type: "abstained", reason: "too-long" });
}

function conclude(m: Machine, live: Live, id: string, job: EvaluationJob, result: JudgeResult): void {
  const digest = parseHash(result.digest);
  // A judge error is this machine's, not the contestant's: it does not vote.
  if (result.verdict === "JE" || digest === undefined) {
    abstain(m, job, digest === undefined ? "no-digest" : "judge-error");
    return;
  }
  const message = signed(m, RESULT_KIND, statement, {
    ...job.task,
    verdict: result.verdict,
    ...scoreOf(result),
    costMax: result.tests.reduce((most, test) => Math.max(most, test.cost), 0),
    memoryBytesMax: result.tests.reduce((most, test) => Math.max(most, test.memoryBytes), 0),
    testsDone: result.tests.length,
    digest,
  });
  rememberDone(live, id, message, job, result);
  notifyFinished(m, job.task, result.verdict, null);
  sendCommitment(m, job.task, message, job.leader);
}

/** Packages may give points below nothing, or without end; what is signed is bounded. */
function scoreOf({ scoreMicros, groupScoresMicros = [] }: JudgeResult): Pick<Statement, ScoreField> {
  const groups = groupScoresMicros.map(bounded);
  return { scoreMicros: bounded(scoreMicros), groupScoresMicros: groups.length > SCORED_GROUPS_MAX ? [] : groups };
}

function bounded(micros: number): number {
  return Math.min(SCORE_MICROS_MAX, Math.max(0, Math.round(micros)));
}

type ScoreField = "scoreMicros" | "groupScoresMicros";

/** First only that there is a result (protocol.md §6.5). */
function sendCommitment(m: Machine, task: Task, result: SignedMessage, leader: NodeId): void {
  send(m, leader, COMMITMENT_KIND, commitment, { ...task, commitment: commitmentOf(result) });
}

/** The leader froze the commitments: the result itself, to the leader and the standbys, if this node's own is among them. */
export function onCommitmentSet(m: Machine, live: Live, body: CommitmentSet, signer: NodeId): Validity {
  const view = live.sessions.find((each) => each.session === body.session);
  if (view === undefined || view.cluster !== body.cluster) return ignore("other-cluster");
  if (view.leaders.get(body.cluster)?.leader !== signer) return ignore("not-the-leader");
  const { submission, attempt, session, cluster } = body;
  const task = { submission, attempt, session, cluster };
  const standbys = standbysOf(view, task, signer);
  if (standbys.includes(m.self)) standBy(m, live, view, task, body);
  const done = live.evaluator.done.get(taskId(task));
  if (done === undefined) return ACCEPT;
  const own = body.commitments.find((each) => each.evaluator === m.self);
  // A set too small for a verdict would only show this result to others.
  if (own?.commitment !== commitmentOf(done.message) || body.commitments.length < majorityOf(view.members.length)) {
    return ACCEPT;
  }
  for (const receiver of new Set([signer, ...standbys])) forward(m, receiver, done.message);
  return ACCEPT;
}

function rememberDone(live: Live, id: string, message: SignedMessage, job: EvaluationJob, result: JudgeResult): void {
  const { done } = live.evaluator;
  const [oldest] = done.keys();
  if (done.size >= DONE_MAX && oldest !== undefined) done.delete(oldest);
  const { submitter } = job;
  done.set(id, { message, submitter, tests: result.tests, compileLog: result.compileLog });
}

function abstain(m: Machine, job: EvaluationJob, reason: string): void {
  notifyFinished(m, job.task, "abstained", reason);
  send(m, job.leader, "abstention", abstention, { ...job.task, reason: reason.slice(0, 300) });
}

function notifyFinished(
  m: Machine,
  task: Task,
  verdict: JudgeResult["verdict"] | "abstained",
  reason: string | null,
): void {
  const { submission, attempt } = task;
  notify(m, { type: "evaluation-finished", submission, attempt, verdict, reason });
}

/** The verdict is committed: stop what is superfluous; the first voter tells the submitter the details. */
export function onSettledAtEvaluator(
  m: Machine,
  live: Live,
  submission: Hash,
  attempt: number,
  voters: readonly NodeId[],
): void {
  const { queue, running, done } = live.evaluator;
  for (let each = 1; each <= attempt; each += 1) {
    const id = `${submission}/${each}`;
    queue.delete(id);
    if (running.delete(id)) {
      m.effects.push({ type: "cancel-evaluation", task: id });
      clearTimer(m, EVALUATION_TIMER_PREFIX + id);
    }
    const own = done.get(id);
    done.delete(id);
    if (own !== undefined && each === attempt && voters[0] === m.self) {
      send(m, own.submitter, "detail", detail, {
        submission,
        attempt,
        tests: own.tests
          .slice(0, TESTS_TOLD_MAX)
          .map(({ id: test, verdict, cost, memoryBytes }) => ({ id: test, verdict, cost, memoryBytes })),
        compileLog: own.compileLog.toWellFormed().slice(0, 16_384),
      });
    }
  }
  startNext(m, live);
}
