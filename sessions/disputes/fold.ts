/** Folding disputes: which doubts open a hearing, who is drawn to hear it, and what its result does (protocol.md §7, §9). */
import {
  type Block,
  codec,
  DISPUTE_BYTES_MAX,
  DISPUTE_KIND,
  dispute as disputeShape,
  type EntryOf,
  type Hash,
  hashOfText,
  type Instant,
  JURY,
  letterIdOf,
  type NodeId,
  RESULT_KIND,
  sessionOfTerm,
  type SignedMessage,
  type Statement,
  statement as statementShape,
  type Verifier,
  verifyMessage,
} from "../../src/model/index.ts";
import { sessionAt, sessionStart } from "../clock.ts";
import { beaconOf, mapOf } from "../clusters/history.ts";
import { verdictFault } from "../evaluation/verdict-certificate.ts";
import type { Ledger, LedgerChange } from "../log/ledger.ts";
import { type LedgerSubmission, type LedgerVerdict, rescore } from "../log/submission.ts";
import { sameFinding } from "./finding.ts";
import { addFault, bar, clearFault } from "./quarantine.ts";
import { drawJury, mayHaveJury } from "./jury.ts";
import { CHECKS_MAX, DISPUTES_LOST_MAX, type Heard, type Hearing, HEARINGS_MAX, HEARINGS_OPEN_MAX } from "./state.ts";

export type DisputeFault =
  | "not-in-roster"
  | "excluded"
  | "not-deterministic"
  | "unknown-submission"
  | "not-settled"
  | "other-attempt"
  | "being-judged"
  | "heard-already"
  | "spent"
  | "too-many"
  | "no-jury"
  | "finalized"
  | "no-dissent";

/** A doubt as a message says it; the signature is not checked here. */
export interface Doubting {
  readonly id: ReturnType<typeof letterIdOf>;
  readonly signer: NodeId;
  readonly submission: LedgerSubmission["id"];
  readonly attempt: number;
  readonly reason: string;
  /** Of an evaluator that was outvoted; null: of anybody else. */
  readonly result: Statement | null;
}

const RESULT_BYTES_MAX = 1024;
/** Sages show the next session's randomness a few seconds ahead; what is logged so late is heard a session later. */
const UNKNOWN_LEAD_MS = 30_000;

export function openDoubt(message: SignedMessage): Doubting | undefined {
  const id = letterIdOf(message);
  const { signer } = message;
  if (message.kind === DISPUTE_KIND) {
    const body = codec.decode(disputeShape, message.body, DISPUTE_BYTES_MAX);
    return (
      body && { id, signer, submission: body.submission, attempt: body.attempt, reason: body.reason, result: null }
    );
  }
  if (message.kind !== RESULT_KIND) return undefined;
  const result = codec.decode(statementShape, message.body, RESULT_BYTES_MAX);
  return result && { id, signer, submission: result.submission, attempt: result.attempt, reason: "", result };
}

/** Why a doubt would be void now. Its own node asks before it sends it, every node when it is logged. */
export function doubtFault(ledger: Ledger, doubt: Doubting): DisputeFault | undefined {
  const { disputes, basis, life } = ledger;
  if (!ledger.maps.members.has(doubt.signer)) return "not-in-roster";
  if (ledger.excluded.has(doubt.signer)) return "excluded";
  if (!basis.manifest.deterministic) return "not-deterministic";
  if (life.finalized !== null) return "finalized";
  const submission = ledger.submissions.get(doubt.submission);
  if (submission === undefined) return "unknown-submission";
  const { verdict } = submission;
  if (submission.rejudging !== null) return "being-judged";
  if (submission.phase !== "settled" || verdict === null) return "not-settled";
  if (doubt.result !== null) {
    // It is logged whether or not a jury can be found: it may be the signer's second one (quarantine).
    return dissentFault(ledger, submission, verdict, doubt.signer, doubt.result);
  }
  if (verdict.statement.attempt !== doubt.attempt) return "other-attempt";
  const open = [...disputes.open.values()].filter((each) => each.by === doubt.signer).length;
  if ((disputes.lost.get(doubt.signer) ?? 0) + open >= DISPUTES_LOST_MAX) return "spent";
  return hearingFault(ledger, submission, verdict, doubt);
}

/** Why no jury hears of it. */
function hearingFault(
  ledger: Ledger,
  submission: LedgerSubmission,
  verdict: LedgerVerdict,
  doubt: Doubting,
): DisputeFault | undefined {
  const { disputes } = ledger;
  if (disputes.open.has(doubt.submission) || decisionOn(ledger, submission) !== undefined) return "heard-already";
  if (disputes.open.size >= HEARINGS_OPEN_MAX) return "too-many";
  const { signer, result } = doubt;
  const dissents = new Map(result === null ? [] : [[signer, result] as const]);
  const by = result === null ? signer : null;
  return mayHaveJury(ledger, { submission, before: verdict, by, dissents }) ? undefined : "no-jury";
}

/**
 * Its own signed result must say something else than the verdict in force, about a task that the log gave to it: the verdict's,
 * another attempt with the same test data, or what a jury heard.
 */
function dissentFault(
  ledger: Ledger,
  submission: LedgerSubmission,
  verdict: LedgerVerdict,
  signer: NodeId,
  result: Statement,
): DisputeFault | undefined {
  const { statement } = verdict;
  if (signer === submission.submitter || sameFinding(statement, result)) return "no-dissent";
  const assigned = submission.assignments[result.attempt - 1];
  if (assigned?.session !== result.session || assigned.cluster !== result.cluster) return "no-dissent";
  if (assigned.revision !== submission.assignments[statement.attempt - 1]?.revision) return "no-dissent";
  const members = assigned.jury ?? mapOf(ledger.maps, assigned.session)?.map.clusters[assigned.cluster] ?? [];
  return members.includes(signer) ? undefined : "no-dissent";
}

/** The hearing that confirmed or made the verdict in force, or came to nothing: a verdict is heard once. */
export function decisionOn(ledger: Ledger, submission: LedgerSubmission): Heard | undefined {
  return submission.verdict === null ? undefined : ledger.disputes.decided.get(submission.verdict);
}

function currentSession(ledger: Ledger, at: number): number {
  return Math.max(sessionOfTerm(ledger.term), sessionAt(ledger.basis, at as Instant) ?? 0);
}

/** The first session whose beacon nobody can know yet. */
function firstSession(ledger: Ledger, at: number): number {
  const next = currentSession(ledger, at) + 1;
  const leadMs = Math.min(UNKNOWN_LEAD_MS, ledger.basis.manifest.sessionMs / 2);
  return at < sessionStart(ledger.basis, next) - leadMs ? next : next + 1;
}

function voided(fault: string): readonly LedgerChange[] {
  return [{ type: "void", entry: "dispute", fault }];
}

export function applyDispute(
  ledger: Ledger,
  { message }: EntryOf<"dispute">,
  block: Block,
  verifier: Verifier,
): readonly LedgerChange[] {
  const doubt = openDoubt(message);
  if (doubt === undefined) return voided("malformed");
  if (ledger.life.letters.has(doubt.id)) return voided("duplicate");
  const fault = doubtFault(ledger, doubt);
  if (fault !== undefined) return voided(fault);
  if (!verifyMessage(verifier, ledger.basis.contest, message)) return voided("forged");
  ledger.life.letters.add(doubt.id);
  const submission = ledger.submissions.get(doubt.submission) as LedgerSubmission;
  const { disputes } = ledger;
  if (doubt.result === null) return [openHearing(ledger, submission, doubt, block.at)];
  const { signer, result } = doubt;
  const contradicted = { type: "contradicted", submission, node: signer, doubt: doubt.id } as const;
  const decision = decisionOn(ledger, submission);
  // A jury has run it again already, and found something else than this.
  if (decision !== undefined && decision.outcome !== "undecided") {
    return [contradicted, ...exclude(ledger, [signer], block.index)];
  }
  const changes = [contradicted, ...addFault(ledger, signer, submission.id, block.index)];
  disputes.open.get(doubt.submission)?.dissents.set(signer, result);
  const unheard = hearingFault(ledger, submission, submission.verdict as LedgerVerdict, doubt);
  return unheard === undefined ? [...changes, openHearing(ledger, submission, doubt, block.at)] : changes;
}

function openHearing(ledger: Ledger, submission: LedgerSubmission, doubt: Doubting, at: number): LedgerChange {
  const { signer, result, reason } = doubt;
  const hearing: Hearing = {
    ...newHearing(submission, submission.verdict as LedgerVerdict, at as Instant, firstSession(ledger, at)),
    by: result === null ? signer : null,
    reason,
    dissents: new Map(result === null ? [] : [[signer, result]]),
  };
  ledger.disputes.open.set(submission.id, hearing);
  return { type: "disputed", hearing, doubt: doubt.id };
}

/**
 * Every task may turn out to be one whose answer becomes known: a few settled verdicts are drawn by the beacon of a session that
 * began after they were signed, and are heard as if somebody doubted them.
 */
function drawChecks(ledger: Ledger, session: number, beacon: Hash, at: Instant): readonly LedgerChange[] {
  const { disputes, basis, life } = ledger;
  const { deterministic, checksPercent } = basis.manifest;
  const leadMs = Math.min(UNKNOWN_LEAD_MS, basis.manifest.sessionMs / 2);
  const changes: LedgerChange[] = [];
  for (const submission of disputes.unchecked) {
    const { verdict, id } = submission;
    // The beacon may have been known when it was signed: the next lot decides.
    if (verdict !== null && verdict.at > sessionStart(basis, session) - leadMs) continue;
    disputes.unchecked.delete(submission);
    const isOpen =
      disputes.open.has(id) || submission.rejudging !== null || decisionOn(ledger, submission) !== undefined;
    if (!deterministic || life.finalized !== null || verdict === null || isOpen) continue;
    if (changes.length >= CHECKS_MAX || disputes.open.size >= HEARINGS_OPEN_MAX) continue;
    const lot = hashOfText(`${beacon}/check/${id}`);
    if (Number.parseInt(lot.slice(0, 8), 16) % 100 >= checksPercent) continue;
    const hearing = newHearing(submission, verdict, at, session);
    if (drawJury(ledger, session, beacon, hearing) === undefined) continue;
    disputes.open.set(id, hearing);
    changes.push({ type: "disputed", hearing, doubt: null });
  }
  return changes;
}

function newHearing(submission: LedgerSubmission, before: LedgerVerdict, at: Instant, from: number): Hearing {
  return { submission, before, by: null, reason: "", dissents: new Map(), at, from, heard: 0, jury: null };
}

/** A session begins: every verdict in doubt gets a jury of its own, or has had its chances. */
export function drawJuries(ledger: Ledger, session: number, block: Block): readonly LedgerChange[] {
  const { index } = block;
  const at = block.at as Instant;
  const beacon = beaconOf(ledger.maps, session);
  const changes: LedgerChange[] = beacon === undefined ? [] : [...drawChecks(ledger, session, beacon, at)];
  for (const hearing of ledger.disputes.open.values()) {
    if (session < hearing.from || beacon === undefined) continue;
    hearing.jury = null;
    if (hearing.heard >= HEARINGS_MAX || hearing.submission.rejudging !== null) {
      changes.push(...close(ledger, hearing, null, at, index));
      continue;
    }
    hearing.heard += 1;
    const drawn = drawJury(ledger, session, beacon, hearing);
    if (drawn === undefined) continue;
    const { submission, before } = hearing;
    const revision = submission.assignments[before.statement.attempt - 1]?.revision ?? 0;
    submission.assignments.push({ session, cluster: JURY, at, revision, index, jury: drawn.members });
    // What a jury tries is no attempt of the contest's.
    submission.triesFrom += 1;
    const jury = { session, attempt: submission.assignments.length, ...drawn };
    hearing.jury = jury;
    changes.push({ type: "jury", hearing, jury });
  }
  return changes;
}

/** The jury's certificate. */
export function applyJuryVerdict(
  ledger: Ledger,
  { certificate }: EntryOf<"verdict">,
  block: Block,
  verifier: Verifier,
): readonly LedgerChange[] {
  const { statement, votes } = certificate;
  const fault = juryVerdictFault(ledger, certificate, verifier);
  const hearing = ledger.disputes.open.get(statement.submission);
  if (fault !== undefined || hearing === undefined)
    return [{ type: "void", entry: "verdict", fault: fault ?? "no-hearing" }];
  const at = block.at as Instant;
  const voters = votes.map((vote) => vote.evaluator);
  return close(ledger, hearing, { statement, voters, at }, at, block.index);
}

export function juryVerdictFault(
  ledger: Ledger,
  certificate: EntryOf<"verdict">["certificate"],
  verifier: Verifier,
): string | undefined {
  const { statement } = certificate;
  const hearing = ledger.disputes.open.get(statement.submission);
  const jury = hearing?.jury;
  if (hearing === undefined || jury === undefined || jury === null) return "no-hearing";
  if (jury.session !== statement.session || jury.attempt !== statement.attempt) return "other-hearing";
  if (statement.witness === null) return "no-witness";
  const check = { verifier, contest: ledger.basis.contest };
  const { members, quorum } = jury;
  return verdictFault(check, certificate, members, hearing.submission.submitter, { quorum });
}

/** Whoever signed something else than the jury found lied; whoever disputed the truth without a result has one dispute less. */
function close(
  ledger: Ledger,
  hearing: Hearing,
  after: LedgerVerdict | null,
  at: Instant,
  index: number,
): readonly LedgerChange[] {
  const { submission, before, by, reason, dissents } = hearing;
  const { disputes } = ledger;
  disputes.open.delete(submission.id);
  const found = after?.statement;
  const isUpheld = found !== undefined && sameFinding(found, before.statement);
  const outcome = found === undefined ? "undecided" : isUpheld ? "upheld" : "overturned";
  const liars = new Set<NodeId>();
  if (found !== undefined) {
    if (!isUpheld) for (const voter of before.voters) liars.add(voter);
    for (const [node, result] of dissents) if (!sameFinding(found, result)) liars.add(node);
  }
  if (isUpheld && by !== null) disputes.lost.set(by, (disputes.lost.get(by) ?? 0) + 1);
  if (outcome === "overturned" && after !== null) {
    submission.verdict = after;
    rescore(ledger.standings, submission);
  }
  const heard: Heard = {
    submission: submission.id,
    by,
    reason,
    dissenters: [...dissents.keys()],
    openedAt: hearing.at,
    at,
    before,
    after,
    outcome,
    liars: [...liars].sort(),
  };
  disputes.heard.push(heard);
  if (submission.verdict !== null) disputes.decided.set(submission.verdict, heard);
  const vindicated = found === undefined ? [] : [...dissents.keys()].filter((node) => !liars.has(node));
  const cleared = vindicated.flatMap((node) => clearFault(ledger, node, submission.id, index));
  return [{ type: "heard", submission, heard }, ...exclude(ledger, heard.liars, index), ...cleared];
}

/** Both certificates, or the result and the certificate, are in the log: the proof that anyone can check and run again. */
function exclude(ledger: Ledger, nodes: readonly NodeId[], index: number): readonly LedgerChange[] {
  return nodes
    .filter((node) => !ledger.excluded.has(node))
    .map((node) => {
      ledger.excluded.add(node);
      bar(ledger, node, index);
      return { type: "excluded", node, offence: "wrong-result" } as const;
    });
}
