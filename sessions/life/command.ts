/** Commands about the life of the contest, at the own node. */
import { boardOf } from "../../src/contest/index.ts";
import { type Action, fromHex, LETTER_CHARACTERS_MAX, type NodeId, unreachable } from "../../src/model/index.ts";
import type { Ledger } from "../log/ledger.ts";
import type { Live, Machine } from "../machine.ts";
import type { LifeCommand, LifeFailure, LifeReply, Wish } from "./commands.ts";
import { letterFor, LETTERS_WAITING_MAX, sendLetter, signOrder, signQuestion, textOf } from "./letters.ts";
import { boardHashOf, mayOrder, orderFault, unfinished } from "./orders.ts";
import { questionFault } from "./questions.ts";
import { lifeOf, noticesOf, previewOf, questionsOf, rejudgingView } from "./view.ts";

export interface Failed {
  readonly type: "failed";
  readonly code: LifeFailure;
  readonly reason: string;
}

type Reply = (body: LifeReply | Failed, final: boolean) => void;

export function onLifeCommand(m: Machine, request: string, command: LifeCommand, reply: Reply): void {
  const { live } = m;
  if (live === null) {
    reply(failed("not-joined", "the contest's roster is not known yet"), true);
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
  const { manifest } = live.basis;
  if (!live.ledger.maps.members.has(m.self)) {
    reply(failed("not-a-member", "only registered members of the contest ask; organizers post notices"), true);
    return;
  }
  const wrong = textFailure(text);
  const fault = questionFault(live.ledger, m.self, { problem }) ?? (isFull(m) ? "too-many" : undefined);
  if (wrong !== undefined) reply(wrong, true);
  else if (fault !== undefined) reply(faulty(live.ledger, fault, m.now), true);
  else {
    const readers = [manifest.organizer, ...manifest.sages.map((sage) => sage.id)];
    const id = sendLetter(m, signQuestion(m, problem, letterFor(m, readers, text)), request);
    reply({ type: "sent", id }, false);
  }
}

function give(m: Machine, live: Live, request: string, wish: Wish, reply: Reply): void {
  if (!mayOrder(live.basis.manifest, m.self)) {
    reply(
      failed(
        "not-an-organizer",
        "this needs the organizer's or a sage's node; name its data directory with --data-dir",
      ),
      true,
    );
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

function actionOf(m: Machine, live: Live, wish: Wish): Action | undefined {
  if (wish.type === "finalize") return { type: "finalize", board: boardHashOf(boardOf(live.ledger.standings, null)) };
  if (wish.type === "replace") return { ...wish, key: fromHex(wish.key) };
  if (wish.type !== "answer") return wish;
  const question = live.ledger.life.questions.get(wish.question);
  if (question === undefined) return undefined;
  const { manifest } = live.basis;
  const readers: NodeId[] = [question.asker, manifest.organizer, ...manifest.sages.map((sage) => sage.id)];
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

function failed(code: LifeFailure, reason: string): Failed {
  return { type: "failed", code, reason };
}

const SENTENCES: Readonly<Record<Exclude<LifeFailure, "unjudged" | "unanswered">, string>> = {
  "not-joined": "the contest's roster is not known yet",
  "not-an-organizer": "only the organizer and the sages may do this",
  "not-a-member": "only members of the contest may do this",
  "not-in-roster": "only members of the contest may ask",
  disqualified: "the organizers have disqualified this participant",
  empty: "there is no text",
  "too-long": "the text is too long",
  finalized: "the contest is final: nothing that counts changes any more",
  "not-started": "the contest has not started",
  over: "the contest is over",
  "not-over": "the contest is still running",
  paused: "the contest is paused already",
  "not-paused": "the contest is not paused",
  "too-short": "the end would lie in the past: what is over cannot be cut away",
  frozen: "the board is frozen already",
  "not-frozen": "the board is not frozen",
  "unknown-problem": "the contest has no such problem",
  "unknown-question": "there is no such question; see `dikast clarify list`",
  "nothing-selected": "no judged submission fits the selection",
  "unknown-rejudging": "there is no such rejudging; see `dikast rejudge list`",
  "still-judging": "not everything has been judged again yet; see `dikast rejudge show`",
  "rejudging-ended": "that rejudging was applied or cancelled already",
  "no-dead-letter": "there is no such dead letter; see `dikast dead-letters list`",
  "unknown-node": "no such participant, or it is so already; see `dikast peers`",
  "other-board": "the board changed meanwhile; look at it and finalize again",
  "too-many": "too much waits for an answer or for the network; try again later",
};

export function faulty(ledger: Ledger, code: LifeFailure, at: number): Failed {
  if (code !== "unjudged" && code !== "unanswered") return failed(code, SENTENCES[code]);
  const { unjudged, deadLetters, rejudgings, unanswered } = unfinished(ledger, at);
  const open = [
    unjudged > 0 ? `${unjudged} submissions are not judged` : "",
    deadLetters > 0 ? `${deadLetters} dead letters wait (dikast dead-letters)` : "",
    rejudgings > 0 ? `${rejudgings} rejudgings are neither applied nor cancelled (dikast rejudge list)` : "",
    unanswered > 0 ? `${unanswered} questions are not answered (dikast clarify list)` : "",
  ];
  return failed(code, `the contest cannot be final yet: ${open.filter((part) => part !== "").join("; ")}`);
}
