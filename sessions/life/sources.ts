/** Where a leader finds the source of a submission that it does not hold in memory. */
import { type NodeId, SUBMISSION_BYTES_MAX, submissionRequest } from "../../src/model/index.ts";
import { send } from "../context.ts";
import { BODY_KEY_PREFIX } from "../council/bodies.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import type { Live, Machine } from "../machine.ts";

export const OWN_BODY_PREFIX = "body/own/";

/** From the own store first, then from those who should have it, one at a time. */
export function fetchBody(m: Machine, live: Live, submission: LedgerSubmission): void {
  const { leading } = live;
  const asked = leading?.bodiesAsked.get(submission.id);
  if (leading === null || (asked !== undefined && m.now - asked.at < m.timing.suspectMs)) return;
  const attempt = (asked?.attempt ?? -1) + 1;
  leading.bodiesAsked.set(submission.id, { at: m.now, attempt });
  if (attempt === 0) {
    const key = BODY_KEY_PREFIX + submission.id;
    m.effects.push({
      type: "read",
      read: OWN_BODY_PREFIX + submission.id,
      from: key,
      to: `${key}~`,
      countMax: 1,
      bytesMax: SUBMISSION_BYTES_MAX,
    });
    return;
  }
  const sources = sourcesOf(m, live, submission);
  const source = sources[(attempt - 1) % Math.max(1, sources.length)];
  if (source !== undefined) send(m, source, "submission-request", submissionRequest, { submissions: [submission.id] });
}

/** Who should have a submission's source. */
export function sourcesOf(m: Machine, live: Live, submission: LedgerSubmission): readonly NodeId[] {
  // Whoever held a seat may have gathered it, too.
  const { seats } = live.ledger.life;
  const sources = [...submission.council, ...seats.holders(), ...seats.seats, submission.submitter];
  return [...new Set(sources)].filter((node) => node !== m.self);
}
