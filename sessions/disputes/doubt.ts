/** Doubts on their way into the log: an outvoted evaluator's own, those that a leader saw, and those that people have (protocol.md §7). */
import {
  DISPUTE_KIND,
  dispute as disputeShape,
  type Hash,
  letterIdOf,
  type SignedMessage,
  type Statement,
} from "../../src/model/index.ts";
import { signed } from "../context.ts";
import { enqueue } from "../council/leading.ts";
import { LETTERS_WAITING_MAX, sendLetter } from "../life/letters.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";
import { sameFinding } from "./finding.ts";
import { doubtFault, openDoubt } from "./fold.ts";

/** A verdict was logged: a signed result of the same task that says something else is sent to whoever leads until it is logged too. */
export function doubtVerdict(
  m: Machine,
  live: Live,
  submission: LedgerSubmission,
  result: { readonly message: SignedMessage; readonly statement: Statement },
): void {
  const { verdict } = submission;
  if (verdict === null || sameFinding(verdict.statement, result.statement)) return;
  // Half of the room is left for what people say.
  if (m.letters.size >= LETTERS_WAITING_MAX / 2 || m.letters.has(letterIdOf(result.message))) return;
  const doubt = openDoubt(result.message);
  if (doubt !== undefined && doubtFault(live.ledger, doubt) === undefined) sendLetter(m, result.message);
}

/** Somebody at this node holds that a verdict is wrong. The caller has looked for faults. */
export function signDispute(m: Machine, submission: Hash, attempt: number, reason: string): SignedMessage {
  return signed(m, DISPUTE_KIND, disputeShape, { submission, attempt, at: m.now, reason });
}

/** At the leader: from the message to the log's queue. The signature was checked. */
export function onDoubt(m: Machine, live: Live, message: SignedMessage): Validity {
  const { ledger, leading } = live;
  if (leading === null) return ignore("not-leading");
  const doubt = openDoubt(message);
  if (doubt === undefined) return ignore("no-doubt");
  if (ledger.life.letters.has(doubt.id) || leading.queued.has(doubt.id)) return ignore("known");
  const fault = doubtFault(ledger, doubt);
  if (fault !== undefined) return ignore(fault);
  leading.queued.add(doubt.id);
  enqueue(m, live, { type: "entry", entry: { type: "dispute", message } });
  return ACCEPT;
}
