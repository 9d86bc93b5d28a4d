/**
 * Graders of packages (legacy.md "Graders"): a program that reads a line `VERDICT SCORE` for each test or group below, gets
 * `grader_flags` as arguments, and writes one such line for the group itself.
 */
import type { Problem } from "../../src/model/problem.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import type { Program, RunLimits } from "../engine.ts";
import { type JudgeEngine, JudgeFault } from "./engine.ts";
import { type GradedNode, worstVerdict } from "./grading.ts";
import { compilePackageProgram, validatorLimits } from "./package-program.ts";

export type CustomGrader = (children: readonly GradedNode[], flags: readonly string[]) => Promise<GradedNode>;

/** The format's names. Graders know no others, so a limit that the format has no name for is a crash. */
const NAMES: Readonly<Record<Verdict, string>> = {
  AC: "AC",
  WA: "WA",
  TLE: "TLE",
  RE: "RTE",
  MLE: "RTE",
  OLE: "RTE",
  CE: "RTE",
  JE: "JE",
};
/** Above every score that a package may give (`src/packages/bounds.ts`), summed over groups. */
const SCORE_POINTS_MAX = 1_000_000_000;

/** Compiles the grader when a group first asks for it, once. */
export function customGrader(
  problem: Problem,
  packageDirectory: string,
  engine: JudgeEngine,
  signal: AbortSignal | undefined,
): CustomGrader {
  let prepared: Promise<{ readonly program: Program; readonly limits: RunLimits }> | undefined;
  const prepare = async (): Promise<{ readonly program: Program; readonly limits: RunLimits }> => {
    if (problem.grader === undefined)
      throw new JudgeFault('test groups name a custom grader, but "graders" holds no program that can be built here');
    return {
      program: await compilePackageProgram("grader", problem.grader, problem, packageDirectory, engine, signal),
      limits: validatorLimits(problem, problem.grader, engine),
    };
  };
  return async (children, flags) => {
    if (children.length === 0) return { verdict: "AC", scoreMicros: 0 };
    if (children.some(({ verdict }) => verdict === "JE")) return { verdict: "JE", scoreMicros: 0 };
    prepared ??= prepare();
    const { program, limits } = await prepared;
    const stdin = new TextEncoder().encode(graderInput(children));
    const outcome = await engine.runner.run(program, { args: flags, stdin }, limits);
    const { status } = outcome;
    if (status.type === "abstained") throw new JudgeFault(status.reason);
    if (status.type !== "exited" || status.code !== 0) {
      const how = status.type === "exited" ? `exit code ${status.code}` : status.type;
      throw new JudgeFault(`the package's grader failed (${how}): ${text(outcome.stderr)}`);
    }
    return readGrade(text(outcome.stdout), children);
  };
}

export function graderInput(children: readonly GradedNode[]): string {
  return children
    .map(({ verdict, scoreMicros }) => `${NAMES[verdict]} ${(scoreMicros / 1_000_000).toFixed(6)}\n`)
    .join("");
}

/**
 * A crash stands for what the children ran into (MLE, OLE).
 * @throws JudgeFault for anything but one line of a verdict and a number.
 */
export function readGrade(output: string, children: readonly GradedNode[]): GradedNode {
  const match = /^\s*(AC|WA|TLE|RTE)\s+([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*$/.exec(output);
  const points = Number(match?.[2] ?? Number.NaN);
  if (match === null || !(Math.abs(points) <= SCORE_POINTS_MAX))
    throw new JudgeFault(`the package's grader wrote no verdict with a score: "${output.trim().slice(0, 80)}"`);
  const scoreMicros = Math.round(points * 1_000_000);
  const name = match[1] as "AC" | "WA" | "TLE" | "RTE";
  if (name !== "RTE") return { verdict: name, scoreMicros };
  const crashes = children.map(({ verdict }) => verdict).filter((verdict) => NAMES[verdict] === "RTE");
  return { verdict: crashes.length === 0 ? "RE" : worstVerdict(crashes), scoreMicros };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 4_096));
}
