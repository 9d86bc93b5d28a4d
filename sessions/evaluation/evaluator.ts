/** One evaluator: runs what its cluster leader asks, a bounded number at a time, and signs what came out (protocol.md §6.5). */
import {
  abstention,
  type Assignment,
  codec,
  commitment,
  COMMITMENT_KIND,
  commitmentOf,
  type CommitmentSet,
  detail,
  type EvaluationOutcome,
  type Event,
  type Hash,
  hashOf,
  type Instant,
  type JudgeResult,
  JURY,
  type NodeId,
  parseHash,
  progress,
  RESULT_KIND,
  SCORE_MICROS_MAX,
  SCORED_GROUPS_MAX,
  type SignedMessage,
  sourceFilesOf,
  type Statement,
  statement,
  type Submission,
  submission as submissionShape,
  SUBMISSION_BYTES_MAX,
  SUBMISSION_KIND,
  submissionIdOf,
  type Task,
  verifyMessage,
} from "../../src/model/index.ts";
import { doubtVerdict } from "../disputes/doubt.ts";
import type { Jury } from "../disputes/state.ts";
import type { LedgerSubmission, LedgerVerdict } from "../log/submission.ts";
import { majorityOf } from "../quorum.ts";
import { standBy, standbysOf } from "./standby.ts";
import { taskId } from "./task.ts";
import { clearTimer, forward, notify, send, sendAll, setTimer, signed } from "../context.ts";
import type { EvaluationDone, EvaluationJob, Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";

export const EVALUATION_TIMER_PREFIX = "evaluation/";
/** Tasks waiting at one evaluator; beyond them it abstains, and the leader asks others. */
const QUEUE_MAX = 1024;
/** Own results kept for a leader that took over and asks again, and for the submitter. */
const DONE_MAX = 512;
const TESTS_TOLD_MAX = 2000;
/** A task of the lane behind waits no longer than that for the live contest's: it would be given to another cluster, in vain. */
const LANE_PATIENCE_MS = 10_000;

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
  const right = cluster === JURY ? mayAskJuror(m, live, task, signer) : mayAskMember(live, task, signer);
  if (right !== undefined) {
    if (right.code === "no-jury-yet") keepSummons(live, task, body, signer);
    return right;
  }
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
  if (cluster !== JURY && live.ledger.submissions.get(submission)?.phase === "settled") return ignore("settled");
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
    abstain(m, job, "too many evaluations wait at this node");
    return ACCEPT;
  }
  live.evaluator.queue.set(id, job);
  startNext(m, live);
  return ACCEPT;
}

function mayAskMember(live: Live, { session, cluster }: Task, signer: NodeId): Validity | undefined {
  const view = live.sessions.find((each) => each.session === session);
  if (view === undefined) return ignore("other-session");
  if (view.cluster !== cluster) return reject("not-my-cluster");
  return view.leaders.get(cluster)?.leader === signer ? undefined : ignore("not-the-leader");
}

/** The log names the jury; whoever leads asks it. A juror whose log is behind is asked again. */
function mayAskJuror(m: Machine, live: Live, task: Task, signer: NodeId): Validity | undefined {
  if (live.leader?.leader !== signer) return ignore("not-the-leader");
  if (juryIn(live, task)?.includes(m.self) === true) return undefined;
  const known = live.ledger.submissions.get(task.submission)?.assignments.length ?? 0;
  return ignore(known < task.attempt ? "no-jury-yet" : "no-juror");
}

const SUMMONS_MAX = 64;

function keepSummons(live: Live, task: Task, body: Assignment, signer: NodeId): void {
  const { summons } = live.evaluator;
  const [oldest] = summons.keys();
  if (summons.size >= SUMMONS_MAX && oldest !== undefined) summons.delete(oldest);
  summons.set(taskId(task), { signer, body });
}

/** The log names the jury of a dispute: whoever was asked ahead of it begins. */
export function onJuryNamed(m: Machine, live: Live, submission: Hash, jury: Jury): void {
  const id = `${submission}/${jury.attempt}`;
  const summoned = live.evaluator.summons.get(id);
  if (summoned === undefined) return;
  live.evaluator.summons.delete(id);
  onAsked(m, live, summoned.body, summoned.signer);
}

function juryIn(live: Live, { submission, attempt }: Task): readonly NodeId[] | undefined {
  const { jury } = live.ledger.disputes.open.get(submission) ?? {};
  return jury?.attempt === attempt ? jury.members : undefined;
}

/**
 * The live contest's before rejudgings, practice and juries, unless these have waited for long; of a lane the first task of
 * whoever was served longest ago: nobody waits for all that another participant sent in (§6.2).
 */
export function fairest(live: Live, now: Instant): readonly [string, EvaluationJob] | undefined {
  const { queue, served } = live.evaluator;
  const order = new Map([...served].map((submitter, index) => [submitter, index]));
  let best: readonly [string, EvaluationJob] | undefined;
  let bestTurn = Number.POSITIVE_INFINITY;
  for (const [id, job] of queue) {
    const turn = (order.get(job.submitter) ?? -1) + (isBehind(live, job, now) ? served.size + 1 : 0);
    if (turn < bestTurn) [best, bestTurn] = [[id, job], turn];
    if (turn < 0) break;
  }
  return best;
}

/** Of the lane behind the live contest's; the leader hands out few of it at a time. */
function isBehind(live: Live, { task, progressAt }: EvaluationJob, now: Instant): boolean {
  const isBackground = task.cluster === JURY || live.ledger.life.inWork.has(task.submission);
  return isBackground && now - progressAt < LANE_PATIENCE_MS;
}

function startNext(m: Machine, live: Live): void {
  const { queue, running, served } = live.evaluator;
  const slots = Math.max(1, m.config.capabilities.slots);
  while (running.size < slots) {
    const next = fairest(live, m.now);
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
  onEvaluationFinished(m, live, id, { type: "abstained", reason: "it took far too long" });
}

function conclude(m: Machine, live: Live, id: string, job: EvaluationJob, result: JudgeResult): void {
  const digest = parseHash(result.digest);
  // A judge error is this machine's, not the contestant's: it does not vote.
  if (result.verdict === "JE" || digest === undefined) {
    abstain(m, job, digest === undefined ? "the sandbox gave no digest" : "the judge could not decide");
    return;
  }
  const assigned = live.ledger.submissions.get(job.task.submission)?.assignments[job.task.attempt - 1];
  if (assigned === undefined) {
    postpone(live, id, job, result);
    return;
  }
  // A leader that tells of other test data, or of another task, than the log would make an honest evaluator sign what is wrong.
  if (!isAssigned(job, assigned)) {
    abstain(m, job, "the log assigns another task");
    return;
  }
  const said = {
    ...job.task,
    verdict: result.verdict,
    ...scoreOf(result),
    costMax: result.tests.reduce((most, test) => Math.max(most, test.cost), 0),
    memoryBytesMax: result.tests.reduce((most, test) => Math.max(most, test.memoryBytes), 0),
    testsDone: result.tests.length,
    digest,
    witness: job.task.cluster === JURY ? witnessOf(job.task, result) : null,
  };
  const message = signed(m, RESULT_KIND, statement, said);
  rememberDone(live, id, { message, statement: said }, job, result);
  notifyFinished(m, job.task, result.verdict, null);
  sendCommitment(m, job.task, message, job.leader);
}

/** What only somebody knows who has run the tests, or was told by somebody who has (§7). */
function witnessOf({ submission, attempt }: Task, { tests }: JudgeResult): Hash {
  const results = tests.map(({ id, verdict, cost, memoryBytes }) => [id, verdict, cost, memoryBytes]);
  return hashOf(new TextEncoder().encode(JSON.stringify([submission, attempt, results])));
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

type LoggedAssignment = LedgerSubmission["assignments"][number];

function isAssigned({ task, revision }: EvaluationJob, assigned: LoggedAssignment): boolean {
  return assigned.session === task.session && assigned.cluster === task.cluster && assigned.revision === revision;
}

/** The block with the assignment is still on its way. */
function postpone(live: Live, id: string, job: EvaluationJob, result: JudgeResult): void {
  const { unsigned } = live.evaluator;
  const [oldest] = unsigned.keys();
  if (unsigned.size >= DONE_MAX && oldest !== undefined) unsigned.delete(oldest);
  unsigned.set(id, { job, result });
}

/** The log says what was to be judged: what waited for it is signed. */
export function onAssignmentLogged(m: Machine, live: Live, submission: Hash, attempt: number): void {
  const id = `${submission}/${attempt}`;
  const waiting = live.evaluator.unsigned.get(id);
  if (waiting === undefined) return;
  live.evaluator.unsigned.delete(id);
  conclude(m, live, id, waiting.job, waiting.result);
}

/** First only that there is a result (protocol.md §6.5). */
function sendCommitment(m: Machine, task: Task, result: SignedMessage, leader: NodeId): void {
  send(m, leader, COMMITMENT_KIND, commitment, { ...task, commitment: commitmentOf(result) });
}

/** The leader froze the commitments: the result itself, to the leader and the standbys, if this node's own is among them. */
export function onCommitmentSet(m: Machine, live: Live, body: CommitmentSet, signer: NodeId): Validity {
  const { submission, attempt, session, cluster } = body;
  const task = { submission, attempt, session, cluster };
  if (cluster === JURY) return onJuryCommitments(m, live, task, body, signer);
  const view = live.sessions.find((each) => each.session === body.session);
  if (view === undefined || view.cluster !== body.cluster) return ignore("other-cluster");
  if (view.leaders.get(body.cluster)?.leader !== signer) return ignore("not-the-leader");
  const standbys = standbysOf(view, task, signer);
  if (standbys.includes(m.self)) standBy(m, live, view, task, body);
  reveal(m, live, body, majorityOf(view.members.length), [signer, ...standbys]);
  return ACCEPT;
}

function onJuryCommitments(m: Machine, live: Live, task: Task, body: CommitmentSet, signer: NodeId): Validity {
  const wrong = mayAskJuror(m, live, task, signer);
  if (wrong !== undefined) return wrong;
  const { jury } = live.ledger.disputes.open.get(task.submission) ?? {};
  if (jury) reveal(m, live, body, jury.quorum, [signer]);
  return ACCEPT;
}

/** A set too small for a verdict would only show this result to others. */
function reveal(m: Machine, live: Live, set: CommitmentSet, needed: number, to: readonly NodeId[]): void {
  const done = live.evaluator.done.get(taskId(set));
  const own = set.commitments.find((each) => each.evaluator === m.self);
  if (done === undefined || own?.commitment !== commitmentOf(done.message) || set.commitments.length < needed) return;
  for (const receiver of new Set(to)) forward(m, receiver, done.message);
}

function rememberDone(
  live: Live,
  id: string,
  signedResult: Pick<EvaluationDone, "message" | "statement">,
  job: EvaluationJob,
  result: JudgeResult,
): void {
  const { done } = live.evaluator;
  const [oldest] = done.keys();
  if (done.size >= DONE_MAX && oldest !== undefined) done.delete(oldest);
  const { submitter } = job;
  done.set(id, { ...signedResult, submitter, tests: result.tests, compileLog: result.compileLog });
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

/** The verdict is committed: stop what is superfluous; the first voter tells the submitter the details. Null: none that is new. */
export function onSettledAtEvaluator(
  m: Machine,
  live: Live,
  logged: LedgerSubmission,
  verdict: LedgerVerdict | null,
): void {
  const { queue, running, done, unsigned } = live.evaluator;
  const submission = logged.id;
  for (let attempt = 1; attempt <= logged.assignments.length; attempt += 1) {
    const id = `${submission}/${attempt}`;
    queue.delete(id);
    unsigned.delete(id);
    if (running.delete(id)) {
      m.effects.push({ type: "cancel-evaluation", task: id });
      clearTimer(m, EVALUATION_TIMER_PREFIX + id);
    }
    const own = done.get(id);
    done.delete(id);
    // Outvoted: a jury is to run it again (§7).
    if (own !== undefined && own.statement.cluster !== JURY) doubtVerdict(m, live, logged, own);
    if (own !== undefined && attempt === verdict?.statement.attempt && verdict.voters[0] === m.self) {
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
