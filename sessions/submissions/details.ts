/** What evaluators told this node about its own submissions, beyond the log: of the last ones only, so that it stays small. */
import type { Hash } from "../../src/model/index.ts";
import type { Machine, SubmissionDetail } from "../machine.ts";

/** Own submissions whose tests and compiler output are kept; the log keeps the verdicts of all. */
const DETAILS_MAX = 1000;
/** Of all of them; the newest one is kept whatever it takes. */
const DETAILS_BYTES_MAX = 16 * 1024 * 1024;
/** Of a test's result: its id, its verdict, two numbers. */
const TEST_BYTES = 128;

/** A submission of one's own. */
export function beginDetail(m: Machine, id: Hash): void {
  m.details.set(id, { progress: null, tests: null, compileLog: null });
  for (const old of m.details.keys()) {
    if (m.details.size <= DETAILS_MAX) return;
    // Its progress is still told.
    if (!m.outbox.has(old)) m.details.delete(old);
  }
}

export function noteDetail(
  m: Machine,
  own: SubmissionDetail,
  told: Pick<SubmissionDetail, "tests" | "compileLog">,
): void {
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
