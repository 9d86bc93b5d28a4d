/**
 * Following a log without trusting anybody (protocol.md §10): every block, signature, certificate, acknowledgement and
 * assignment is checked again, and the contest is folded from what holds. Pure; the same functions as a node's own.
 */
import { type Board, boardOf } from "../../src/contest/index.ts";
import {
  type Block,
  type Committed,
  type ContestId,
  type EntryOf,
  hashOf,
  type Hash,
  type Instant,
  type Language,
  type LogHead,
  type Manifest,
  type NodeId,
  type RosterCertificate,
  type Seats,
  type Statement,
  type Verifier,
} from "../../src/model/index.ts";
import type { Heard } from "../disputes/state.ts";
import { openRoster } from "../joining/roster.ts";
import { boardHashOf, hiddenFrom, unfinished, type Unfinished } from "../life/orders.ts";
import type { Finalized, Revision } from "../life/state.ts";
import { type Chain, commit, linkTail } from "../log/chain.ts";
import { type LinkedBlock, type LogRules, parseBlocks } from "../log/extension.ts";
import { genesisOf } from "../log/genesis.ts";
import { applyBlock } from "../log/fold.ts";
import type { Ledger } from "../log/ledger.ts";

/** A term's leader takes submissions from its election on; until its first block is committed it only queues them. */
const RECEIPT_LAG_MS_MAX = 60_000;

/** Where the log does not hold. `code` is stable. */
export interface LogFault {
  readonly code: string;
  /** Of the block; −1: before the first one. */
  readonly block: number;
  readonly reason: string;
}

export interface LogAudit {
  readonly ledger: Ledger;
  readonly chain: Chain;
  readonly rules: LogRules;
  /** Entries that count for nothing, by kind and fault: honest nodes log some when leaders change. */
  readonly voids: Map<string, number>;
  readonly entries: Map<string, number>;
  /** Of the current term's first block. */
  termBeganAt: Instant;
  terms: number;
}

/** Undefined unless those who hold a majority of the seats signed the roster. */
export function beginLogAudit(
  verifier: Verifier,
  contest: ContestId,
  manifest: Manifest,
  seats: Seats,
  certificate: RosterCertificate,
): LogAudit | undefined {
  const roster = openRoster(verifier, contest, manifest, seats, certificate);
  if (roster === undefined || roster.epoch !== 0) return undefined;
  const rosterHash = hashOf(certificate.roster);
  const basis = { contest, manifest, roster, rosterHash, startsAt: roster.startsAt as Instant };
  return {
    ...genesisOf(basis, verifier, () => seats),
    voids: new Map(),
    entries: new Map(),
    termBeganAt: 0 as Instant,
    terms: 0,
  };
}

/** The next committed blocks, no gap and nothing twice; the first thing that does not hold. */
export function auditCommitted(audit: LogAudit, body: Committed): LogFault | undefined {
  const { chain, rules } = audit;
  const blocks = parseBlocks(body.blocks);
  const [first] = blocks ?? [];
  const next = chain.committed.head.index + 1;
  if (blocks === undefined || first === undefined)
    return { code: "malformed-block", block: next, reason: "is no block" };
  if (first.block.index !== next) {
    return { code: "gap", block: next, reason: `block ${first.block.index} comes where block ${next} should` };
  }
  const tail = linkTail(rules, chain, blocks);
  if (typeof tail === "string") return { code: tail, block: next, reason: SENTENCES[tail] ?? tail };
  const done = commit(rules, chain, tail, body.acks);
  if (typeof done === "string") {
    return { code: done, block: tail.at(-1)?.block.index ?? next, reason: SENTENCES[done] ?? done };
  }
  for (const each of done) {
    const fault = auditBlock(audit, each);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const SENTENCES: Readonly<Record<string, string>> = {
  "not-next": "its index does not follow",
  "wrong-previous": "it does not name the block before it",
  "old-term": "its term is over",
  "clock-back": "its time lies before the block before it",
  "not-the-leader": "its signer does not lead its term",
  "term-without-certificate": "its term begins without a certificate",
  "unexpected-term-entry": "it begins a term in the middle of one",
  "bad-certificate": "the votes that should have elected its leader do not hold",
  "ignores-sealed-head": "its leader left out blocks that its voters held",
  "bad-council": "it sets a council that may not be one",
  "forged-block": "its signature does not hold",
  "duplicate-member": "a council member acknowledges it twice",
  "no-majority": "no majority of the council acknowledged it",
  "forged-ack": "an acknowledgement's signature does not hold",
  "tail-too-long": "too many blocks were committed at once",
};

function auditBlock(audit: LogAudit, { block }: LinkedBlock): LogFault | undefined {
  const { ledger } = audit;
  const { index } = block;
  if (block.term > ledger.term) {
    audit.termBeganAt = block.at as Instant;
    audit.terms += 1;
  }
  const receipt = block.entries.find((entry) => entry.type === "receipt" && !isTimely(audit, block, entry));
  if (receipt?.type === "receipt") {
    const reason = `the receipt of ${receipt.submission} names a time outside the term that logged it`;
    return { code: "receipt-time", block: index, reason };
  }
  for (const entry of block.entries) audit.entries.set(entry.type, (audit.entries.get(entry.type) ?? 0) + 1);
  for (const change of applyBlock(ledger, block, audit.rules.verifier)) {
    const void_ =
      change.type === "void"
        ? `${change.entry}: ${change.fault}`
        : change.type === "ordered" && change.fault !== null
          ? `order: ${change.fault}`
          : undefined;
    if (void_ !== undefined) audit.voids.set(void_, (audit.voids.get(void_) ?? 0) + 1);
  }
  return undefined;
}

function isTimely(audit: LogAudit, block: Block, { at }: EntryOf<"receipt">): boolean {
  return at <= block.at && at >= audit.termBeganAt - RECEIPT_LAG_MS_MAX && at >= audit.ledger.basis.startsAt;
}

export interface AuditedSubmission {
  readonly id: Hash;
  readonly submitter: NodeId;
  readonly problem: string;
  readonly language: Language;
  readonly at: Instant;
  readonly index: number;
  readonly practice: boolean;
  /** In force; null: none. */
  readonly statement: Statement | null;
  readonly voters: readonly NodeId[];
  /** Of the test data that the verdict in force was made with. */
  readonly revision: number;
}

/** What the log says in the end. */
export interface AuditedContest {
  readonly head: LogHead;
  readonly startsAt: Instant;
  readonly submissions: readonly AuditedSubmission[];
  readonly names: ReadonlyMap<NodeId, string>;
  /** The whole board, and its hash as the organizer signs it. */
  readonly board: Board;
  readonly boardHash: Hash;
  readonly frozen: boolean;
  readonly finalized: Finalized | null;
  readonly unfinished: Unfinished;
  readonly excluded: readonly NodeId[];
  /** What came of disputed verdicts: both certificates are in the log, and were checked. */
  readonly disputes: readonly Heard[];
  /** Test data exchanged by order, by problem. */
  readonly revisions: ReadonlyMap<string, readonly Revision[]>;
}

export function auditedContest({ ledger, chain }: LogAudit): AuditedContest {
  const { at } = chain.committed;
  const board = boardOf(ledger.standings, null);
  return {
    head: chain.committed.head,
    startsAt: ledger.basis.startsAt,
    submissions: [...ledger.submissions.values()].map((submission) => ({
      id: submission.id,
      submitter: submission.submitter,
      problem: submission.problem,
      language: submission.language,
      at: submission.at,
      index: submission.index,
      practice: submission.practice,
      statement: submission.verdict?.statement ?? null,
      voters: submission.verdict?.voters ?? [],
      revision: submission.assignments[(submission.verdict?.statement.attempt ?? 0) - 1]?.revision ?? 0,
    })),
    names: new Map([...ledger.maps.members.values()].map((member) => [member.id, member.displayName])),
    board,
    boardHash: boardHashOf(board),
    frozen: hiddenFrom(ledger, at) !== null,
    finalized: ledger.life.finalized,
    unfinished: unfinished(ledger, at),
    excluded: [...ledger.excluded],
    disputes: ledger.disputes.heard,
    revisions: ledger.life.revisions,
  };
}
