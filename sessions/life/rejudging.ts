/** Judging again: which submissions, and what becomes of the new verdicts. The old ones are in force until the organizer applies them. */
import type { Hash, Instant, NodeId, Selection } from "../../src/model/index.ts";
import { recordDone } from "../evaluation/scheduler.ts";
import type { Ledger } from "../log/ledger.ts";
import { type LedgerSubmission, type LedgerVerdict, rescore } from "../log/submission.ts";
import type { Rejudging } from "./state.ts";

/** Submissions of one rejudging, so that the queue of the live contest keeps its room. */
const REJUDGED_MAX = 100_000;

/** The settled submissions that a selection means, in the order of their receipts. */
export function startRejudging(ledger: Ledger, selection: Selection): readonly LedgerSubmission[] {
  const one = selection.submission === null ? undefined : ledger.submissions.get(selection.submission);
  const from = selection.submission === null ? ledger.submissions.values() : one === undefined ? [] : [one];
  const found: LedgerSubmission[] = [];
  for (const submission of from) {
    if (found.length >= REJUDGED_MAX) break;
    if (isSelected(selection, submission)) found.push(submission);
  }
  return found;
}

function isSelected(selection: Selection, submission: LedgerSubmission): boolean {
  const { verdict, practice, dismissed, phase, rejudging } = submission;
  if (verdict === null || phase !== "settled" || practice || dismissed || rejudging !== null) return false;
  return (
    (selection.problem === null || selection.problem === submission.problem) &&
    (selection.language === null || selection.language === submission.language) &&
    (selection.verdict === null || selection.verdict === verdict.statement.verdict)
  );
}

export function requeue(
  ledger: Ledger,
  order: {
    readonly id: Hash;
    readonly by: NodeId;
    readonly at: Instant;
    readonly selection: Selection;
    readonly reason: string;
  },
): void {
  const submissions = startRejudging(ledger, order.selection);
  const before = new Map<Hash, LedgerVerdict>();
  for (const submission of submissions) {
    if (submission.verdict !== null) before.set(submission.id, submission.verdict);
    submission.phase = "accepted";
    submission.rejudging = order.id;
    submission.triesFrom = submission.assignments.length;
    submission.validFrom = submission.assignments.length;
    ledger.pending.set(submission.id, submission);
    ledger.life.waiting.set(submission.id, submission);
  }
  ledger.life.rejudgings.set(order.id, { ...order, submissions, before, results: new Map(), status: "judging" });
}

/** A new verdict, or that nobody could make one (null). */
export function recordRejudged(ledger: Ledger, submission: LedgerSubmission, verdict: LedgerVerdict | null): void {
  const rejudging = submission.rejudging === null ? undefined : ledger.life.rejudgings.get(submission.rejudging);
  submission.phase = "settled";
  submission.rejudging = null;
  if (rejudging?.status !== "judging") return;
  rejudging.results.set(submission.id, verdict);
  if (rejudging.results.size === rejudging.submissions.length) rejudging.status = "judged";
}

export function applyRejudging(ledger: Ledger, id: Hash): void {
  const rejudging = ledger.life.rejudgings.get(id);
  if (rejudging === undefined) return;
  for (const submission of rejudging.submissions) {
    const verdict = rejudging.results.get(submission.id);
    if (verdict === undefined || verdict === null) continue;
    submission.verdict = verdict;
    rescore(ledger.standings, submission);
  }
  rejudging.status = "applied";
}

export function cancelRejudging(ledger: Ledger, id: Hash): void {
  const rejudging = ledger.life.rejudgings.get(id);
  if (rejudging === undefined) return;
  for (const submission of rejudging.submissions) {
    if (submission.rejudging !== id) continue;
    submission.rejudging = null;
    submission.phase = "settled";
    recordDone(ledger.scheduler, submission.id);
    ledger.pending.delete(submission.id);
    ledger.life.waiting.delete(submission.id);
    ledger.life.inWork.delete(submission.id);
  }
  rejudging.status = "cancelled";
}

/** How a rejudging would change verdicts; equal ones are left out. */
export function changedBy(rejudging: Rejudging): readonly {
  readonly submission: LedgerSubmission;
  readonly before: LedgerVerdict;
  readonly after: LedgerVerdict;
}[] {
  return rejudging.submissions.flatMap((submission) => {
    const before = rejudging.before.get(submission.id);
    const after = rejudging.results.get(submission.id);
    if (before === undefined || after === undefined || after === null) return [];
    const same =
      before.statement.verdict === after.statement.verdict &&
      before.statement.scoreMicros === after.statement.scoreMicros;
    return same ? [] : [{ submission, before, after }];
  });
}

/** Dead letters: one, or all. */
export function replayable(ledger: Ledger, submission: Hash | null): readonly LedgerSubmission[] {
  const { deadLetters } = ledger.life;
  if (submission === null) return [...deadLetters.values()];
  const found = deadLetters.get(submission);
  return found === undefined ? [] : [found];
}
