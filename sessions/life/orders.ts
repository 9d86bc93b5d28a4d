/** Folding orders (issue 5 "During", "After"). One that does not hold is void on every node alike, with the same code. */
import {
  boardOf,
  elapsedMs,
  forget,
  instantOf,
  isOver,
  isPaused,
  setRules,
  setTeams,
  type Board,
} from "../../src/contest/index.ts";
import {
  type Action,
  type Block,
  codec,
  type EntryOf,
  type Hash,
  hashOf,
  type Instant,
  letterIdOf,
  type NodeId,
  ORDER_BYTES_MAX,
  ORDER_KIND,
  type Order,
  REVISIONS_MAX,
  order as orderShape,
  type SignedMessage,
  unreachable,
  type Verifier,
  verifyMessage,
} from "../../src/model/index.ts";
import type { Ledger, LedgerChange } from "../log/ledger.ts";
import { judged } from "../log/submission.ts";
import { giveBack } from "../submissions/limits.ts";
import { mayOrder } from "./authority.ts";
import { applyRejudging, cancelRejudging, replayable, requeue, startRejudging } from "./rejudging.ts";
import { LETTERS_MAX, unansweredOf } from "./state.ts";

export type OrderFault =
  | "finalized"
  | "not-started"
  | "over"
  | "not-over"
  | "paused"
  | "not-paused"
  | "too-short"
  | "frozen"
  | "not-frozen"
  | "unknown-problem"
  | "unknown-question"
  | "nothing-selected"
  | "unknown-rejudging"
  | "still-judging"
  | "rejudging-ended"
  | "no-dead-letter"
  | "unknown-node"
  | "unjudged"
  | "unanswered"
  | "other-board"
  | "too-many";

export interface LoggedOrder {
  readonly id: Hash;
  readonly by: NodeId;
  readonly at: Instant;
  readonly action: Action;
}

/** The order in a message of the right kind; neither its signature nor its signer's right is checked here. */
export function openOrder(message: SignedMessage): Order | undefined {
  return message.kind === ORDER_KIND ? codec.decode(orderShape, message.body, ORDER_BYTES_MAX) : undefined;
}

export function applyOrder(ledger: Ledger, entry: EntryOf<"order">, block: Block, verifier: Verifier): LedgerChange {
  const { message } = entry;
  const { contest } = ledger.basis;
  const body = mayOrder(ledger, message.signer) ? openOrder(message) : undefined;
  if (body === undefined) return { type: "void", entry: "order", fault: "not-entitled" };
  const id = letterIdOf(message);
  if (ledger.life.letters.has(id)) return { type: "void", entry: "order", fault: "duplicate" };
  if (!verifyMessage(verifier, contest, message)) return { type: "void", entry: "order", fault: "forged" };
  const at = block.at as Instant;
  const fault = orderFault(ledger, body.action, at);
  ledger.life.letters.add(id);
  const order: LoggedOrder = { id, by: message.signer, at, action: body.action };
  if (fault === undefined) carryOut(ledger, order);
  return { type: "ordered", order, fault: fault ?? null };
}

/** Why an order would be void now. The order's own node asks before it sends it, every node when it is logged. */
export function orderFault(ledger: Ledger, action: Action, at: number): OrderFault | undefined {
  const { life } = ledger;
  if (life.letters.size >= LETTERS_MAX) return "too-many";
  if (life.finalized !== null && action.type !== "notice" && action.type !== "freeze" && action.type !== "unfreeze") {
    return "finalized";
  }
  switch (action.type) {
    case "notice":
      return action.problem !== null && !isProblem(ledger, action.problem) ? "unknown-problem" : undefined;
    case "answer":
      return life.questions.has(action.question) ? undefined : "unknown-question";
    case "extend":
      return extensionFault(ledger, action.byMs, at);
    case "pause":
      if (isOver(life.timeline, at)) return "over";
      return isPaused(life.timeline, at) ? "paused" : undefined;
    case "resume":
      return isPaused(life.timeline, at) ? undefined : "not-paused";
    case "freeze":
      return hiddenFrom(ledger, at) === null ? undefined : "frozen";
    case "unfreeze":
      return unfreezeFault(ledger, at);
    case "rejudge":
      return startRejudging(ledger, action.selection).length === 0 ? "nothing-selected" : undefined;
    case "rejudge-apply":
    case "rejudge-cancel":
      return rejudgingFault(ledger, action.rejudging, action.type);
    case "replay":
      return replayable(ledger, action.submission).length === 0 ? "no-dead-letter" : undefined;
    case "dismiss":
      return life.deadLetters.has(action.submission) ? undefined : "no-dead-letter";
    case "replace":
      if (!isProblem(ledger, action.problem)) return "unknown-problem";
      if (at < ledger.basis.startsAt) return "not-started";
      return (life.revisions.get(action.problem)?.length ?? 0) >= REVISIONS_MAX ? "too-many" : undefined;
    case "disqualify":
      if (!ledger.maps.members.has(action.node)) return "unknown-node";
      return life.disqualified.has(action.node) === action.out ? "unknown-node" : undefined;
    case "finalize":
      return finalizeFault(ledger, action.board, at);
    default:
      return unreachable(action);
  }
}

function isProblem(ledger: Ledger, problem: string): boolean {
  return ledger.basis.manifest.problems.some((each) => each.id === problem);
}

/** The contest may be opened again after its end, but what is over cannot be cut away. */
function extensionFault(ledger: Ledger, byMs: number, at: number): OrderFault | undefined {
  const { timeline } = ledger.life;
  const durationMs = timeline.durationMs + byMs;
  return durationMs < 1000 || (byMs < 0 && durationMs < elapsedMs(timeline, at)) ? "too-short" : undefined;
}

function unfreezeFault(ledger: Ledger, at: number): OrderFault | undefined {
  const { life } = ledger;
  if (hiddenFrom(ledger, at) === null) return "not-frozen";
  // Pulling the cover off while people compete would tell some what others do not see: only a freeze by order may end early.
  return life.freeze.type === "auto" && !isOver(life.timeline, at) ? "not-over" : undefined;
}

function rejudgingFault(ledger: Ledger, id: Hash, type: "rejudge-apply" | "rejudge-cancel"): OrderFault | undefined {
  const rejudging = ledger.life.rejudgings.get(id);
  if (rejudging === undefined) return "unknown-rejudging";
  if (rejudging.status === "applied" || rejudging.status === "cancelled") return "rejudging-ended";
  return type === "rejudge-apply" && rejudging.status === "judging" ? "still-judging" : undefined;
}

/** What keeps the contest from being finalized. */
export interface Unfinished {
  readonly isRunning: boolean;
  readonly unjudged: number;
  readonly deadLetters: number;
  readonly unanswered: number;
  readonly rejudgings: number;
  /** Verdicts that a jury has still to hear. */
  readonly disputes: number;
}

export function unfinished(ledger: Ledger, at: number): Unfinished {
  const { life, pending } = ledger;
  return {
    isRunning: !isOver(life.timeline, at),
    unjudged: [...pending.values()].filter((submission) => !submission.practice).length,
    deadLetters: [...life.deadLetters.values()].filter((submission) => !submission.practice).length,
    unanswered: unansweredOf(life).length,
    rejudgings: [...life.rejudgings.values()].filter(({ status }) => status === "judging" || status === "judged")
      .length,
    disputes: ledger.disputes.open.size,
  };
}

function finalizeFault(ledger: Ledger, board: Hash, at: number): OrderFault | undefined {
  const open = unfinished(ledger, at);
  if (open.isRunning) return "not-over";
  if (open.unjudged + open.deadLetters + open.rejudgings + open.disputes > 0) return "unjudged";
  if (open.unanswered > 0) return "unanswered";
  return boardHashOf(boardOf(ledger.standings, null)) === board ? undefined : "other-board";
}

/** What the organizer signs when the contest is finalized. Boards are plain data in a fixed order. */
export function boardHashOf(board: Board): Hash {
  return hashOf(new TextEncoder().encode(JSON.stringify(board)));
}

/** From when on submissions are hidden on the public board; null: nothing is. */
export function hiddenFrom(ledger: Ledger, at: number): Instant | null {
  const { life, basis } = ledger;
  switch (life.freeze.type) {
    case "off":
      return null;
    case "on":
      return life.freeze.from;
    case "auto": {
      const { freezeMs } = basis.manifest.rules;
      if (freezeMs === null) return null;
      const from = instantOf(life.timeline, Math.max(0, life.timeline.durationMs - freezeMs));
      return from !== null && at >= from ? from : null;
    }
  }
}

function carryOut(ledger: Ledger, { id, by, at, action }: LoggedOrder): void {
  const { life } = ledger;
  switch (action.type) {
    case "notice":
      life.notices.push({ id, by, at, problem: action.problem, text: action.text });
      return;
    case "answer": {
      const { toAll, asked, content } = action;
      life.questions.get(action.question)?.answers.push({ id, by, at, toAll, asked, content });
      return;
    }
    case "extend":
      extend(ledger, action.byMs, at);
      return;
    case "pause":
      life.pausedFor = action.reason;
      setTimeline(ledger, { pauses: [...(life.timeline.pauses ?? []), { from: at, until: null }] });
      return;
    case "resume":
      setTimeline(ledger, {
        pauses: (life.timeline.pauses ?? []).map((pause) => (pause.until === null ? { ...pause, until: at } : pause)),
      });
      return;
    case "freeze":
      life.freeze = { type: "on", from: at };
      return;
    case "unfreeze":
      life.freeze = { type: "off" };
      return;
    case "rejudge":
      requeue(ledger, { id, by, at, selection: action.selection, reason: action.reason });
      return;
    case "rejudge-apply":
      applyRejudging(ledger, action.rejudging);
      return;
    case "rejudge-cancel":
      cancelRejudging(ledger, action.rejudging);
      return;
    case "replay":
      for (const submission of replayable(ledger, action.submission)) {
        life.deadLetters.delete(submission.id);
        submission.phase = "accepted";
        submission.triesFrom = submission.assignments.length;
        ledger.pending.set(submission.id, submission);
        life.waiting.set(submission.id, submission);
      }
      return;
    case "dismiss": {
      const submission = life.deadLetters.get(action.submission);
      if (submission === undefined) return;
      life.deadLetters.delete(submission.id);
      submission.dismissed = true;
      if (!submission.practice) giveBack(ledger.limits, submission.submitter, submission.problem);
      forget(ledger.standings, judged(submission));
      return;
    }
    case "replace": {
      const { problem, sealedBundle, package: content, key } = action;
      const revision = { sealedBundle, package: content, key, at };
      life.revisions.set(problem, [...(life.revisions.get(problem) ?? []), revision]);
      return;
    }
    case "disqualify":
      if (action.out) life.disqualified.set(action.node, action.reason);
      else life.disqualified.delete(action.node);
      setTeams(ledger.standings, teamsOf(ledger));
      return;
    case "finalize":
      life.finalized = { by, at, board: action.board };
      return;
    default:
      unreachable(action);
  }
}

/** A freeze that has begun stays where it is; one to come moves with the end. */
function extend(ledger: Ledger, byMs: number, at: Instant): void {
  const frozen = hiddenFrom(ledger, at);
  if (frozen !== null && ledger.life.freeze.type === "auto") ledger.life.freeze = { type: "on", from: frozen };
  setTimeline(ledger, { durationMs: ledger.life.timeline.durationMs + byMs });
}

function setTimeline(ledger: Ledger, change: Partial<Ledger["life"]["timeline"]>): void {
  ledger.life.timeline = { ...ledger.life.timeline, ...change };
  setRules(ledger.standings, { ...ledger.standings.rules, ...ledger.life.timeline });
}

/** Who is ranked. */
export function teamsOf(ledger: Ledger): readonly { readonly id: NodeId; readonly displayName: string }[] {
  return [...ledger.maps.members.values()].filter(
    (member) => member.role === "participant" && !ledger.life.disqualified.has(member.id),
  );
}
