/**
 * The lane behind the live contest's (protocol.md §6.2): rejudgings, replayed dead letters and practice are assigned a few at
 * a time. Their sources come from the own store, from the council that acknowledged their receipts, or from the sages.
 */
import {
  decodeMessage,
  type Hash,
  type NodeId,
  type StoredRecord,
  SUBMISSION_BYTES_MAX,
  SUBMISSIONS_ASKED_MAX,
} from "../../src/model/index.ts";
import { setTimer } from "../context.ts";
import { enqueue } from "../council/leading.ts";
import { hearNow, pumpHearings } from "../disputes/hearing.ts";
import { BODY_KEY_PREFIX, keepBodies, sendBodies, sendMessages } from "../council/bodies.ts";
import { fetchBody, OWN_BODY_PREFIX } from "./sources.ts";
import { handOut } from "../evaluation/dispatch.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import type { Leading, Live, Machine } from "../machine.ts";

export const BACKGROUND_TIMER = "background";
/** Of this lane, for each cluster: enough to keep its members busy while a block is on its way. */
const IN_WORK_PER_CLUSTER = 3;
const ASKED_BODY_PREFIX = "body/for/";

/** Called when a block was committed, or a source came. */
export function pumpBackground(m: Machine, live: Live): void {
  const { leading, ledger } = live;
  const { waiting, inWork } = ledger.life;
  if (leading?.status !== "active") return;
  pumpHearings(m, live);
  fetchMissing(m, live, leading);
  const isIdle = waiting.size === 0 && inWork.size === 0 && ledger.disputes.open.size === 0;
  if (isIdle && leading.missingBodies.size === 0) return;
  const window = Math.max(1, ledger.scheduler.clusters.filter((cluster) => cluster.led).length) * IN_WORK_PER_CLUSTER;
  let room = window - inWork.size;
  for (const submission of waiting.values()) {
    if (room <= 0) break;
    room -= 1;
    prepare(m, live, submission);
  }
  // A leader that took over may lack sources of what is assigned already.
  for (const id of inWork) {
    const submission = ledger.pending.get(id);
    if (submission !== undefined && !live.bodies.has(id)) fetchBody(m, live, submission);
  }
  setTimer(m, BACKGROUND_TIMER, m.timing.suspectMs);
}

/** Receipts whose sources none of this leader's voters had: their council may have changed between, or the sages have them. */
function fetchMissing(m: Machine, live: Live, leading: Leading): void {
  for (const id of leading.missingBodies) {
    const submission = live.ledger.pending.get(id);
    if (submission === undefined || live.bodies.has(id)) leading.missingBodies.delete(id);
    else fetchBody(m, live, submission);
  }
}

function prepare(m: Machine, live: Live, submission: LedgerSubmission): void {
  const { leading } = live;
  if (leading === null) return;
  if (!live.bodies.has(submission.id)) {
    fetchBody(m, live, submission);
    return;
  }
  const queuedAt = leading.backgroundQueued.get(submission.id);
  // Still waiting though everything queued is logged: there was no cluster for it.
  const isUnderWay = leading.queue.length > 0 || leading.inFlight !== null;
  if (queuedAt !== undefined && (isUnderWay || m.now - queuedAt < m.timing.suspectMs)) return;
  leading.backgroundQueued.set(submission.id, m.now);
  enqueue(m, live, { type: "assign", id: submission.id });
}

/** A source is here: what waited for it goes on. */
export function onBackgroundBody(m: Machine, live: Live, id: Hash): void {
  const hearing = live.ledger.disputes.open.get(id);
  const submission = live.ledger.pending.get(id) ?? hearing?.submission;
  if (submission === undefined || live.leading?.status !== "active") return;
  live.leading.bodiesAsked.delete(id);
  if (hearing !== undefined) hearNow(m, live, hearing);
  if (live.ledger.life.waiting.has(id)) prepare(m, live, submission);
  else if (submission.phase === "assigned") handOut(m, live, submission);
  else if (submission.phase === "accepted") enqueue(m, live, { type: "assign", id });
}

/** Somebody entitled asks for sources that are no longer in memory: from the store. */
export function answerBodies(m: Machine, live: Live, to: NodeId, ids: readonly Hash[]): void {
  sendBodies(m, live, to, ids);
  for (const id of ids.slice(0, SUBMISSIONS_ASKED_MAX)) {
    if (live.bodies.has(id)) continue;
    const key = BODY_KEY_PREFIX + id;
    m.effects.push({
      type: "read",
      read: `${ASKED_BODY_PREFIX}${to}`,
      from: key,
      to: `${key}~`,
      countMax: 1,
      bytesMax: SUBMISSION_BYTES_MAX,
    });
  }
}

/** @returns whether the read was one of this module. */
export function onBodiesRead(m: Machine, live: Live, read: string, records: readonly StoredRecord[]): boolean {
  const [record] = records;
  const message = record && decodeMessage(record.value, SUBMISSION_BYTES_MAX + 1024);
  if (read.startsWith(OWN_BODY_PREFIX)) {
    const id = read.slice(OWN_BODY_PREFIX.length) as Hash;
    if (message !== undefined) keepBodies(m, live, [message]);
    else {
      const submission = live.ledger.pending.get(id) ?? live.ledger.disputes.open.get(id)?.submission;
      const asked = live.leading?.bodiesAsked.get(id);
      if (asked !== undefined)
        live.leading?.bodiesAsked.set(id, {
          at: (asked.at - m.timing.suspectMs) as typeof asked.at,
          attempt: asked.attempt,
        });
      if (submission !== undefined) fetchBody(m, live, submission);
    }
    return true;
  }
  if (!read.startsWith(ASKED_BODY_PREFIX)) return false;
  if (message !== undefined) sendMessages(m, read.slice(ASKED_BODY_PREFIX.length) as NodeId, [message]);
  return true;
}
