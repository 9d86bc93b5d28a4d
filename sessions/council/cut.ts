/** Cutting a block: as much of the leader's queue as one block holds, with the assignments that follow from it (protocol.md §6.3). */
import {
  BLOCK_BYTES_MAX,
  BLOCK_ENTRIES_MAX,
  type Hash,
  JURY,
  type Language,
  type LogEntry,
  type SignedMessage,
  sourceBytesOf,
  type Statement,
} from "../../src/model/index.ts";
import { chooseCluster, recordAssigned, recordDone } from "../evaluation/scheduler.ts";
import { isOver } from "../../src/contest/index.ts";
import { costOf } from "../log/ledger.ts";
import type { Leading, Live, Proposal } from "../machine.ts";
import { countReceipt, limitFault } from "../submissions/limits.ts";

/** Bodies that travel with one block. */
const BODIES_BYTES_MAX = 1024 * 1024;
/** Of one entry's encoding; a signature more for each vote. */
const ENTRY_BYTES_GUESS = 300;

interface Cut {
  readonly entries: LogEntry[];
  readonly bodies: SignedMessage[];
  bytes: number;
  bodyBytes: number;
  /** Loads are planned on the ledger's own scheduler and taken back: the fold of the committed block puts them there. */
  readonly undo: (() => void)[];
}

/** @param entriesMax at most {@link BLOCK_ENTRIES_MAX}; one proposal may bring two entries */
export function cutBlock(
  live: Live,
  leading: Leading,
  entriesMax = BLOCK_ENTRIES_MAX,
): { readonly entries: readonly LogEntry[]; readonly bodies: readonly SignedMessage[] } {
  const cut: Cut = { entries: [], bodies: [], bytes: 0, bodyBytes: 0, undo: [] };
  let taken = 0;
  for (const proposal of leading.queue) {
    if (isFull(cut) || cut.entries.length >= entriesMax) break;
    taken += 1;
    add(live, cut, proposal);
  }
  leading.queue.splice(0, taken);
  for (const step of cut.undo.reverse()) step();
  return cut;
}

function isFull(cut: Cut): boolean {
  return (
    cut.entries.length + 2 > BLOCK_ENTRIES_MAX || cut.bytes > BLOCK_BYTES_MAX / 2 || cut.bodyBytes > BODIES_BYTES_MAX
  );
}

function add(live: Live, cut: Cut, proposal: Proposal): void {
  switch (proposal.type) {
    case "receipt":
      addReceipt(live, cut, proposal);
      return;
    case "assign":
      addAssignment(live, cut, proposal.id);
      return;
    case "verdict":
      if (!isAwaited(live, proposal.certificate.statement)) {
        // A rejudging was cancelled meanwhile; the submission may be judged again later.
        live.leading?.settling.delete(proposal.certificate.statement.submission);
        return;
      }
      cut.entries.push({ type: "verdict", certificate: proposal.certificate });
      cut.bytes += ENTRY_BYTES_GUESS * (1 + proposal.certificate.votes.length);
      return;
    case "entry":
      cut.entries.push(proposal.entry);
      cut.bytes += ENTRY_BYTES_GUESS * 4 + ("message" in proposal.entry ? proposal.entry.message.body.length : 0);
  }
}

/** A verdict of a submission that waits for one, or of a jury. */
function isAwaited({ ledger }: Live, { submission, cluster }: Statement): boolean {
  return cluster === JURY ? ledger.disputes.open.has(submission) : ledger.pending.has(submission);
}

function addReceipt(live: Live, cut: Cut, proposal: Extract<Proposal, { readonly type: "receipt" }>): void {
  const { id, submission, at, message } = proposal;
  // An adopted block of an earlier leader may have brought it meanwhile.
  if (live.ledger.submissions.has(id)) return;
  const { problem, language } = submission;
  const { signer: submitter } = message;
  const isPractice = isOver(live.ledger.life.timeline, at);
  if (!isPractice && limitFault(live.ledger.limits, live.basis.manifest, { submitter, problem, at }) !== undefined) {
    // Those ahead of it in the queue were the last ones allowed: it is refused when it comes again.
    live.leading?.queued.delete(id);
    return;
  }
  if (!isPractice) cut.undo.push(countReceipt(live.ledger.limits, { submitter, problem, at }));
  const sourceBytes = sourceBytesOf(submission);
  cut.entries.push({ type: "receipt", submission: id, submitter, problem, language, at, sourceBytes });
  cut.bodies.push(message);
  cut.bytes += ENTRY_BYTES_GUESS;
  cut.bodyBytes += message.body.length;
  // Practice is assigned a few at a time (life/background).
  if (!isPractice) assign(live, cut, id, problem, language, []);
}

function addAssignment(live: Live, cut: Cut, id: Hash): void {
  const { ledger } = live;
  const submission = ledger.pending.get(id);
  if (submission === undefined || !live.bodies.has(id)) return;
  cut.bytes += ENTRY_BYTES_GUESS;
  if (submission.assignments.length - submission.triesFrom >= live.basis.manifest.attemptsMax) {
    cut.entries.push({ type: "dead-letter", submission: id, reason: live.leading?.hindrances.get(id) ?? "" });
    return;
  }
  const tried = submission.assignments
    .filter((assignment) => assignment.session === ledger.scheduler.session)
    .map((assignment) => assignment.cluster);
  assign(live, cut, id, submission.problem, submission.language, tried);
}

function assign(live: Live, cut: Cut, id: Hash, problem: string, language: Language, tried: readonly number[]): void {
  const { scheduler, pending } = live.ledger;
  const cluster = chooseCluster(scheduler, id, language, tried);
  if (cluster === undefined) return;
  const before = scheduler.assigned.get(id);
  recordAssigned(scheduler, id, cluster, costOf(live.ledger, { problem, language }));
  cut.undo.push(() => {
    recordDone(scheduler, id);
    if (before !== undefined) recordAssigned(scheduler, id, before.cluster, before.cost);
  });
  const attempt = (pending.get(id)?.assignments.length ?? 0) + 1;
  cut.entries.push({ type: "assignment", submission: id, attempt, session: scheduler.session, cluster });
}
