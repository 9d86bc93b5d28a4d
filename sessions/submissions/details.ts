/** What evaluators told this node about its own submissions, beyond the log: of the last ones only, so that it stays small. */
import type { Hash, NodeId } from "../../src/model/index.ts";
import type { LedgerVerdict } from "../log/submission.ts";
import type { Machine, SubmissionDetail, Told } from "../machine.ts";

/** Own submissions whose tests and compiler output are kept; the log keeps the verdicts of all. */
const DETAILS_MAX = 1000;
/** Of all of them; the newest one is kept whatever it takes. */
const DETAILS_BYTES_MAX = 16 * 1024 * 1024;
/** Of a test's result: its id, its verdict, two numbers. */
const TEST_BYTES = 128;
/** Evaluators of one submission that are heard before its verdict is known. */
const EARLY_MAX = 4;
/** Of all submissions together: half a MiB each at the most. */
const EARLY_TOTAL_MAX = 32;
const NONE: ReadonlyMap<NodeId, Told> = new Map();

/** A submission of one's own. */
export function beginDetail(m: Machine, id: Hash): void {
  m.details.set(id, { progress: null, tests: null, compileLog: null, early: NONE });
  for (const old of m.details.keys()) {
    if (m.details.size <= DETAILS_MAX) return;
    // Its progress is still told.
    if (!m.outbox.has(old)) m.details.delete(old);
  }
}

/**
 * An evaluator's word on an own submission. It counts when that evaluator has signed the verdict; the one that leads knows
 * the verdict before the submitter does, so what comes early waits for it. False: no concern of this node.
 */
export function heardDetail(m: Machine, id: Hash, verdict: LedgerVerdict | null, from: NodeId, told: Told): boolean {
  const own = m.details.get(id);
  if (own === undefined) return false;
  if (verdict?.voters.includes(from) === true) {
    noteDetail(m, own, told);
    return true;
  }
  if (verdict !== null || (!own.early.has(from) && isFull(m, own))) return false;
  own.early = new Map(own.early).set(from, told);
  return true;
}

function isFull(m: Machine, own: SubmissionDetail): boolean {
  if (own.early.size >= EARLY_MAX) return true;
  let total = 0;
  for (const each of m.details.values()) total += each.early.size;
  return total >= EARLY_TOTAL_MAX;
}

/** The verdict is known, and with it whose word counts. */
export function settleDetail(m: Machine, id: Hash, voters: readonly NodeId[]): void {
  const own = m.details.get(id);
  if (own === undefined || own.early.size === 0) return;
  for (const voter of voters) {
    const told = own.early.get(voter);
    if (told !== undefined) noteDetail(m, own, told);
  }
  own.early = NONE;
}

function noteDetail(m: Machine, own: SubmissionDetail, told: Told): void {
  own.tests = told.tests;
  own.compileLog = told.compileLog;
  let bytes = 0;
  for (const each of m.details.values()) bytes += bytesOf(each);
  for (const [id, each] of m.details) {
    if (bytes <= DETAILS_BYTES_MAX) return;
    if (each === own) continue;
    bytes -= bytesOf(each);
    m.details.delete(id);
  }
}

function bytesOf({ tests, compileLog }: SubmissionDetail): number {
  let bytes = (tests?.length ?? 0) * TEST_BYTES + (compileLog?.length ?? 0);
  for (const test of tests ?? []) bytes += test.id.length;
  return bytes;
}
