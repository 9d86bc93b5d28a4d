/** What the committed log says, and what an entry of it did; the fold that makes it is in `fold.ts`. */
import { newStandings, type ScoringRules, type Standings } from "../../src/contest/index.ts";
import {
  type ContestId,
  type Hash,
  hashOf,
  type Instant,
  type Language,
  type LeaderCertificate,
  type LogEntry,
  type Manifest,
  type NodeId,
  type Offence,
  type Roster,
  type RosterMember,
  type SignedMessage,
} from "../../src/model/index.ts";
import { newQuarantineBook, type QuarantineBook } from "../disputes/quarantine.ts";
import { type DisputeBook, type Heard, type Hearing, type Jury, newDisputeBook } from "../disputes/state.ts";
import { expectedCost, newScheduler, type Scheduler } from "../evaluation/scheduler.ts";
import { type MapHistory, newMapHistory } from "../clusters/history.ts";
import { type LoggedOrder, type OrderFault } from "../life/orders.ts";
import { type ContestLife, type LoggedQuestion, newLife } from "../life/state.ts";
import { type Limits, newLimits } from "../submissions/limits.ts";
import { type LedgerSubmission, type LedgerVerdict } from "./submission.ts";

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
    standings: newStandings(scoringRules(basis), participantsOf(basis.roster)),
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

/** Shared by all machines of a process that hold the same roster. */
const participants = new WeakMap<Roster, readonly RosterMember[]>();

function participantsOf(roster: Roster): readonly RosterMember[] {
  const known = participants.get(roster) ?? roster.members.filter(({ role }) => role === "participant");
  participants.set(roster, known);
  return known;
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
