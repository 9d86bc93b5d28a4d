/**
 * Sages gather the sources of all submissions while the contest runs, for rejudgings and for the archive (protocol.md §10).
 * They ask the councils that acknowledged the receipts; what was missed is asked for again, also after a restart.
 */
import {
  encodeMessage,
  type Hash,
  type NodeId,
  type SignedMessage,
  SUBMISSION_KIND,
  submissionIdOf,
  submissionRequest,
  verifyMessage,
} from "../../src/model/index.ts";
import { send, setTimer, store } from "../context.ts";
import { BODY_KEY_PREFIX } from "../council/bodies.ts";
import type { Live, Machine } from "../machine.ts";
import { mayOrder } from "./authority.ts";
import { sourcesOf } from "./sources.ts";

export const COLLECT_TIMER = "collect";
/** Pause between questions, in ms: sources are needed later, not now. */
const COLLECT_MS = 1500;
/** Asked for at a time. */
const COLLECTED_MAX = 64;

/** Whoever speaks for the contest; with its seat a sage gives this away too. */
export function collects(m: Machine): boolean {
  return m.live !== null && mayOrder(m.live.ledger, m.self);
}

/** A receipt was committed, or the node came up. */
export function scheduleCollecting(m: Machine, live: Live): void {
  if (live.uncollected.size > 0) setTimer(m, COLLECT_TIMER, COLLECT_MS);
}

export function onCollectTimer(m: Machine, live: Live): void {
  const wanted = new Map<NodeId, Hash[]>();
  let count = 0;
  for (const [id, attempts] of live.uncollected) {
    if (count >= COLLECTED_MAX) break;
    count += 1;
    const submission = live.ledger.submissions.get(id);
    const sources = submission === undefined ? [] : sourcesOf(m, live, submission);
    const source = sources[attempts % Math.max(1, sources.length)];
    // Behind the others, so that one that nobody has does not hold them up.
    live.uncollected.delete(id);
    live.uncollected.set(id, attempts + 1);
    if (source === undefined) continue;
    const asked = wanted.get(source);
    if (asked === undefined) wanted.set(source, [id]);
    else asked.push(id);
  }
  for (const [source, submissions] of wanted) send(m, source, "submission-request", submissionRequest, { submissions });
  scheduleCollecting(m, live);
}

/** Sources that came; only what is missing, and only what its submitter signed. */
export function collect(m: Machine, live: Live, messages: readonly SignedMessage[]): void {
  for (const message of messages) {
    if (message.kind !== SUBMISSION_KIND) continue;
    const id = submissionIdOf(message);
    if (!live.uncollected.has(id) || !verifyMessage(m.config.verifier, m.contest, message)) continue;
    live.uncollected.delete(id);
    store(m, { key: BODY_KEY_PREFIX + id, value: encodeMessage(message) });
  }
}
