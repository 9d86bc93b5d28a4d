/** What is answered to a dispute that cannot be. */
import { DISPUTE_REASON_CHARACTERS_MAX } from "../../src/model/index.ts";
import type { DisputeFailure } from "./commands.ts";
import { DISPUTES_LOST_MAX } from "./state.ts";

export interface DisputeFailed {
  readonly type: "failed";
  readonly code: DisputeFailure | "not-joined" | "too-long";
  readonly reason: string;
}

const SENTENCES: Readonly<Record<DisputeFailed["code"], string>> = {
  "not-joined": "the contest has not begun, or this node has not heard of it yet",
  "not-in-roster": "only registered members of the contest dispute a verdict",
  excluded: "this node is excluded: nobody hears its disputes",
  "not-deterministic":
    "this contest judges with native tools: another run would prove nothing; ask the organizers to rejudge",
  "unknown-submission": "this node knows no such submission",
  "not-settled": "the submission has no verdict yet",
  "other-attempt": "another verdict is in force by now",
  "being-judged": "the organizers have it rejudged already",
  "heard-already": "a jury hears it already, or has",
  spent: `this node has lost or opened ${DISPUTES_LOST_MAX} disputes: that is all it had`,
  "too-many": "too many disputes are open: try again later",
  "no-jury": "too few evaluators had nothing to do with this verdict: ask the organizers to rejudge",
  finalized: "the contest is final: nothing that counts changes any more",
  "no-dissent": "that result does not contradict the verdict",
  "too-long": `the reason may have ${DISPUTE_REASON_CHARACTERS_MAX} characters`,
};

export function disputeFailed(code: DisputeFailed["code"]): DisputeFailed {
  return { type: "failed", code, reason: SENTENCES[code] };
}
