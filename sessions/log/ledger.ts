/**
 * What the committed log says: a pure fold of its blocks. Equal logs give equal ledgers. An entry that does not hold is
 * void, on every node alike; nothing that a leader writes is believed before its certificate is checked (protocol.md §6.7).
 */
import { isOver, isPaused, newStandings, type ScoringRules, type Standings } from "../../src/contest/index.ts";
import {
  type Block,
  type ContestId,
  type EntryOf,
  type Hash,
  hashOf,
  type Instant,
  JURY,
  type Language,
  type LeaderCertificate,
  type LogEntry,
  type Manifest,
  type NodeId,
  type Offence,
  type Roster,
  type RosterMember,
  sessionOfTerm,
  type SignedMessage,
  type Verifier,
} from "../../src/model/index.ts";
import { applyDispute, applyJuryVerdict, drawJuries } from "../disputes/fold.ts";
import { applyTrial, bar, electorate, newQuarantineBook, type QuarantineBook } from "../disputes/quarantine.ts";
import { type DisputeBook, type Heard, type Hearing, type Jury, newDisputeBook } from "../disputes/state.ts";
import { clusterCertificateFault } from "../election/certificate.ts";
import { evidenceHolds } from "../evidence/proof.ts";
import { verdictFault } from "../evaluation/verdict-certificate.ts";
import {
  expectedCost,
  learnCost,
  markFit,
  markLed,
  newScheduler,
  recordAssigned,
  recordDone,
  resetClusters,
  type Scheduler,
} from "../evaluation/scheduler.ts";
import { type MapHistory, mapOf, newMapHistory, recordInputs } from "../clusters/history.ts";
import { majorityOf } from "../quorum.ts";
import { sessionStart } from "../clock.ts";
import { applyAdmission } from "../joining/late-admission.ts";
import { applyAuthority } from "../life/authority.ts";
import { applyOrder, type LoggedOrder, type OrderFault } from "../life/orders.ts";
import { applyQuestion } from "../life/questions.ts";
import { recordRejudged } from "../life/rejudging.ts";
import { type ContestLife, type LoggedQuestion, newLife } from "../life/state.ts";
import { countReceipt, limitFault, type Limits, newLimits } from "../submissions/limits.ts";
import { type LedgerSubmission, type LedgerVerdict, rescore } from "./submission.ts";

export type { LedgerSubmission, LedgerVerdict } from "./submission.ts";

export interface LedgerBasis {
  readonly contest: ContestId;
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly rosterHash: Hash;
  readonly startsAt: Instant;
}

export interface Ledger {
  readonly basis: LedgerBasis;
  term: number;
  central: LeaderCertificate | null;
  /** In force after the last block. */
  council: readonly NodeId[];
  /** Leaders of the clusters of the term's session. */
  readonly leaders: Map<number, LeaderCertificate>;
  readonly maps: MapHistory;
  /** Nodes proved to have lied: they lead nothing and count in no quorum. */
  readonly excluded: Set<NodeId>;
  readonly submissions: Map<Hash, LedgerSubmission>;
  /** Receipts without a verdict, in the order of their receipts. */
  readonly pending: Map<Hash, LedgerSubmission>;
  readonly scheduler: Scheduler;
  readonly standings: Standings;
  /** The number of each submitter's last receipt. */
  readonly lastReceipts: Map<NodeId, number>;
  receipts: number;
  readonly limits: Limits;
  /** Of the last block. */
  blockAt: number;
  judged: number;
  /** life/ */
  readonly life: ContestLife;
  /** disputes/ */
  readonly disputes: DisputeBook;
  readonly quarantine: QuarantineBook;
}

/**
 * What an entry did, for whoever acts on committed entries. Blocks are committed and folded in groups: `submission` and
 * `hearing` are told as they are after the last one; what the entry itself said stands beside them.
 */
export type LedgerChange =
  | { readonly type: "term"; readonly certificate: LeaderCertificate; readonly council: readonly NodeId[] }
  | { readonly type: "cluster-leader"; readonly certificate: LeaderCertificate }
  | { readonly type: "map"; readonly session: number }
  | { readonly type: "received"; readonly submission: LedgerSubmission }
  | { readonly type: "assigned"; readonly submission: LedgerSubmission; readonly attempt: number }
  | { readonly type: "settled"; readonly submission: LedgerSubmission; readonly verdict: LedgerVerdict }
  | { readonly type: "dead-letter"; readonly submission: LedgerSubmission }
  | { readonly type: "excluded"; readonly node: NodeId; readonly offence: Offence }
  /** Its signed results contradicted verdicts too often: it judges on trial. */
  | { readonly type: "quarantined"; readonly node: NodeId; readonly index: number }
  | { readonly type: "released"; readonly node: NodeId; readonly index: number }
  /** A signed result that contradicts a verdict is logged; whether a jury hears of it is another change. */
  | {
      readonly type: "contradicted";
      readonly submission: LedgerSubmission;
      readonly node: NodeId;
      readonly doubt: Hash;
    }
  /** A verdict is in doubt; `doubt` null: by lot. */
  | { readonly type: "disputed"; readonly hearing: Hearing; readonly doubt: Hash | null }
  /** A jury was drawn to hear it. */
  | { readonly type: "jury"; readonly hearing: Hearing; readonly jury: Jury }
  /** It came to a result, or to none; an overturned verdict is replaced already. */
  | { readonly type: "heard"; readonly submission: LedgerSubmission; readonly heard: Heard }
  /** A verdict that is not in force yet; null: nobody could judge it again. */
  | {
      readonly type: "rejudged";
      readonly submission: LedgerSubmission;
      readonly before: LedgerVerdict | null;
      readonly verdict: LedgerVerdict | null;
    }
  /** `fault`: it is void. */
  | { readonly type: "ordered"; readonly order: LoggedOrder; readonly fault: OrderFault | null }
  | { readonly type: "asked"; readonly question: LoggedQuestion }
  /** An open question can be read by whoever holds a seat now. */
  | { readonly type: "resealed"; readonly letter: Hash }
  | { readonly type: "authority"; readonly message: SignedMessage }
  /** A latecomer takes part from here on. */
  | { readonly type: "admitted"; readonly member: RosterMember }
  /** The sages named this council, since a majority of the one before was gone for good. */
  | { readonly type: "recovered"; readonly council: readonly NodeId[] }
  | { readonly type: "void"; readonly entry: LogEntry["type"]; readonly fault: string };

export function newLedger(basis: LedgerBasis): Ledger {
  return {
    basis,
    term: -1,
    central: null,
    council: [],
    leaders: new Map(),
    maps: newMapHistory(basis.contest, basis.manifest, basis.roster, basis.rosterHash),
    excluded: new Set(),
    submissions: new Map(),
    pending: new Map(),
    scheduler: newScheduler(),
    standings: newStandings(
      scoringRules(basis),
      basis.roster.members.filter((member) => member.role === "participant"),
    ),
    lastReceipts: new Map(),
    receipts: 0,
    limits: newLimits(),
    blockAt: 0,
    judged: 0,
    life: newLife({ startsAt: basis.startsAt, durationMs: basis.manifest.durationMs }, basis.manifest),
    disputes: newDisputeBook(),
    quarantine: newQuarantineBook(),
  };
}

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
  for (const entry of block.entries) changes.push(...applyEntry(ledger, entry, block, verifier));
  if (changes.some(({ type }) => type === "excluded" || type === "quarantined" || type === "released")) refit(ledger);
  ledger.blockAt = block.at;
  return changes;
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

export function costOf(ledger: Ledger, submission: { readonly problem: string; readonly language: Language }): number {
  return expectedCost(ledger.scheduler, submission.problem, submission.language, firstGuess(ledger, submission));
}

export function firstGuess(ledger: Ledger, submission: { readonly problem: string }): number {
  const problem = ledger.basis.manifest.problems.find((each) => each.id === submission.problem);
  return problem?.expectedCostMs ?? 1000;
}

/** The hash that stands before the first block. */
export function genesisHash(roster: Uint8Array): Hash {
  return hashOf(roster);
}

function scoringRules(basis: LedgerBasis): ScoringRules {
  const { rules, durationMs, problems } = basis.manifest;
  return { ...rules, startsAt: basis.startsAt, durationMs, problems };
}

function voided(entry: LogEntry["type"], fault: string): LedgerChange {
  return { type: "void", entry, fault };
}
