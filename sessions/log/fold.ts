/**
 * The fold of the committed log: pure, block by block. Equal logs give equal ledgers. An entry that does not hold is
 * void, on every node alike; nothing that a leader writes is believed before its certificate is checked (protocol.md §6.7).
 */
import { isOver, isPaused } from "../../src/contest/index.ts";
import {
  type Block,
  type EntryOf,
  type Instant,
  JURY,
  type LeaderCertificate,
  type LogEntry,
  sessionOfTerm,
  type Verifier,
} from "../../src/model/index.ts";
import { applyDispute, applyJuryVerdict, drawJuries } from "../disputes/fold.ts";
import { applyTrial, bar, electorate } from "../disputes/quarantine.ts";
import { clusterCertificateFault } from "../election/certificate.ts";
import { evidenceHolds } from "../evidence/proof.ts";
import { verdictFault } from "../evaluation/verdict-certificate.ts";
import { learnCost, markFit, markLed, recordAssigned, recordDone, resetClusters } from "../evaluation/scheduler.ts";
import { mapOf, recordInputs } from "../clusters/history.ts";
import { majorityOf } from "../quorum.ts";
import { sessionStart } from "../clock.ts";
import { applyAdmission } from "../joining/late-admission.ts";
import { applyAuthority } from "../life/authority.ts";
import { applyOrder } from "../life/orders.ts";
import { applyQuestion } from "../life/questions.ts";
import { recordRejudged } from "../life/rejudging.ts";
import { countReceipt, limitFault } from "../submissions/limits.ts";
import { type LedgerSubmission, rescore } from "./submission.ts";

import { favoursIn } from "./favour.ts";
import { costOf, firstGuess, type Ledger, type LedgerChange } from "./ledger.ts";

/** Folds one committed block. `verifier`: how signatures in it are checked; those of the own store were checked before. */
export function applyBlock(ledger: Ledger, block: Block, verifier: Verifier): readonly LedgerChange[] {
  const changes: LedgerChange[] = [];
  if (block.term > ledger.term) {
    const session = sessionOfTerm(block.term);
    if (ledger.term < 0 || session !== sessionOfTerm(ledger.term)) {
      changes.push(...enterSession(ledger, session, block));
    }
    ledger.term = block.term;
  }
  const favours = favoursIn(ledger, block);
  const favoured = new Set<LogEntry>(favours.map(({ entry }) => entry));
  for (const entry of block.entries) {
    if (favoured.has(entry)) changes.push(voided("assignment", "not-least-loaded"));
    else changes.push(...applyEntry(ledger, entry, block, verifier));
  }
  if (favours.length > 0) changes.push(...excludeLeader(ledger, block));
  if (changes.some(({ type }) => type === "excluded" || type === "quarantined" || type === "released")) refit(ledger);
  ledger.blockAt = block.at;
  return changes;
}

/** The block itself is the proof: its term's leader signed it, and the log before it says what it should have said. */
function excludeLeader(ledger: Ledger, block: Block): readonly LedgerChange[] {
  const node = ledger.central?.leader;
  if (node === undefined || ledger.excluded.has(node)) return [];
  ledger.excluded.add(node);
  bar(ledger, node, block.index);
  return [{ type: "excluded", node, offence: "wrong-assignment" }];
}

function refit(ledger: Ledger): void {
  const clusters = mapOf(ledger.maps, ledger.scheduler.session)?.map.clusters ?? [];
  markFit(ledger.scheduler, (index) => {
    const members = clusters[index] ?? [];
    return members.filter((node) => !ledger.quarantine.barred.has(node)).length >= majorityOf(members.length);
  });
}

function applyEntry(ledger: Ledger, entry: LogEntry, block: Block, verifier: Verifier): readonly LedgerChange[] {
  if (entry.type === "dispute") return applyDispute(ledger, entry, block, verifier);
  if (entry.type === "trial") return applyTrial(ledger, entry, block, verifier);
  if (entry.type === "verdict" && entry.certificate.statement.cluster === JURY) {
    return applyJuryVerdict(ledger, entry, block, verifier);
  }
  const change = applyPlainEntry(ledger, entry, block, verifier);
  return change === undefined ? [] : [change];
}

function applyPlainEntry(
  ledger: Ledger,
  entry: Exclude<LogEntry, { readonly type: "dispute" | "trial" }>,
  block: Block,
  verifier: Verifier,
): LedgerChange | undefined {
  switch (entry.type) {
    case "term":
      // Checked where blocks are linked: a log without a valid certificate is no log.
      ledger.central = entry.certificate;
      ledger.council = entry.council;
      return { type: "term", certificate: entry.certificate, council: entry.council };
    case "council":
      ledger.council = entry.council;
      return undefined;
    case "cluster-leader":
      return applyClusterLeader(ledger, entry.certificate, verifier);
    case "map":
      return applyMap(ledger, entry, block);
    case "receipt":
      return applyReceipt(ledger, entry, block);
    case "assignment":
      return applyAssignment(ledger, entry, block);
    case "verdict":
      return applyVerdict(ledger, entry, block, verifier);
    case "dead-letter":
      return applyDeadLetter(ledger, entry);
    case "recovery":
      return { type: "recovered", council: entry.recovery.statement.council };
    case "evidence":
      return applyEvidence(ledger, entry, block, verifier);
    case "order":
      return applyOrder(ledger, entry, block, verifier);
    case "question":
      return applyQuestion(ledger, entry, block, verifier);
    case "authority":
      return applyAuthority(ledger, entry, verifier);
    case "admission":
      return applyAdmission(ledger, entry, block, verifier);
  }
}

function enterSession(ledger: Ledger, session: number, block: Block): readonly LedgerChange[] {
  ledger.leaders.clear();
  resetClusters(ledger.scheduler, session, languagesOfClusters(ledger, session));
  refit(ledger);
  return drawJuries(ledger, session, block);
}

/** What each cluster can judge: the languages that enough of its members have to form a majority. */
function languagesOfClusters(ledger: Ledger, session: number): readonly ReadonlySet<string>[] {
  return mapOf(ledger.maps, session)?.languages ?? [];
}

function applyClusterLeader(ledger: Ledger, certificate: LeaderCertificate, verifier: Verifier): LedgerChange {
  const fault = clusterLeaderFault(ledger, certificate, verifier);
  if (fault !== undefined) return voided("cluster-leader", fault);
  ledger.leaders.set(certificate.cluster as number, certificate);
  markLed(ledger.scheduler, certificate.cluster as number);
  return { type: "cluster-leader", certificate };
}

function clusterLeaderFault(ledger: Ledger, certificate: LeaderCertificate, verifier: Verifier): string | undefined {
  if (certificate.cluster === null) return "not-a-cluster";
  if (certificate.session !== sessionOfTerm(ledger.term)) return "wrong-session";
  if (ledger.excluded.has(certificate.leader)) return "excluded";
  const known = ledger.leaders.get(certificate.cluster);
  if (known !== undefined && known.round >= certificate.round) return "not-newer";
  const members = mapOf(ledger.maps, certificate.session)?.map.clusters[certificate.cluster];
  if (members === undefined) return "unknown-cluster";
  return clusterCertificateFault({ verifier, contest: ledger.basis.contest }, certificate, members);
}

function applyMap(ledger: Ledger, entry: EntryOf<"map">, block: Block): LedgerChange {
  const { basis } = ledger;
  if (entry.session <= sessionOfTerm(block.term)) return voided("map", "session-begun");
  if (block.at >= sessionStart(basis, entry.session)) return voided("map", "too-late");
  // A map for a session in years would be the last one: only later ones replace it.
  if (block.at < sessionStart(basis, entry.session - 1)) return voided("map", "too-early");
  const fault = recordInputs(ledger.maps, entry, ledger.council, ledger.excluded);
  return fault === undefined ? { type: "map", session: entry.session } : voided("map", fault);
}

/** A receipt is hardly earlier than the block before its own: clocks of two leaders differ a little (§9). */
const BACKDATED_MAX_MS = 60_000;

function applyReceipt(ledger: Ledger, entry: EntryOf<"receipt">, block: Block): LedgerChange {
  if (entry.at < ledger.blockAt - BACKDATED_MAX_MS) return voided("receipt", "misdated");
  if (ledger.submissions.has(entry.submission)) return voided("receipt", "duplicate");
  if (!ledger.maps.members.has(entry.submitter)) return voided("receipt", "not-in-roster");
  if (!ledger.basis.manifest.problems.some((problem) => problem.id === entry.problem)) {
    return voided("receipt", "unknown-problem");
  }
  if (entry.at > block.at) return voided("receipt", "from-the-future");
  const { life } = ledger;
  if (isPaused(life.timeline, entry.at)) return voided("receipt", "paused");
  if (life.disqualified.has(entry.submitter)) return voided("receipt", "disqualified");
  const practice = isOver(life.timeline, entry.at);
  const limit = practice ? undefined : limitFault(ledger.limits, ledger.basis.manifest, entry);
  if (limit !== undefined) return voided("receipt", limit.code);
  if (!practice) countReceipt(ledger.limits, entry);
  const submission: LedgerSubmission = {
    id: entry.submission,
    submitter: entry.submitter,
    problem: entry.problem,
    language: entry.language,
    at: entry.at as Instant,
    index: ledger.receipts,
    phase: "accepted",
    assignments: [],
    verdict: null,
    practice,
    council: ledger.council,
    triesFrom: 0,
    validFrom: 0,
    rejudging: null,
    dismissed: false,
    hindrance: "",
  };
  ledger.lastReceipts.set(submission.submitter, ledger.receipts);
  ledger.receipts += 1;
  ledger.submissions.set(submission.id, submission);
  ledger.pending.set(submission.id, submission);
  if (submission.practice) life.waiting.set(submission.id, submission);
  rescore(ledger.standings, submission);
  return { type: "received", submission };
}

function applyAssignment(ledger: Ledger, entry: EntryOf<"assignment">, block: Block): LedgerChange {
  const submission = ledger.pending.get(entry.submission);
  if (submission === undefined) return voided("assignment", "not-pending");
  if (entry.attempt !== submission.assignments.length + 1) return voided("assignment", "wrong-attempt");
  if (entry.session !== sessionOfTerm(block.term)) return voided("assignment", "wrong-session");
  if (ledger.scheduler.clusters[entry.cluster] === undefined) return voided("assignment", "unknown-cluster");
  const revision = ledger.life.revisions.get(submission.problem)?.length ?? 0;
  const { session, cluster } = entry;
  submission.assignments.push({ session, cluster, at: block.at as Instant, revision, index: block.index, jury: null });
  submission.phase = "assigned";
  if (ledger.life.waiting.delete(submission.id)) ledger.life.inWork.add(submission.id);
  recordAssigned(ledger.scheduler, submission.id, entry.cluster, costOf(ledger, submission));
  return { type: "assigned", submission, attempt: entry.attempt };
}

/** The certificate of any logged attempt settles the submission; the first one in the log counts. */
function applyVerdict(ledger: Ledger, entry: EntryOf<"verdict">, block: Block, verifier: Verifier): LedgerChange {
  const { statement, votes } = entry.certificate;
  const submission = ledger.pending.get(statement.submission);
  if (submission === undefined) return voided("verdict", "not-pending");
  const assignment = submission.assignments[statement.attempt - 1];
  if (assignment?.session !== statement.session || assignment.cluster !== statement.cluster) {
    return voided("verdict", "not-assigned");
  }
  if (statement.attempt <= submission.validFrom) return voided("verdict", "judged-before");
  const cluster = mapOf(ledger.maps, statement.session)?.map.clusters[statement.cluster];
  if (cluster === undefined) return voided("verdict", "unknown-cluster");
  const check = { verifier, contest: ledger.basis.contest };
  const electors = electorate(ledger, cluster, submission.submitter, assignment.index);
  const fault = verdictFault(check, entry.certificate, cluster, submission.submitter, { electors });
  if (fault !== undefined) return voided("verdict", fault);
  const alone = ledger.scheduler.clusters[statement.cluster]?.tasks === 1;
  if (alone && statement.session === ledger.scheduler.session) {
    // Without a queue before it the time from assignment to verdict is the work itself.
    learnCost(
      ledger.scheduler,
      submission.problem,
      submission.language,
      firstGuess(ledger, submission),
      block.at - assignment.at,
    );
  }
  recordDone(ledger.scheduler, submission.id);
  const verdict = { statement, voters: votes.map((vote) => vote.evaluator), at: block.at as Instant };
  done(ledger, submission);
  if (submission.rejudging !== null) {
    recordRejudged(ledger, submission, verdict);
    return { type: "rejudged", submission, before: submission.verdict, verdict };
  }
  submission.verdict = verdict;
  submission.phase = "settled";
  ledger.judged += 1;
  ledger.disputes.unchecked.add(submission);
  rescore(ledger.standings, submission);
  return { type: "settled", submission, verdict };
}

function done({ pending, life }: Ledger, { id }: LedgerSubmission): void {
  pending.delete(id);
  life.waiting.delete(id);
  life.inWork.delete(id);
}

function applyDeadLetter(ledger: Ledger, entry: EntryOf<"dead-letter">): LedgerChange {
  const submission = ledger.pending.get(entry.submission);
  if (submission === undefined) return voided("dead-letter", "not-pending");
  const tries = submission.assignments.length - submission.triesFrom;
  if (tries < ledger.basis.manifest.attemptsMax) return voided("dead-letter", "attempts-left");
  recordDone(ledger.scheduler, submission.id);
  done(ledger, submission);
  if (submission.rejudging !== null) {
    // The old verdict stays.
    recordRejudged(ledger, submission, null);
    return { type: "rejudged", submission, before: submission.verdict, verdict: null };
  }
  submission.phase = "dead-letter";
  submission.hindrance = entry.reason;
  ledger.life.deadLetters.set(submission.id, submission);
  return { type: "dead-letter", submission };
}

function applyEvidence(ledger: Ledger, entry: EntryOf<"evidence">, block: Block, verifier: Verifier): LedgerChange {
  const { contest, manifest } = ledger.basis;
  if (ledger.excluded.has(entry.accused)) return voided("evidence", "excluded-already");
  if (!ledger.maps.members.has(entry.accused)) return voided("evidence", "not-in-roster");
  if (!evidenceHolds({ verifier, contest }, manifest.deterministic, entry)) return voided("evidence", "no-proof");
  ledger.excluded.add(entry.accused);
  bar(ledger, entry.accused, block.index);
  return { type: "excluded", node: entry.accused, offence: entry.offence };
}

function voided(entry: LogEntry["type"], fault: string): LedgerChange {
  return { type: "void", entry, fault };
}
