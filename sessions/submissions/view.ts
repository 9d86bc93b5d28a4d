/** One submission as its own node sees it: the log, the outbox, and what evaluators told the submitter. */
import type { Hash, Instant } from "../../src/model/index.ts";
import { mayOrder } from "../life/authority.ts";
import { hiddenFrom } from "../life/orders.ts";
import type { LedgerSubmission } from "../log/ledger.ts";
import type { Machine, OutboxItem, SubmissionDetail } from "../machine.ts";
import type { SubmissionView } from "../views.ts";

export function submissionView(m: Machine, id: Hash): SubmissionView | undefined {
  const logged = m.live?.ledger.submissions.get(id);
  const item = m.outbox.get(id);
  const detail = m.details.get(id);
  if (logged !== undefined) {
    const view = viewOfLogged(logged, item, detail);
    return isHidden(m, logged) ? { ...view, ...HIDDEN } : view;
  }
  return item === undefined ? undefined : viewOfQueued(m, id, item);
}

/** The freeze hides others' verdicts, but from the organizers. */
export function isHidden(m: Machine, logged: LedgerSubmission): boolean {
  if (m.live === null || logged.submitter === m.self || mayOrder(m.live.ledger, m.self)) return false;
  const from = hiddenFrom(m.live.ledger, m.now);
  return from !== null && logged.at >= from;
}

const HIDDEN = {
  phase: "assigned",
  settledAt: null,
  verdict: null,
  scoreMicros: null,
  costMax: null,
  memoryBytesMax: null,
  testsDone: null,
  digest: null,
  voters: [],
} as const;

function viewOfLogged(
  logged: LedgerSubmission,
  item: OutboxItem | undefined,
  detail: SubmissionDetail | undefined,
): SubmissionView {
  const { verdict } = logged;
  const statement = verdict?.statement;
  return {
    submission: logged.id,
    // A verdict in force is final for its submitter, also while it is judged again.
    phase: verdict === null ? logged.phase : "settled",
    submitter: logged.submitter,
    problem: logged.problem,
    language: logged.language,
    sentAt: (item?.submission.at as Instant | undefined) ?? null,
    receivedAt: logged.at,
    settledAt: verdict?.at ?? null,
    practice: logged.practice,
    rejudging: logged.rejudging !== null,
    cluster: logged.assignments.findLast(({ jury }) => jury === null)?.cluster ?? null,
    attempt: logged.assignments.length,
    progress: verdict === null ? (detail?.progress ?? null) : null,
    verdict: statement?.verdict ?? (logged.phase === "dead-letter" ? "JE" : null),
    scoreMicros: statement?.scoreMicros ?? null,
    costMax: statement?.costMax ?? null,
    memoryBytesMax: statement?.memoryBytesMax ?? null,
    testsDone: statement?.testsDone ?? null,
    digest: statement?.digest ?? null,
    voters: verdict?.voters ?? [],
    tests: detail?.tests ?? null,
    compileLog: detail?.compileLog ?? null,
    refusal: null,
  };
}

function viewOfQueued(m: Machine, id: Hash, item: OutboxItem): SubmissionView {
  return {
    submission: id,
    phase: "queued",
    submitter: m.self,
    problem: item.submission.problem,
    language: item.submission.language,
    sentAt: item.submission.at as Instant,
    receivedAt: null,
    settledAt: null,
    practice: false,
    rejudging: false,
    cluster: null,
    attempt: 0,
    progress: null,
    verdict: null,
    scoreMicros: null,
    costMax: null,
    memoryBytesMax: null,
    testsDone: null,
    digest: null,
    voters: [],
    tests: null,
    compileLog: null,
    refusal: item.refusal,
  };
}
