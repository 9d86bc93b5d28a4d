/** Judges one submission: compile, run the tests that the rules need, grade, digest. */
import { constantsInFile } from "../../src/model/constants.ts";
import type { Problem, TestCase, TestGroup } from "../../src/model/problem.ts";
import { groupOf, PASS_FAIL_SCORING, testsOf } from "../../src/model/problem.ts";
import { COMPILE_LOG_BYTES_MAX, type JudgeResult, type TestResult } from "../../src/model/verdict.ts";
import type { CompileOutcome, Program, RunLimits } from "../engine.ts";
import type { JudgeOptions, JudgeTask, SourceFile } from "../sandbox.ts";
import { customGrader } from "./custom-grader.ts";
import { resultDigest } from "./digest.ts";
import type { JudgeEngine } from "./engine.ts";
import { addedGroups, scoresUnaccepted } from "./grading.ts";
import { readPackageFile } from "./files.ts";
import { GroupWalk } from "./group-walk.ts";
import { prepareValidator, runTest, type TestOutcome } from "./validation.ts";

/** Called with every test as it ends; for people (`dikast test`, `dikast verify`), never part of a result. */
export type OnTest = (test: TestCase, outcome: TestOutcome) => void;

export interface JudgeCallOptions extends JudgeOptions {
  readonly onTest?: OnTest;
}

/**
 * Judges `task` with the programs and runner of `engine`. Verdict JE stands for "this judge could not decide"; the reason is in
 * `compileLog`. Pass-fail problems stop at the first failed test; scoring problems run what their groups need.
 * @throws the signal's reason when cancelled; nothing else.
 */
export async function judge(
  task: JudgeTask,
  engine: JudgeEngine,
  options: JudgeCallOptions = {},
): Promise<JudgeResult> {
  options.signal?.throwIfAborted();
  try {
    return await judgeOrThrow(task, engine, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return finished(engine, { verdict: "JE", scoreMicros: 0 }, [], `judge error: ${reason}`);
  }
}

/**
 * Compiles the package's validator; undefined: it has none of its own, or a faulty one, which `judge` tells.
 * @throws the signal's reason when cancelled; nothing else.
 */
export async function prepare(
  problem: Problem,
  packageDirectory: string,
  engine: JudgeEngine,
  signal?: AbortSignal,
): Promise<Program | undefined> {
  try {
    return (await prepareValidator(problem, packageDirectory, engine, signal)).program;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

async function judgeOrThrow(task: JudgeTask, engine: JudgeEngine, options: JudgeCallOptions): Promise<JudgeResult> {
  const { problem } = task;
  const compiled = await compileSubmission(task, engine, options.signal);
  options.signal?.throwIfAborted();
  if (compiled.type === "rejected") return finished(engine, { verdict: "CE", scoreMicros: 0 }, [], compiled.log);
  const validator = await prepareValidator(problem, task.packageDirectory, engine, options.signal);
  const root = task.tests === "all" ? problem.root : samplesOnly(problem.root);
  const total = testsOf(root).length;
  const results: TestResult[] = [];
  const limits = runLimits(task, engine);
  const walk = new GroupWalk(
    problem,
    async (test) => {
      options.signal?.throwIfAborted();
      const outcome = await runTest(
        {
          submission: compiled.program,
          limits,
          test,
          packageDirectory: task.packageDirectory,
          passesMax: problem.passesMax ?? 1,
        },
        validator,
        engine,
      );
      options.onTest?.(test, outcome);
      results.push(testResult(test, outcome, problem));
      options.onProgress?.({ done: results.length, total });
      return outcome;
    },
    customGrader(problem, task.packageDirectory, engine, options.signal),
  );
  const graded = await walk.grade(root);
  options.signal?.throwIfAborted();
  const scoring = problem.type === "scoring" && task.tests === "all";
  if (!scoring) {
    const scoreMicros = graded.verdict === "AC" ? 1_000_000 : 0;
    return finished(engine, { verdict: graded.verdict, scoreMicros }, results, compiled.log);
  }
  const { verdict } = graded;
  const scoreMicros = verdict === "AC" || scoresUnaccepted(root) ? graded.scoreMicros : 0;
  const groupScoresMicros = addedGroups(root, walk.points, scoreMicros);
  return finished(engine, { verdict, scoreMicros, groupScoresMicros }, results, compiled.log);
}

function runLimits({ problem, language }: JudgeTask, engine: JudgeEngine): RunLimits {
  const outputBytesMax = problem.limits.outputMiB * 1024 * 1024;
  return {
    costMax: engine.costMaxFor(language, problem.limits.timeMs),
    memoryBytesMax: problem.limits.memoryMiB * 1024 * 1024,
    stdoutBytesMax: outputBytesMax,
    stderrBytesMax: outputBytesMax,
  };
}

async function compileSubmission(
  task: JudgeTask,
  engine: JudgeEngine,
  signal: AbortSignal | undefined,
): Promise<CompileOutcome> {
  const { problem } = task;
  const sizeBytes = task.sources.reduce((sum, source) => sum + source.bytes.length, 0);
  if (sizeBytes > problem.limits.codeKiB * 1024) {
    return { type: "rejected", log: `the source is longer than ${problem.limits.codeKiB} KiB` };
  }
  const sources = await withIncludes(task);
  const limits = { timeMs: problem.limits.compilationTimeMs, memoryMiB: problem.limits.compilationMemoryMiB };
  return await engine.compile(task.language, sources, limits, signal);
}

/** Files of `include/` replace the submission's of the same name; those of the language win over `default`. */
async function withIncludes(task: JudgeTask): Promise<readonly SourceFile[]> {
  const sets = task.problem.includes ?? [];
  const chosen = [
    ...sets.filter((set) => set.language === "default"),
    ...sets.filter((set) => set.language === task.language),
  ];
  const sources = new Map(task.sources.map((source) => [source.name, source]));
  for (const file of chosen.flatMap((set) => set.files)) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    const bytes = await readPackageFile(task.packageDirectory, file);
    sources.set(name, { name, bytes: constantsInFile(bytes, task.problem.constants) });
  }
  return [...sources.values()];
}

/** The samples, every one of them run. */
function samplesOnly(root: TestGroup): TestGroup {
  const samples = groupOf(root, "sample");
  const tests = samples === undefined ? [] : testsOf(samples);
  return {
    id: "sample",
    scoring: { ...PASS_FAIL_SCORING, stopOnReject: false },
    children: tests.map((test) => ({ type: "test", test })),
  };
}

function testResult(test: TestCase, outcome: TestOutcome, problem: Problem): TestResult {
  const { verdict, cost, memoryBytes, score } = outcome;
  const given = problem.type === "scoring" && problem.validatorScore !== "never" && score.type === "score";
  return { id: test.id, verdict, cost, memoryBytes, ...(given ? { scoreMicros: score.micros } : {}) };
}

function finished(
  engine: JudgeEngine,
  graded: Pick<JudgeResult, "verdict" | "scoreMicros" | "groupScoresMicros">,
  tests: readonly TestResult[],
  compileLog: string,
): JudgeResult {
  const { verdict, scoreMicros, groupScoresMicros = [] } = graded;
  const result = { verdict, scoreMicros, ...(groupScoresMicros.length > 0 ? { groupScoresMicros } : {}), tests };
  return { ...result, compileLog: cutLog(compileLog), digest: resultDigest(result, engine.digestFields) };
}

/** At most `COMPILE_LOG_BYTES_MAX` bytes of UTF-8, never half a character. */
export function cutLog(log: string): string {
  const bytes = new TextEncoder().encode(log);
  if (bytes.length <= COMPILE_LOG_BYTES_MAX) return log;
  return new TextDecoder().decode(bytes.subarray(0, COMPILE_LOG_BYTES_MAX - 2)).replace(/\uFFFD+$/, "");
}
