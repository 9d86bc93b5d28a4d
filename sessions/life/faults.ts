/** What is answered to a command about the life of the contest that cannot be. */
import { counted } from "../../src/model/index.ts";
import type { Ledger } from "../log/ledger.ts";
import type { LifeFailure } from "./commands.ts";
import { unfinished } from "./orders.ts";

export interface Failed {
  readonly type: "failed";
  readonly code: LifeFailure;
  readonly reason: string;
}

export function failed(code: LifeFailure, reason: string): Failed {
  return { type: "failed", code, reason };
}

const SENTENCES: Readonly<Record<Exclude<LifeFailure, "unjudged" | "unanswered">, string>> = {
  "not-joined": "the contest has not begun, or this node has not heard of it yet",
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
    unjudged > 0 ? `${counted(unjudged, "submission is", "submissions are")} not judged` : "",
    deadLetters > 0
      ? `${counted(deadLetters, "dead letter waits", "dead letters wait")} (dikast dead-letters list)`
      : "",
    rejudgings > 0
      ? `${counted(rejudgings, "rejudging is", "rejudgings are")} neither applied nor cancelled (dikast rejudge list)`
      : "",
    unanswered > 0 ? `${counted(unanswered, "question is", "questions are")} not answered (dikast clarify list)` : "",
  ];
  return failed(code, `the contest cannot be final yet: ${open.filter((part) => part !== "").join("; ")}`);
}
