/** One problem of a contest, packed, as the manifest names it. */
import type { Problem, ProblemEntry } from "../../model/index.ts";
import { testsOf } from "../../model/problem.ts";
import type { ContestProblem } from "../../packages/index.ts";
import { type BundleSink, type PackOptions, packProblem } from "./packing.ts";

/** The organizer's reading of a package, in every sealed bundle: all nodes judge by the same `Problem`, not by their own reading. */
export const PROBLEM_FILE = ".dikast/problem.json";
/** Of a pass-fail problem: a hundred points for what its verdict calls 1,000,000. */
const PASS_POINTS_MICROS = 100_000_000;
const PASS_SCORE_MICROS = 1_000_000;
const SOURCE_BYTES_MAX = 1024 * 1024;
const EXPECTED_COST_MS_MAX = 3_600_000;

/** Equal packages, settings and keys give equal entries. @throws as `packProblem`. */
export async function packContestProblem(
  problem: ContestProblem,
  key: Uint8Array,
  sink: BundleSink,
  options: Pick<PackOptions, "signal" | "onProgress"> = {},
): Promise<ProblemEntry> {
  const { id, label, package: read } = problem;
  const { limits } = read.problem;
  const name = problem.name.slice(0, 200);
  const description = new TextEncoder().encode(JSON.stringify(read.problem));
  const packed = await packProblem(
    {
      ...options,
      id,
      name,
      directory: read.directory,
      key,
      extra: { [PROBLEM_FILE]: description },
      needed: filesOf(read.problem),
    },
    sink,
  );
  return {
    id,
    label,
    name,
    openBundle: packed.openBundle,
    sealedBundle: packed.sealedBundle,
    package: packed.contentHash,
    ...pointsOf(problem),
    submissionsMax: problem.submissionsMax ?? null,
    sourceBytesMax: Math.min(limits.codeKiB * 1024, SOURCE_BYTES_MAX),
    expectedCostMs: Math.max(1, Math.min(EXPECTED_COST_MS_MAX, limits.timeMs)),
  };
}

/** A scoring problem counts as its package says, unless contest.yaml gives it other points. */
function pointsOf({
  package: { problem, scoreRangeMicros },
  pointsMicros,
}: ContestProblem): Pick<ProblemEntry, "pointsMicros" | "fullScoreMicros"> {
  if (problem.type === "pass-fail")
    return { pointsMicros: pointsMicros ?? PASS_POINTS_MICROS, fullScoreMicros: PASS_SCORE_MICROS };
  const { max } = scoreRangeMicros;
  const full = max !== undefined && max > 0 ? max : null;
  return { pointsMicros: pointsMicros ?? full ?? 0, fullScoreMicros: full };
}

/** Every file that judging reads; a test may stand for one that lies elsewhere in the package. */
function filesOf({ root, validator, includes }: Problem): string[] {
  const program = validator.type === "custom" || validator.type === "interactive" ? validator.program.files : [];
  const tests = testsOf(root).flatMap((test) => [test.inputFile, test.answerFile]);
  return [...new Set([...tests, ...program, ...(includes ?? []).flatMap((include) => include.files)])];
}
