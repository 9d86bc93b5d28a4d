/** What evaluators must agree upon, as one hash (protocol.md §7). */
import { createHash } from "node:crypto";
import type { JudgeResult } from "../../src/model/verdict.ts";

/** `exact`: everything, in a deterministic sandbox; `verdicts`: verdicts and points only, where time and memory are measured. */
export type DigestFields = "exact" | "verdicts";

/**
 * SHA-256 over ASCII lines: `dikast/result/1 <fields>`, `<verdict> <scoreMicros>` (followed by the points of the groups where there are such), then for each test in judging order
 * `<id> <verdict> <cost> <memoryBytes> <scoreMicros or ->` (`exact`) or `<id> <verdict> <scoreMicros or ->`. Every line ends with
 * \n; ids hold neither spaces nor line ends (`JSON.stringify` makes sure of it), numbers are decimal.
 */
export function resultDigest(
  result: Pick<JudgeResult, "verdict" | "scoreMicros" | "groupScoresMicros" | "tests">,
  fields: DigestFields,
): string {
  const hash = createHash("sha256");
  hash.update(
    `dikast/result/1 ${fields}\n${[result.verdict, result.scoreMicros, ...(result.groupScoresMicros ?? [])].join(" ")}\n`,
  );
  for (const test of result.tests) {
    const id = /^[A-Za-z0-9_./-]+$/.test(test.id) ? test.id : JSON.stringify(test.id);
    const measured = fields === "exact" ? ` ${test.cost} ${test.memoryBytes}` : "";
    hash.update(`${id} ${test.verdict}${measured} ${test.scoreMicros ?? "-"}\n`);
  }
  return hash.digest("hex");
}
