/** The central leader's side of judging: hands committed assignments out, takes verdicts in, moves what takes too long (protocol.md §6.3, §6.7, §6.8). */
import {
  type Assignment,
  ASSIGNMENT_BYTES_MAX,
  ASSIGNMENTS_MAX,
  assignments,
  type Hash,
  JURY,
  letterIdOf,
  sessionOfTerm,
  type VerdictCertificate,
} from "../../src/model/index.ts";
import { mapOf } from "../clusters/history.ts";
import { clearTimer, send, setTimer } from "../context.ts";
import { enqueue, pump } from "../council/leading.ts";
import { electorate } from "../disputes/quarantine.ts";
import { juryVerdictFault } from "../disputes/fold.ts";
import { hearNow } from "../disputes/hearing.ts";
import type { LedgerChange, LedgerSubmission } from "../log/ledger.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { verdictFault } from "./verdict-certificate.ts";

export const ASSIGNMENT_TIMER_PREFIX = "assignment/";
/** What an assignment adds to its submission, at most. */
const ASSIGNMENT_FRAME_BYTES = 512;

/** What is committed is acted upon, by the leader that still leads. */
export function onChange(m: Machine, live: Live, change: LedgerChange): void {
  const { leading } = live;
  if (leading === null) return;
  switch (change.type) {
    case "received":
      leading.queued.delete(change.submission.id);
      return;
    case "assigned":
      handOut(m, live, change.submission);
      return;
    case "settled":
    case "rejudged":
    case "dead-letter":
      leading.settling.delete(change.submission.id);
      leading.abstained.delete(change.submission.id);
      clearTimer(m, ASSIGNMENT_TIMER_PREFIX + change.submission.id);
      return;
    case "jury":
      hearNow(m, live, change.hearing);
      return;
    case "heard":
      leading.settling.delete(change.submission.id);
      return;
    case "cluster-leader":
      onClusterLeaderLogged(m, live, change.certificate.cluster as number);
      return;
    case "ordered":
      leading.queued.delete(change.order.id);
      return;
    case "contradicted":
      leading.queued.delete(change.doubt);
      return;
    case "disputed":
      if (change.doubt !== null) leading.queued.delete(change.doubt);
      return;
    case "asked":
      leading.queued.delete(change.question.id);
      return;
    case "resealed":
      leading.queued.delete(change.letter);
      return;
    case "authority":
      leading.queued.delete(letterIdOf(change.message));
      return;
    case "admitted":
    case "term":
    case "map":
    case "excluded":
    case "quarantined":
    case "released":
    case "recovered":
    case "void":
  }
}

export function handOut(m: Machine, live: Live, submission: LedgerSubmission): void {
  const last = submission.assignments.at(-1);
  if (last === undefined) return;
  const { session, cluster, revision } = last;
  setTimer(m, ASSIGNMENT_TIMER_PREFIX + submission.id, timeLeft(m, live, last));
  const message = live.bodies.get(submission.id);
  const leader = live.sessions.find((view) => view.session === session)?.leaders.get(cluster)?.leader;
  if (message === undefined || leader === undefined) return;
  const attempt = submission.assignments.length;
  live.leading?.handing.push({
    to: leader,
    given: { submission: submission.id, attempt, session, cluster, revision, message },
  });
}

/** At the end of a step: what one block gave to a cluster travels in as few messages as their bounds allow. */
export function sendHanded(m: Machine): void {
  const leading = m.live?.leading ?? null;
  if (leading === null || leading.handing.length === 0) return;
  const handing = leading.handing.splice(0);
  for (const [leader, handed] of Map.groupBy(handing, ({ to }) => to)) {
    let batch: Assignment[] = [];
    let bytes = 0;
    for (const { given } of handed) {
      if (batch.length >= ASSIGNMENTS_MAX || bytes + given.message.body.length > ASSIGNMENT_BYTES_MAX) {
        if (batch.length > 0) send(m, leader, "assign", assignments, { assignments: batch });
        batch = [];
        bytes = 0;
      }
      batch.push(given);
      bytes += given.message.body.length + ASSIGNMENT_FRAME_BYTES;
    }
    send(m, leader, "assign", assignments, { assignments: batch });
  }
}

/** Counted from the logged assignment: however often leaders change, a task does not wait for ever. */
function timeLeft(m: Machine, live: Live, assigned: LedgerSubmission["assignments"][number]): number {
  const { scheduler } = live.ledger;
  const load = assigned.session === scheduler.session ? (scheduler.clusters[assigned.cluster]?.load ?? 0) : 0;
  return Math.max(m.timing.suspectMs, assigned.at + m.timing.assignmentMs + load - m.now);
}

/** A new leader of a cluster gets what its predecessor had; and what waited for any leader is assigned. */
function onClusterLeaderLogged(m: Machine, live: Live, cluster: number): void {
  const { scheduler, pending } = live.ledger;
  for (const [id, task] of scheduler.assigned) {
    const submission = task.cluster === cluster ? pending.get(id) : undefined;
    if (submission !== undefined) handOut(m, live, submission);
  }
  assignUnassigned(m, live);
}

export function assignUnassigned(m: Machine, live: Live): void {
  const { leading, ledger } = live;
  if (leading?.status !== "active") return;
  for (const submission of ledger.pending.values()) {
    const isForNow = submission.phase === "accepted" && !ledger.life.waiting.has(submission.id);
    if (isForNow) leading.queue.push({ type: "assign", id: submission.id });
  }
  pump(m, live);
}

/** A new term: everything pending is looked after again. */
export function resumePending(m: Machine, live: Live): void {
  const session = sessionOfTerm(live.ledger.term);
  for (const submission of live.ledger.pending.values()) {
    const last = submission.assignments.at(-1);
    if (last === undefined || submission.phase !== "assigned") continue;
    const known = live.sessions.some((view) => view.session === last.session && view.leaders.has(last.cluster));
    if (known) handOut(m, live, submission);
    // The clusters of an older session finish what they have; nobody may be left there.
    if (last.session !== session || !known) {
      const wait = Math.min(timeLeft(m, live, last), m.timing.suspectMs * OLD_CLUSTER_PATIENCE);
      setTimer(m, ASSIGNMENT_TIMER_PREFIX + submission.id, wait);
    }
  }
  assignUnassigned(m, live);
}

const OLD_CLUSTER_PATIENCE = 4;

export function onAssignmentTimer(m: Machine, live: Live, id: Hash): void {
  if (live.leading === null || !live.ledger.pending.has(id)) return;
  enqueue(m, live, { type: "assign", id });
  setTimer(m, ASSIGNMENT_TIMER_PREFIX + id, m.timing.assignmentMs);
}

/** From a cluster leader, or from anyone who holds the results. */
export function onVerdict(m: Machine, live: Live, body: VerdictCertificate): Validity {
  const { leading } = live;
  const id = body.statement.submission;
  if (leading === null) return ignore("not-leading");
  if (body.statement.cluster === JURY) return onJuryVerdict(m, live, body);
  const submission = live.ledger.pending.get(id);
  if (submission === undefined || leading.settling.has(id)) return ignore("not-pending");
  const { session, cluster, attempt } = body.statement;
  const assigned = submission.assignments[attempt - 1];
  if (assigned?.session !== session || assigned.cluster !== cluster) return ignore("not-assigned");
  if (attempt <= submission.validFrom) return ignore("judged-before");
  const members = mapOf(live.ledger.maps, session)?.map.clusters[cluster];
  if (members === undefined) return ignore("unknown-cluster");
  const electors = electorate(live.ledger, members, submission.submitter, assigned.index);
  const fault = verdictFault(live.rules, body, members, submission.submitter, { electors });
  if (fault !== undefined) return reject(fault);
  leading.settling.add(id);
  enqueue(m, live, { type: "verdict", certificate: body });
  return ACCEPT;
}

function onJuryVerdict(m: Machine, live: Live, body: VerdictCertificate): Validity {
  const { leading, ledger } = live;
  const id = body.statement.submission;
  if (leading === null || leading.settling.has(id)) return ignore("settling");
  const fault = juryVerdictFault(ledger, body, live.rules.verifier);
  if (fault !== undefined) return ignore(fault);
  leading.settling.add(id);
  enqueue(m, live, { type: "verdict", certificate: body });
  return ACCEPT;
}
