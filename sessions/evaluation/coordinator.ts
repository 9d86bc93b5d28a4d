/** The leader of the assigned cluster: asks members, gathers equal results, makes the verdict certificate (protocol.md §6.4–6.6). */
import {
  assignment,
  codec,
  type Hash,
  hashOf,
  type NodeId,
  type Statement,
  statement,
  type Submission,
  type SignedMessage,
  type Task,
  type VerdictCertificate,
  verdictCertificate,
} from "../../src/model/index.ts";
import { clearTimer, notify, send, sendAll, setTimer } from "../context.ts";
import type { CoordinatedTask, Live, Machine, SessionView } from "../machine.ts";
import { majorityOf } from "../quorum.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { type Assignment, openAssignment, taskId } from "./evaluator.ts";

export const TASK_TIMER_PREFIX = "task/";
/** Tasks one cluster leader holds: the central leader spreads them, so that more means something is wrong. */
const TASKS_MAX = 20_000;
/** How often a waiting leader looks after its task. */
const LOOKS_PER_SILENCE = 4;

export function onAssigned(m: Machine, live: Live, body: Assignment, signer: NodeId): Validity {
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
  begin(m, live, view, task, body.message, opened);
  return ACCEPT;
}

function begin(
  m: Machine,
  live: Live,
  view: SessionView,
  task: Task,
  message: SignedMessage,
  submission: Submission,
): void {
  const held: CoordinatedTask = {
    task,
    message,
    submission,
    members: view.members,
    order: askingOrder(view, task, message.signer),
    asked: new Map(),
    results: new Map(),
    abstained: new Set(),
    certificate: null,
    retries: 0,
  };
  live.tasks.set(taskId(task), held);
  const majority = majorityOf(view.members.length);
  const first = Math.max(majority, live.basis.manifest.redundancy ?? majority);
  askMore(m, live, held, first, false);
  setTimer(m, TASK_TIMER_PREFIX + taskId(task), m.timing.evaluationSilentMs / LOOKS_PER_SILENCE);
}

/** By hash of task and beacon; the submitter's own result would not count, so that it is asked never. */
function askingOrder(view: SessionView, task: Task, submitter: NodeId): readonly NodeId[] {
  const { beacon } = view.drawn.map;
  return view.members
    .filter((member) => member !== submitter)
    .map((member) => ({ member, rank: hashOf(new TextEncoder().encode(`${beacon}/${taskId(task)}/${member}`)) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ member }) => member);
}

function askMore(m: Machine, live: Live, held: CoordinatedTask, count: number, escalated: boolean): void {
  const able = held.order.filter((member) => canJudge(live, member, held.submission.language));
  const alive = able.filter((member) => !live.suspects.has(member));
  const fresh = [...alive, ...able.filter((member) => live.suspects.has(member))]
    .filter((member) => !held.asked.has(member))
    .slice(0, count);
  if (fresh.length === 0) return;
  for (const member of fresh) held.asked.set(member, { askedAt: m.now, heardAt: m.now });
  sendAll(m, fresh, "ask", assignment, { ...held.task, message: held.message });
  const { submission, attempt } = held.task;
  if (escalated) notify(m, { type: "escalated", submission, attempt, asked: held.asked.size });
}

function canJudge(live: Live, member: NodeId, language: string): boolean {
  const languages: readonly string[] = live.ledger.maps.members.get(member)?.capabilities.languages ?? [];
  return languages.includes(language);
}

/** The signature was checked: it goes into the certificate. */
export function onResult(m: Machine, live: Live, body: Statement, signer: NodeId, signature: Uint8Array): Validity {
  const held = live.tasks.get(taskId(body));
  if (held === undefined) return ignore("unknown-task");
  if (body.session !== held.task.session || body.cluster !== held.task.cluster) return reject("other-task");
  if (!held.members.includes(signer)) return reject("not-a-member");
  if (held.results.has(signer) || held.certificate !== null) return ignore("known");
  held.results.set(signer, { statement: body, signature });
  const { submission, attempt, verdict, digest } = body;
  notify(m, { type: "result-received", submission, attempt, evaluator: signer, verdict, digest });
  weigh(m, live, held);
  return ACCEPT;
}

export function onAbstention(m: Machine, live: Live, task: Task, signer: NodeId): Validity {
  const held = live.tasks.get(taskId(task));
  if (held === undefined || !held.asked.has(signer)) return ignore("unknown-task");
  held.abstained.add(signer);
  weigh(m, live, held);
  return ACCEPT;
}

export function onTaskProgress(m: Machine, live: Live, task: Task, signer: NodeId): void {
  const asked = live.tasks.get(taskId(task))?.asked.get(signer);
  if (asked !== undefined) asked.heardAt = m.now;
}

/** A verdict when enough agree; more members when they no longer can with those asked. */
function weigh(m: Machine, live: Live, held: CoordinatedTask): void {
  const needed = majorityOf(held.members.length);
  const groups = new Map<string, NodeId[]>();
  for (const [member, result] of held.results) {
    if (member === held.message.signer) continue;
    const key = statementKey(result.statement);
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  const largest = [...groups.values()].reduce<readonly NodeId[]>(
    (most, group) => (group.length > most.length ? group : most),
    [],
  );
  if (largest.length >= needed) {
    conclude(m, live, held, largest);
    return;
  }
  const answered = held.results.size + held.abstained.size;
  const outstanding = held.asked.size - answered;
  const missing = needed - largest.length - outstanding;
  if (missing > 0) askMore(m, live, held, missing, true);
}

/** Statements are compared as they are signed. */
function statementKey(value: Statement): Hash {
  return hashOf(codec.encode(statement, value));
}

function conclude(m: Machine, live: Live, held: CoordinatedTask, voters: readonly NodeId[]): void {
  const first = held.results.get(voters[0] as NodeId);
  if (first === undefined) return;
  held.certificate = {
    statement: first.statement,
    votes: voters.map((evaluator) => ({
      evaluator,
      signature: held.results.get(evaluator)?.signature ?? new Uint8Array(0),
    })),
  };
  sendVerdict(m, live, held.certificate);
  setTimer(m, TASK_TIMER_PREFIX + taskId(held.task), m.timing.retryMinMs);
}

function sendVerdict(m: Machine, live: Live, certificate: VerdictCertificate): void {
  if (live.leader !== null) send(m, live.leader.leader, "verdict", verdictCertificate, certificate);
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
  const late = [...held.asked].filter(([member, asked]) => !isAnswered(held, member) && isLate(m, live, member, asked));
  if (late.length > 0) {
    askMore(m, live, held, late.length, true);
    // They may have lost the question.
    for (const [member, asked] of late) {
      send(m, member, "ask", assignment, { ...held.task, message: held.message });
      asked.heardAt = m.now;
    }
  }
  setTimer(m, TASK_TIMER_PREFIX + id, m.timing.evaluationSilentMs / LOOKS_PER_SILENCE);
}

function isAnswered(held: CoordinatedTask, member: NodeId): boolean {
  return held.results.has(member) || held.abstained.has(member);
}

function isLate(m: Machine, live: Live, member: NodeId, asked: { readonly heardAt: number }): boolean {
  return live.suspects.has(member) || m.now - asked.heardAt >= m.timing.evaluationSilentMs;
}

/** A member died: what it was asked goes to others at once. */
export function onMemberDied(m: Machine, live: Live, member: NodeId): void {
  for (const held of live.tasks.values()) {
    if (held.certificate === null && held.asked.has(member) && !isAnswered(held, member))
      askMore(m, live, held, 1, true);
  }
}

/** In the log: done. */
export function dropTask(m: Machine, live: Live, submission: Hash, attempts: number): void {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const id = `${submission}/${attempt}`;
    if (live.tasks.delete(id)) clearTimer(m, TASK_TIMER_PREFIX + id);
  }
}
