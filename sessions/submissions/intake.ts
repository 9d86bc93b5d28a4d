/** The central leader receives submissions: refuses with a reason, or logs a receipt (protocol.md §6.2). */
import {
  bearings,
  type Hash,
  type NodeId,
  type Refusal,
  refusal,
  type SignedMessage,
  type Submission,
  submissionIdOf,
  sourceBytesOf,
  hasDistinctNames,
} from "../../src/model/index.ts";
import { isOver, isPaused } from "../../src/contest/index.ts";
import { forward, send, store } from "../context.ts";
import { keepBodies } from "../council/bodies.ts";
import { watchPresented } from "../council/censorship.ts";
import { enqueue } from "../council/leading.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, type Validity } from "../routing.ts";
import { limitFault } from "./limits.ts";
import { hasRoomOverall, takeToken } from "./rate.ts";

/** Receipts without a verdict, and submissions waiting for one. Beyond it the answer is to come back later. */
export const PENDING_MAX = 20_000;
const RETRY_OVERLOADED_MS = 2000;
/** Practice that waits. */
const PRACTICE_MAX = 2000;

export function onSubmission(
  m: Machine,
  live: Live,
  body: Submission,
  signer: NodeId,
  message: SignedMessage,
): Validity {
  const id = submissionIdOf(message);
  const { leading } = live;
  if (leading === null) {
    watchPresented(m, live, signer, message, refusalOf(m, live, body, signer) !== undefined);
    redirect(m, live, id, message);
    return ACCEPT;
  }
  const known = live.ledger.submissions.get(id);
  if (known !== undefined) {
    // A leader that took over without the body gets it back from its submitter.
    if (!live.bodies.has(id) && known.phase !== "settled" && known.phase !== "dead-letter")
      store(m, ...keepBodies(m, live, [message]));
    // Whoever sends it again has missed the receipt.
    send(m, signer, "bearings", bearings, { central: live.leader, cluster: null, head: live.chain.committed.head });
    return ACCEPT;
  }
  if (leading.queued.has(id)) return ACCEPT;
  const code = refusalOf(m, live, body, signer);
  if (code !== undefined) {
    refuse(m, signer, id, code, isForGood(code) ? null : RETRY_OVERLOADED_MS);
    return ACCEPT;
  }
  const limit = isOver(live.ledger.life.timeline, m.now)
    ? undefined
    : limitFault(live.ledger.limits, live.basis.manifest, { submitter: signer, problem: body.problem, at: m.now });
  if (limit !== undefined) {
    refuse(m, signer, id, limit.code, limit.waitMs === null ? null : Math.min(3_600_000, limit.waitMs));
    return ACCEPT;
  }
  if (!hasRoomOverall(leading.overall, m.now)) {
    refuse(m, signer, id, "overloaded", RETRY_OVERLOADED_MS);
    return ACCEPT;
  }
  const waitMs = takeToken(leading.buckets, m.timing, signer, m.now);
  if (waitMs !== undefined) {
    refuse(m, signer, id, "too-fast", Math.min(3_600_000, waitMs));
    return ACCEPT;
  }
  leading.overall.tokens -= 1;
  leading.queued.add(id);
  enqueue(m, live, { type: "receipt", id, message, submission: body, at: m.now });
  return ACCEPT;
}

/** Former leaders pass on what still reaches them; everybody tells who leads. */
function redirect(m: Machine, live: Live, id: Hash, message: SignedMessage): void {
  const { signer } = message;
  if (live.leader !== null && live.leader.leader !== m.self) forward(m, live.leader.leader, message);
  send(m, signer, "bearings", bearings, { central: live.leader, cluster: null, head: live.chain.committed.head });
  if (live.leader === null) refuse(m, signer, id, "not-leading", RETRY_OVERLOADED_MS);
}

function isForGood(code: Refusal): boolean {
  return code !== "overloaded" && code !== "not-leading" && code !== "not-started" && code !== "paused";
}

function refuse(m: Machine, to: NodeId, submission: Hash, code: Refusal, retryMs: number | null): void {
  send(m, to, "refusal", refusal, { submission, code, retryMs });
}

function refusalOf(m: Machine, live: Live, body: Submission, signer: NodeId): Refusal | undefined {
  const { manifest } = live.basis;
  if (m.now < live.basis.startsAt) return "not-started";
  const { life } = live.ledger;
  if (isPaused(life.timeline, m.now)) return "paused";
  if (life.disqualified.has(signer)) return "disqualified";
  if (isOver(life.timeline, m.now) && life.waiting.size >= PRACTICE_MAX) return "overloaded";
  if (live.ledger.maps.members.get(signer)?.role !== "participant") return "not-in-roster";
  const problem = manifest.problems.find((each) => each.id === body.problem);
  if (problem === undefined) return "unknown-problem";
  if (!manifest.languages.includes(body.language)) return "language-not-allowed";
  if (sourceBytesOf(body) > problem.sourceBytesMax) return "source-too-large";
  if (!hasDistinctNames(body)) return "malformed";
  if (live.ledger.pending.size + (live.leading?.queue.length ?? 0) >= PENDING_MAX) return "overloaded";
  return undefined;
}
