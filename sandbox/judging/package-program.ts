/** Programs of the package that take part in judging: compiled like submissions, under the validation limits. */
import { constantsInFile } from "../../src/model/constants.ts";
import type { PackageProgram, Problem } from "../../src/model/problem.ts";
import type { Program, RunLimits } from "../engine.ts";
import { type JudgeEngine, JudgeFault } from "./engine.ts";
import { readPackageFile } from "./files.ts";

/** @throws JudgeFault if it does not compile. */
export async function compilePackageProgram(
  role: "validator" | "grader",
  { language, files }: PackageProgram,
  problem: Problem,
  packageDirectory: string,
  engine: JudgeEngine,
  signal: AbortSignal | undefined,
): Promise<Program> {
  const { limits, constants } = problem;
  const sources = await Promise.all(
    files.map(async (file) => ({
      name: file.slice(file.lastIndexOf("/") + 1),
      bytes: constantsInFile(await readPackageFile(packageDirectory, file), constants),
    })),
  );
  const compileLimits = { timeMs: limits.compilationTimeMs, memoryMiB: limits.compilationMemoryMiB };
  const outcome = await engine.compile(language, sources, compileLimits, signal);
  if (outcome.type === "rejected") throw new JudgeFault(`the package's ${role} does not compile: ${outcome.log}`);
  return outcome.program;
}

export function validatorLimits(problem: Problem, program: PackageProgram, engine: JudgeEngine): RunLimits {
  const bytesMax = problem.limits.validationOutputMiB * 1024 * 1024;
  return {
    costMax: engine.costMaxFor(program.language, problem.limits.validationTimeMs),
    memoryBytesMax: problem.limits.validationMemoryMiB * 1024 * 1024,
    stdoutBytesMax: bytesMax,
    stderrBytesMax: bytesMax,
  };
}
