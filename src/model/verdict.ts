/**
 * Verdicts and the results of judging one submission (product.md; sandbox.md "Verdicts and their order").
 */

/**
 * AC accepted · WA wrong answer · TLE cost limit · MLE memory limit · OLE output limit · RE run-time error ·
 * CE compile error · JE judge error (never the contestant's fault).
 */
export const VERDICTS = ["AC", "WA", "TLE", "MLE", "OLE", "RE", "CE", "JE"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One test's outcome. */
export interface TestResult {
  /** The test's path inside the package's `data/`, without extension: `secret/subtask1/03`. */
  readonly id: string;
  readonly verdict: Verdict;
  /** Executed cost, in the judge profile's units; a safe integer ≥ 0. */
  readonly cost: number;
  /** Peak memory, in bytes; a safe integer ≥ 0. */
  readonly memoryBytes: number;
  /** Points given by a scoring validator to this test, in millionths; absent unless the problem scores by test. */
  readonly scoreMicros?: number;
}

/** What judging one submission produced. `digest` is what evaluators must agree upon (protocol.md §7). */
export interface JudgeResult {
  readonly verdict: Verdict;
  /** Points in millionths (integers only in anything signed); 0 or 1_000_000 for pass-fail problems. */
  readonly scoreMicros: number;
  /**
   * Points of the problem's groups, in their order, adding up to `scoreMicros`: what IOI rules take the best of each from. Absent where
   * points do not come about so. At most {@link SCORED_GROUPS_MAX}.
   */
  readonly groupScoresMicros?: readonly number[];
  /** In judging order; ends at the test that decided, where the rules stop there. */
  readonly tests: readonly TestResult[];
  /** Compiler output for the contestant, cut to `COMPILE_LOG_BYTES_MAX`. Not part of the digest. */
  readonly compileLog: string;
  /** SHA-256, lower-case hex, over the deterministic encoding of verdict, score and every test (sandbox's profile decides the fields). */
  readonly digest: string;
}

/** A problem with more groups has the best submission counted as a whole. */
export const SCORED_GROUPS_MAX = 100;

/** Enough for the first errors of a compiler, little enough to gossip. */
export const COMPILE_LOG_BYTES_MAX = 16_384;
