/** What committed entries about the life of the contest set off at a node. */
import { AUTHORITY_BYTES_MAX, authority, codec, type Hash, type SignedMessage, toHex } from "../../src/model/index.ts";
import { notify } from "../context.ts";
import { assignUnassigned } from "../evaluation/dispatch.ts";
import type { LedgerChange } from "../log/ledger.ts";
import type { Live, Machine } from "../machine.ts";
import { followEnd } from "../session.ts";
import { tellWatchers } from "../submissions/watches.ts";
import { pumpBackground } from "./background.ts";
import { collects, scheduleCollecting } from "./collecting.ts";
import { readersOf } from "./authority.ts";
import type { LifeReply } from "./commands.ts";
import { type Failed, faulty } from "./faults.ts";
import { dropLetter, letterFor, sendLetter, signQuestion, textOf } from "./letters.ts";

export function onOrdered(m: Machine, live: Live, change: Extract<LedgerChange, { readonly type: "ordered" }>): void {
  const { order, fault } = change;
  const { id, by, at, action } = order;
  if (fault === null) tell(m, { type: "ordered", id, at, action: action.type }, id);
  else tell(m, faulty(live.ledger, fault, m.now), id);
  if (fault !== null) {
    notify(m, { type: "order-void", order: id, by, action: action.type, fault });
    return;
  }
  if (action.type === "notice") {
    notify(m, { type: "notice-posted", id, problem: action.problem, text: action.text });
    return;
  }
  if (action.type === "answer") {
    notify(m, { type: "question-answered", question: action.question, toAll: action.toAll });
    return;
  }
  if (action.type === "replace") announceRevisions(m, live, action.problem);
  notify(m, { type: "contest-changed", by, at, change: action.type });
  notify(m, { type: "board-changed", index: live.chain.committed.head.index });
  followEnd(m, live);
  const applied = action.type === "rejudge-apply" ? live.ledger.life.rejudgings.get(action.rejudging) : undefined;
  for (const submission of applied?.submissions ?? []) tellWatchers(m, submission.id);
}

/** Of one problem, or of all after a restart. */
export function announceRevisions(m: Machine, live: Live, only?: string): void {
  for (const [problem, revisions] of live.ledger.life.revisions) {
    if (only !== undefined && only !== problem) continue;
    for (const [index, { sealedBundle, package: content, key }] of revisions.entries()) {
      const revision = index + 1;
      notify(m, { type: "problem-replaced", problem, revision, sealedBundle, package: content, key: toHex(key) });
    }
  }
}

export function onQuestionLogged(m: Machine, { question }: Extract<LedgerChange, { readonly type: "asked" }>): void {
  const { id, asker, at, problem } = question;
  tell(m, { type: "asked", id, at }, id);
  notify(m, { type: "question-asked", question: id, asker, problem });
}

/** A transfer is logged: its new holder gathers sources, and must be able to read what is not answered yet. */
export function onTransferLogged(m: Machine, live: Live, message: SignedMessage): void {
  const to = codec.decode(authority, message.body, AUTHORITY_BYTES_MAX)?.to;
  if (to === m.self) {
    for (const id of live.ledger.submissions.keys()) if (!live.bodies.has(id)) live.uncollected.set(id, 0);
    scheduleCollecting(m, live);
  } else if (!collects(m)) live.uncollected.clear();
  for (const { id, asker, problem, content, answers, resealed } of live.ledger.life.questions.values()) {
    if (asker !== m.self || answers.length > 0 || resealed >= live.ledger.life.seats.chain.length) continue;
    const text = textOf(m, content);
    if (text !== null) sendLetter(m, signQuestion(m, problem, letterFor(m, readersOf(live.ledger), text), id));
  }
}

function tell(m: Machine, body: LifeReply | Failed, id: Hash): void {
  for (const request of dropLetter(m, id)) m.effects.push({ type: "reply", request, body, final: true });
}

/** After the changes of one block. */
export function afterBlock(m: Machine, live: Live, changes: readonly LedgerChange[]): void {
  for (const change of changes) {
    if (change.type !== "received" || !collects(m)) continue;
    const isFirst = live.uncollected.size === 0;
    live.uncollected.set(change.submission.id, 0);
    if (isFirst) scheduleCollecting(m, live);
  }
  if (live.leading === null) return;
  // An extension and a receipt in one block: what was taken for practice is not.
  if (changes.some((change) => change.type === "ordered")) assignUnassigned(m, live);
  pumpBackground(m, live);
}
