/** Commands about the life of the contest, at the own node. */
import { boardOf } from "../../src/contest/index.ts";
import { type Action, fromHex, LETTER_CHARACTERS_MAX, type NodeId, unreachable } from "../../src/model/index.ts";
import type { Live, Machine } from "../machine.ts";
import { readersOf } from "./authority.ts";
import type { LifeCommand, LifeReply, Wish } from "./commands.ts";
import { type Failed, failed, faulty } from "./faults.ts";
import { letterFor, LETTERS_WAITING_MAX, sendLetter, signOrder, signQuestion, textOf } from "./letters.ts";
import { boardHashOf, orderFault } from "./orders.ts";
import { questionFault } from "./questions.ts";
import { notBegun } from "../submissions/outbox.ts";
import { mayOrderSoon } from "./transfers.ts";
import { lifeOf, noticesOf, previewOf, questionsOf, rejudgingView } from "./view.ts";

type Reply = (body: LifeReply | Failed, final: boolean) => void;

export function onLifeCommand(m: Machine, request: string, command: LifeCommand, reply: Reply): void {
  const { live } = m;
  if (live === null) {
    reply(failed("not-joined", notBegun(m)), true);
    return;
  }
  switch (command.type) {
    case "ask":
      ask(m, live, request, command, reply);
      return;
    case "order":
      give(m, live, request, command.wish, reply);
      return;
    case "clarifications":
      reply({ type: "clarifications", notices: noticesOf(live), questions: questionsOf(m, live) }, true);
      return;
    case "rejudgings":
      reply({ type: "rejudgings", rejudgings: [...live.ledger.life.rejudgings.values()].map(rejudgingView) }, true);
      return;
    case "rejudging": {
      const found = live.ledger.life.rejudgings.get(command.rejudging);
      if (found === undefined) reply(faulty(live.ledger, "unknown-rejudging", m.now), true);
      else reply({ type: "rejudging", rejudging: previewOf(live, found) }, true);
      return;
    }
    case "life":
      reply({ type: "life", life: lifeOf(m, live) }, true);
      return;
    default:
      unreachable(command);
  }
}

function ask(
  m: Machine,
  live: Live,
  request: string,
  { problem, text }: Extract<LifeCommand, { readonly type: "ask" }>,
  reply: Reply,
): void {
  if (!live.ledger.maps.members.has(m.self)) {
    reply(failed("not-a-member", "only registered members of the contest ask; organizers post notices"), true);
    return;
  }
  const wrong = textFailure(text);
  const fault = questionFault(live.ledger, m.self, { problem, again: null }) ?? (isFull(m) ? "too-many" : undefined);
  if (wrong !== undefined) reply(wrong, true);
  else if (fault !== undefined) reply(faulty(live.ledger, fault, m.now), true);
  else {
    const id = sendLetter(m, signQuestion(m, problem, letterFor(m, readersOf(live.ledger), text)), request);
    reply({ type: "sent", id }, false);
  }
}

function give(m: Machine, live: Live, request: string, wish: Wish, reply: Reply): void {
  if (!mayOrderSoon(m, live, m.self)) {
    reply(notEntitled(m), true);
    return;
  }
  const text = "text" in wish ? textFailure(wish.text) : undefined;
  if (text !== undefined) {
    reply(text, true);
    return;
  }
  const action = actionOf(m, live, wish);
  const fault = action === undefined ? "unknown-question" : orderFault(live.ledger, action, m.now);
  if (action === undefined || fault !== undefined) reply(faulty(live.ledger, fault ?? "unknown-question", m.now), true);
  else if (isFull(m)) reply(faulty(live.ledger, "too-many", m.now), true);
  else reply({ type: "sent", id: sendLetter(m, signOrder(m, action), request) }, false);
}

/** A former sage is told where its authority is. */
function notEntitled(m: Machine): Failed {
  const { seats } = m.joining;
  const holder = seats?.seats.includes(m.self) === true ? seats.holderOf(m.self) : undefined;
  const reason =
    holder === undefined
      ? "this needs the organizer's or a sage's node; name its data directory with --data-dir"
      : `the authority of this sage is with ${nameOf(m, holder)}; give the order there, or take it back with \`dikast sage transfer --back\``;
  return failed("not-an-organizer", reason);
}

function nameOf(m: Machine, node: NodeId): string {
  const name = m.live?.ledger.maps.members.get(node)?.displayName;
  return name === undefined ? node : `${name} (${node})`;
}

function actionOf(m: Machine, live: Live, wish: Wish): Action | undefined {
  if (wish.type === "finalize") return { type: "finalize", board: boardHashOf(boardOf(live.ledger.standings, null)) };
  if (wish.type === "replace") return { ...wish, key: fromHex(wish.key) };
  if (wish.type !== "answer") return wish;
  const question = live.ledger.life.questions.get(wish.question);
  if (question === undefined) return undefined;
  const readers = [question.asker, ...readersOf(live.ledger)];
  return {
    type: "answer",
    question: wish.question,
    toAll: wish.toAll,
    asked: wish.toAll && wish.quote ? textOf(m, question.content) : null,
    content: letterFor(m, wish.toAll ? null : readers, wish.text),
  };
}

function isFull(m: Machine): boolean {
  return m.letters.size >= LETTERS_WAITING_MAX;
}

function textFailure(text: string): Failed | undefined {
  if (text.trim() === "") return failed("empty", "there is no text");
  if (text.length <= LETTER_CHARACTERS_MAX) return undefined;
  return failed("too-long", `the text has ${text.length} characters; at most ${LETTER_CHARACTERS_MAX} are allowed`);
}
