/** Two members stand by for their leader: they hold the reveals too, and publish the verdict if it does not (protocol.md §6.5, §6.6). */
import {
  type CommitmentSet,
  commitmentOf,
  type NodeId,
  type SignedMessage,
  type Statement,
  type Task,
  verdictCertificate,
} from "../../src/model/index.ts";
import { electorsOf } from "../disputes/quarantine.ts";
import { clearTimer, maybe, send, setTimer } from "../context.ts";
import type { Live, Machine, SessionView, StandbyTask } from "../machine.ts";
import { majorityOf } from "../quorum.ts";
import { askingOrder, taskId } from "./task.ts";
import { largestAgreement } from "./agreement.ts";

export const STANDBY_TIMER_PREFIX = "standby/";
const STANDBYS = 2;
/** Beyond it the oldest is forgotten: the leader and the other standby have it too. */
const STANDBY_MAX = 2048;

/** The last two in the order of asking: the least likely to be busy with the task itself. */
export function standbysOf(view: SessionView, task: Task, leader: NodeId): readonly NodeId[] {
  return askingOrder(view, task)
    .filter((member) => member !== leader)
    .slice(-STANDBYS);
}

export function standBy(m: Machine, live: Live, view: SessionView, task: Task, set: CommitmentSet): void {
  const held = standbyTask(m, live, view, task);
  held.set = new Map(set.commitments.map((each) => [each.evaluator, each.commitment]));
}

function standbyTask(m: Machine, live: Live, view: SessionView, task: Task): StandbyTask {
  const id = taskId(task);
  let held = live.standby.get(id);
  if (held === undefined) {
    const [oldest] = live.standby.keys();
    if (live.standby.size >= STANDBY_MAX && oldest !== undefined) dropStandby(m, live, oldest);
    held = { set: null, task, members: view.members, results: new Map(), retries: 0 };
    live.standby.set(id, held);
    setTimer(m, STANDBY_TIMER_PREFIX + id, maybe(m, "standby-at-once") ? 0 : m.timing.standbyMs);
  }
  return held;
}

/** A reveal that reached this node as a standby. The signature was checked. */
export function onStandbyResult(m: Machine, live: Live, body: Statement, message: SignedMessage): boolean {
  const view = live.sessions.find((each) => each.session === body.session);
  if (view?.cluster !== body.cluster || !view.members.includes(message.signer)) return false;
  if (live.ledger.submissions.get(body.submission)?.phase === "settled") return false;
  const { submission, attempt, session, cluster } = body;
  const held = standbyTask(m, live, view, { submission, attempt, session, cluster });
  held.results.set(message.signer, { ...message, statement: body });
  return true;
}

/** The deadline: whoever has enough reveals publishes, whatever the leader does. */
export function onStandbyTimer(m: Machine, live: Live, id: string): void {
  const held = live.standby.get(id);
  if (held === undefined) return;
  held.retries += 1;
  const submission = live.ledger.submissions.get(held.task.submission);
  if (submission?.phase === "settled" || held.retries > RETRIES_MAX) {
    dropStandby(m, live, id);
    return;
  }
  publishVerdict(m, live, held, submission?.submitter);
  setTimer(m, STANDBY_TIMER_PREFIX + id, m.timing.standbyMs * 2 ** Math.min(held.retries, 5));
}

const RETRIES_MAX = 12;

function publishVerdict(m: Machine, live: Live, held: StandbyTask, submitter: NodeId | undefined): void {
  if (live.leader === null) return;
  const { submission, attempt } = held.task;
  const electors = electorsOf(live.ledger, submission, attempt, held.members, submitter ?? ("" as NodeId));
  const revealed = [...held.results].filter(
    ([evaluator, result]) =>
      evaluator !== submitter && electors.includes(evaluator) && held.set?.get(evaluator) === commitmentOf(result),
  );
  const agreed = largestAgreement(revealed);
  const [first] = agreed;
  if (first === undefined || agreed.length < majorityOf(held.members.length)) return;
  const votes = agreed.map(([evaluator, { signature }]) => ({ evaluator, signature }));
  send(m, live.leader.leader, "verdict", verdictCertificate, { statement: first[1].statement, votes });
}

export function dropStandby(m: Machine, live: Live, id: string): void {
  if (live.standby.delete(id)) clearTimer(m, STANDBY_TIMER_PREFIX + id);
}
