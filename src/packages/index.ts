/**
 * Problem packages and contest folders on disk.
 *
 * ```ts
 * const { problem, submissions, warnings } = await readPackage("problems/hello");
 * const contest = await readContest("contests/spring");
 * contest.problems.map(({ label, package: { problem } }) => `${label} ${problem.name}`);
 * ```
 *
 * Everything read is bounded (`bounds.ts`), names cannot lead out of the folder, and every complaint names file and line.
 */
export { readContest } from "./contest.ts";
export type { Contest, ContestNetwork, ContestProblem, ContestStart } from "./contest-model.ts";
export { parseDurationMs, parseInstantMs } from "./durations.ts";
export { ContestError, formatPosition, formatWarning, PackageError, type Position, type Warning } from "./errors.ts";
export { secondsToMs, TIME_LIMIT_DEFAULT_MS, TIME_LIMIT_MS_MAX, timeLimitFrom } from "./limits.ts";
export type {
  Expectation,
  PackageFormat,
  PackageSubmission,
  Person,
  ProblemPackage,
  Sample,
  Statement,
  TimeMultipliers,
} from "./model.ts";
export { readPackage } from "./package.ts";
export { brokenTestRule } from "./submissions-yaml.ts";
