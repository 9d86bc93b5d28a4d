/** The leader of the assigned cluster: asks members, gathers equal results, makes the verdict certificate (protocol.md §6.4–6.6). */
import {
  abstention,
  type Assignment,
  assignment,
  type assignments,
  codec,
  COMMITMENT_SET_KIND,
  type commitment,
  commitmentOf,
  commitmentSet,
  type CommitmentSet,
  equalBytes,
  JURY,
  type NodeId,
  RESULT_KIND,
  type Statement,
  statement,
  type Submission,
  type SignedMessage,
  type Task,
  type VerdictCertificate,
  verdictCertificate,
} from "../../src/model/index.ts";
import { doubtVerdict } from "../disputes/doubt.ts";
import { electorsOf, isQuarantined } from "../disputes/quarantine.ts";
import { tellTrial } from "../disputes/trial.ts";
import type { Jury } from "../disputes/state.ts";
import { clearTimer, forward, maybe, notify, send, sendAll, setTimer } from "../context.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import type { CoordinatedTask, Live, Machine, SessionView, SignedStatement } from "../machine.ts";
import { accuse } from "../evidence/accusation.ts";
import { majorityOf } from "../quorum.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { largestAgreement } from "./agreement.ts";
import { openAssignment } from "./evaluator.ts";
import { hindranceOf } from "./hindrance.ts";
import { dropStandby, standbysOf } from "./standby.ts";
import { askingOrder, canJudge, taskId } from "./task.ts";

export const TASK_TIMER_PREFIX = "task/";
/** Tasks one cluster leader holds: the central leader spreads them, so that more means something is wrong. */
const TASKS_MAX = 20_000;
/** How often a waiting leader looks after its task. */
const LOOKS_PER_SILENCE = 4;

/** One that is refused says nothing of the others. */
export function onAssignments(
  m: Machine,
  live: Live,
  body: codec.ShapeOf<typeof assignments>,
  signer: NodeId,
): Validity {
  const answers = body.assignments.map((each) => onAssigned(m, live, each, signer));
  const [first = ACCEPT] = answers;
  return (
    answers.find((each) => each.outcome === "reject") ?? answers.find((each) => each.outcome === "accept") ?? first
  );
}

function onAssigned(m: Machine, live: Live, body: Assignment, signer: NodeId): Validity {
  const { submission, attempt, session, cluster } = body;
  const task = { submission, attempt, session, cluster };
  const view = live.sessions.find((each) => each.session === session);
  if (view === undefined) return ignore("other-session");
  if (view.cluster !== cluster || view.leaders.get(cluster)?.leader !== m.self) return ignore("not-leading");
  if (signer !== live.leader?.leader) return ignore("not-the-central-leader");
  const id = taskId(task);
  const known = live.tasks.get(id);
  if (known !== undefined) {
    if (known.certificate !== null) sendVerdict(m, live, known.certificate);
    return ACCEPT;
  }
  if (live.ledger.submissions.get(submission)?.phase === "settled") return ignore("settled");
  if (live.tasks.size >= TASKS_MAX) return ignore("too-many-tasks");
  const opened = openAssignment(m, body);
  if (typeof opened === "string") return reject(opened);
  begin(m, live, view, task, body, opened);
  return ACCEPT;
}

function begin(
  m: Machine,
  live: Live,
  view: SessionView,
  task: Task,
  { message, revision }: Assignment,
  submission: Submission,
): void {
  const held: CoordinatedTask = {
    task,
    revision,
    message,
    submission,
    members: view.members,
    quorum: majorityOf(view.members.length),
    // The submitter's own result would not count: it is never asked.
    order: askingOrder(view, task).filter((member) => member !== message.signer),
    ...nothingYet(),
  };
  live.tasks.set(taskId(task), held);
  const majority = majorityOf(view.members.length);
  const usual = Math.max(majority, live.basis.manifest.redundancy ?? majority);
  const first = maybe(m, "ask-everybody") ? view.members.length : usual;
  askMore(m, live, held, first, false);
  askOnTrial(m, live, held);
  setTimer(m, TASK_TIMER_PREFIX + taskId(task), m.timing.evaluationSilentMs / LOOKS_PER_SILENCE);
}

function nothingYet(): Pick<
  CoordinatedTask,
  "asked" | "commitments" | "results" | "abstained" | "hindrance" | "certificate" | "retries"
> {
  return {
    asked: new Map(),
    commitments: new Map(),
    results: new Map(),
    abstained: new Map(),
    hindrance: "",
    certificate: null,
    retries: 0,
  };
}

/** At the central leader: every juror is asked at once (§7). */
export function coordinateJury(m: Machine, live: Live, body: Assignment, jury: Jury): void {
  const { submission: of, attempt, session, cluster, revision, message } = body;
  const task = { submission: of, attempt, session, cluster };
  const submission = openAssignment(m, body);
  if (typeof submission === "string" || live.tasks.size >= TASKS_MAX) return;
  const { members, quorum } = jury;
  const held = { task, revision, message, submission, members, quorum, order: members, ...nothingYet() };
  live.tasks.set(taskId(task), held);
  askMore(m, live, held, members.length, false);
  setTimer(m, TASK_TIMER_PREFIX + taskId(task), m.timing.evaluationSilentMs / LOOKS_PER_SILENCE);
}

/** Whose results count. A jury has nobody else. */
function electorsIn(live: Live, { task, members, message }: CoordinatedTask): readonly NodeId[] {
  if (task.cluster === JURY) return members;
  return electorsOf(live.ledger, task.submission, task.attempt, members, message.signer);
}

/** Quarantined members judge too: so they may prove themselves (§9). */
function askOnTrial(m: Machine, live: Live, held: CoordinatedTask): void {
  const electors = electorsIn(live, held);
  const tried = held.order.filter(
    (member) =>
      isQuarantined(live.ledger, member) &&
      !electors.includes(member) &&
      canJudge(live, member, held.submission.language),
  );
  if (tried.length > 0) ask(m, held, tried);
}

function ask(m: Machine, held: CoordinatedTask, members: readonly NodeId[]): void {
  for (const member of members) held.asked.set(member, { heardAt: m.now });
  sendAll(m, members, "ask", assignment, { ...held.task, revision: held.revision, message: held.message });
}

function askMore(m: Machine, live: Live, held: CoordinatedTask, count: number, escalated: boolean): void {
  const electors = electorsIn(live, held);
  const able = held.order.filter(
    (member) => electors.includes(member) && canJudge(live, member, held.submission.language),
  );
  const isLast = (member: NodeId): boolean => live.suspects.has(member) || live.ledger.excluded.has(member);
  const fresh = [...able.filter((member) => !isLast(member)), ...able.filter(isLast)]
    .filter((member) => !held.asked.has(member))
    .slice(0, count);
  if (fresh.length === 0) return;
  ask(m, held, fresh);
  const { submission, attempt } = held.task;
  if (escalated) notify(m, { type: "escalated", submission, attempt, asked: held.asked.size });
}

/** An evaluator is done; nobody knows with what. Commitments after the freeze never count. */
export function onCommitment(
  m: Machine,
  live: Live,
  body: codec.ShapeOf<typeof commitment>,
  signer: NodeId,
  signature: Uint8Array,
): Validity {
  const held = live.tasks.get(taskId(body));
  if (held === undefined || held.certificate !== null) return ignore("unknown-task");
  if (body.session !== held.task.session || body.cluster !== held.task.cluster) return reject("other-task");
  const asked = held.asked.get(signer);
  if (asked === undefined) return ignore("not-asked");
  asked.heardAt = m.now;
  const known = held.commitments.get(signer);
  if (known?.frozen === true) {
    // It lost the set, or comes again after a restart.
    sendSet(m, live, held, [signer]);
    return ACCEPT;
  }
  held.commitments.set(signer, { commitment: body.commitment, signature, frozen: false });
  held.abstained.delete(signer);
  advance(m, live, held);
  return ACCEPT;
}

/** A reveal. The signature was checked: it goes into the certificate. */
export function onResult(m: Machine, live: Live, body: Statement, message: SignedMessage): Validity {
  const { signer, signature } = message;
  const held = live.tasks.get(taskId(body));
  if (held === undefined) return ignore("unknown-task");
  if (body.session !== held.task.session || body.cluster !== held.task.cluster) return reject("other-task");
  const before = held.results.get(signer);
  if (before !== undefined) {
    const again = resultMessage(signer, before);
    if (!equalBytes(again.body, message.body)) accuse(m, live, "double-result", signer, [again, message]);
    return ignore("known");
  }
  const committed = held.commitments.get(signer);
  if (committed?.frozen !== true) return ignore("not-committed");
  if (committed.commitment !== commitmentOf(message)) return reject("other-than-committed");
  held.results.set(signer, { statement: body, signature });
  const { submission, attempt, verdict, digest } = body;
  notify(m, { type: "result-received", submission, attempt, evaluator: signer, verdict, digest });
  // What comes too late to count may still say something else (§7).
  advance(m, live, held);
  return ACCEPT;
}

function resultMessage(signer: NodeId, { statement: value, signature }: SignedStatement): SignedMessage {
  return { kind: RESULT_KIND, signer, body: codec.encode(statement, value), signature };
}

/** The central leader hears of it too, and of the reasons in few words. */
export function onAbstention(
  m: Machine,
  live: Live,
  body: codec.ShapeOf<typeof abstention>,
  signer: NodeId,
  message: SignedMessage,
): Validity {
  const held = live.tasks.get(taskId(body));
  if (held === undefined || !held.asked.has(signer)) return ignore("unknown-task");
  if (!held.commitments.has(signer)) held.abstained.set(signer, body.reason);
  advance(m, live, held);
  tellHindrance(m, live, held);
  if (live.leader !== null && live.leader.leader !== m.self) forward(m, live.leader.leader, message);
  return ACCEPT;
}

export function onTaskProgress(m: Machine, live: Live, task: Task, signer: NodeId): void {
  const asked = live.tasks.get(taskId(task))?.asked.get(signer);
  if (asked !== undefined) asked.heardAt = m.now;
}

/** A verdict when enough agree; a freeze when enough have committed; more members when neither can come of those asked. */
function advance(m: Machine, live: Live, held: CoordinatedTask): void {
  if (held.certificate !== null) return;
  const needed = held.quorum;
  const electors = electorsIn(live, held);
  const agreed = largestAgreement([...held.results].filter(([member]) => electors.includes(member)));
  if (agreed.length >= needed) {
    conclude(m, live, held, agreed);
    return;
  }
  const isOut = (member: NodeId): boolean => isLate(m, live, member, held.asked.get(member)?.heardAt ?? m.now);
  let [fresh, unrevealed, working] = [0, 0, 0];
  for (const member of held.asked.keys()) {
    if (!electors.includes(member)) continue;
    const committed = held.commitments.get(member);
    if (committed === undefined) working += held.abstained.has(member) || isOut(member) ? 0 : 1;
    else if (!committed.frozen) fresh += 1;
    else if (!held.results.has(member) && !isOut(member)) unrevealed += 1;
  }
  const possible = agreed.length + unrevealed + fresh;
  if (fresh > 0 && working === 0 && possible >= needed) freeze(m, live, held);
  else if (possible + working < needed) askMore(m, live, held, needed - possible - working, true);
}

/** From now on these commitments count, and their evaluators may show what they found. */
function freeze(m: Machine, live: Live, held: CoordinatedTask): void {
  for (const [member, committed] of held.commitments) {
    committed.frozen = true;
    const asked = held.asked.get(member);
    if (asked !== undefined) asked.heardAt = m.now;
  }
  const view = live.sessions.find((each) => each.session === held.task.session);
  const standbys = view === undefined ? [] : standbysOf(view, held.task, m.self);
  sendSet(m, live, held, new Set([...held.commitments.keys(), ...standbys]));
}

function sendSet(m: Machine, _live: Live, held: CoordinatedTask, to: Iterable<NodeId>): void {
  sendAll(m, to, COMMITMENT_SET_KIND, commitmentSet, frozenSet(held));
}

function frozenSet(held: CoordinatedTask): CommitmentSet {
  const commitments = [...held.commitments]
    .filter(([, committed]) => committed.frozen)
    .map(([evaluator, { commitment: value, signature }]) => ({ evaluator, commitment: value, signature }));
  return { ...held.task, commitments };
}

function conclude(
  m: Machine,
  live: Live,
  held: CoordinatedTask,
  agreed: readonly (readonly [NodeId, SignedStatement])[],
): void {
  const [first] = agreed;
  if (first === undefined) return;
  const votes = agreed.map(([evaluator, { signature }]) => ({ evaluator, signature }));
  held.certificate = { statement: first[1].statement, votes };
  sendVerdict(m, live, held.certificate);
  setTimer(m, TASK_TIMER_PREFIX + taskId(held.task), m.timing.retryMinMs);
}

function sendVerdict(m: Machine, live: Live, certificate: VerdictCertificate): void {
  if (live.leader !== null) send(m, live.leader.leader, "verdict", verdictCertificate, certificate);
}

/** Whoever logs a dead letter says why; told when something is new. */
function tellHindrance(m: Machine, live: Live, held: CoordinatedTask): void {
  const reason = hindranceOf(held);
  if (held.certificate !== null || held.task.cluster === JURY || reason === held.hindrance) return;
  held.hindrance = reason;
  if (live.leader !== null) send(m, live.leader.leader, "hindrance", abstention, { ...held.task, reason });
}

/** Late members are passed over; a finished verdict is sent until it is in the log. */
export function onTaskTimer(m: Machine, live: Live, id: string): void {
  const held = live.tasks.get(id);
  if (held === undefined) return;
  held.retries += 1;
  if (held.certificate !== null) {
    sendVerdict(m, live, held.certificate);
    const wait = Math.min(m.timing.retryMaxMs, m.timing.retryMinMs * 2 ** Math.min(held.retries, 10));
    setTimer(m, TASK_TIMER_PREFIX + id, wait);
    return;
  }
  remindLate(m, live, held);
  advance(m, live, held);
  tellHindrance(m, live, held);
  setTimer(m, TASK_TIMER_PREFIX + id, m.timing.evaluationSilentMs / LOOKS_PER_SILENCE);
}

/** They may have lost the question, or the set. */
function remindLate(m: Machine, live: Live, held: CoordinatedTask): void {
  for (const [member, asked] of held.asked) {
    if (held.results.has(member) || held.abstained.has(member)) continue;
    if (m.now - asked.heardAt < m.timing.evaluationSilentMs / LOOKS_PER_SILENCE) continue;
    if (held.commitments.get(member)?.frozen === true) sendSet(m, live, held, [member]);
    else if (!held.commitments.has(member)) {
      const { task, revision, message } = held;
      send(m, member, "ask", assignment, { ...task, revision, message });
    }
  }
}

function isLate(m: Machine, live: Live, member: NodeId, heardAt: number): boolean {
  return live.suspects.has(member) || m.now - heardAt >= m.timing.evaluationSilentMs;
}

/** A member died: what it was asked goes to others at once. */
export function onMemberDied(m: Machine, live: Live, member: NodeId): void {
  for (const held of live.tasks.values()) {
    if (held.certificate === null && held.asked.has(member) && !held.results.has(member)) advance(m, live, held);
  }
}

/** In the log: done. Whoever signed something else than the verdict is remembered by its own signature. */
export function dropTask(m: Machine, live: Live, submission: LedgerSubmission): void {
  for (let attempt = 1; attempt <= submission.assignments.length; attempt += 1) {
    const id = `${submission.id}/${attempt}`;
    const held = live.tasks.get(id);
    for (const [signer, result] of held?.results ?? []) {
      const message = resultMessage(signer, result);
      doubtVerdict(m, live, submission, { ...result, message });
      if (held !== undefined) tellTrial(m, live, frozenSet(held), message);
    }
    if (live.tasks.delete(id)) clearTimer(m, TASK_TIMER_PREFIX + id);
    dropStandby(m, live, id);
  }
}
