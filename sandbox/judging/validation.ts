/** Custom validators and interactors: how they are called, and what their exit code and files mean. */
import type { OutputValidator, PackageProgram, Problem, TestCase } from "../../src/model/problem.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import type {
  InteractionOutcome,
  Program,
  RunInput,
  RunLimits,
  RunOutcome,
  RunStatus,
  ValidatorOutcome,
} from "../engine.ts";
import { compareOutput, parseComparisonRules } from "./default-validator.ts";
import { type JudgeEngine, JudgeFault } from "./engine.ts";
import { readPackageFile } from "./files.ts";
import type { TestScore } from "./grading.ts";
import { compilePackageProgram, validatorLimits } from "./package-program.ts";

/** Where the validator finds its files; the programs of packages take them from their arguments. */
const INPUT_PATH = "/judge/test.in";
const ANSWER_PATH = "/judge/test.ans";
const FEEDBACK_DIRECTORY = "/feedback/";
/** What a multi-pass validator writes to have the submission run once more. */
const NEXT_PASS = `${FEEDBACK_DIRECTORY}nextpass.in`;
/** Where a submission runs, by how it was built. A container keeps its files from one test to the next, so it gets none. */
const WORKING_DIRECTORIES: Readonly<Record<Program["type"], string | undefined>> = {
  wasi: "/",
  python: "/program/",
  javascript: "/program/",
  native: undefined,
};
const ACCEPTED = 42;
const REJECTED = 43;
const MESSAGE_BYTES_MAX = 4_096;
/** Above every score that a package may give (`src/packages/bounds.ts`). */
const SCORE_POINTS_MAX = 1_000_000;

/** A submission's run on one test, after validation. */
export interface TestOutcome {
  readonly verdict: Verdict;
  readonly cost: number;
  readonly memoryBytes: number;
  readonly score: TestScore;
  /** For judges: what was wrong. Never part of a digest. */
  readonly message: string;
}

export interface PreparedValidator {
  readonly type: OutputValidator["type"];
  /** Undefined for the default validator. */
  readonly program: Program | undefined;
  /** How arguments are passed on to it. */
  readonly call?: PackageProgram["call"];
  readonly limits: RunLimits | undefined;
}

/** @throws JudgeFault if the package's validator is missing or does not compile. */
export async function prepareValidator(
  problem: Problem,
  packageDirectory: string,
  engine: JudgeEngine,
  signal: AbortSignal | undefined,
): Promise<PreparedValidator> {
  const { validator } = problem;
  if (validator.type === "default") return { type: "default", program: undefined, limits: undefined };
  if (validator.type === "missing") throw new JudgeFault(validator.reason);
  return {
    type: validator.type,
    program: await compilePackageProgram("validator", validator.program, problem, packageDirectory, engine, signal),
    call: validator.program.call,
    limits: validatorLimits(problem, validator.program, engine),
  };
}

export interface TestRun {
  readonly submission: Program;
  readonly limits: RunLimits;
  readonly test: TestCase;
  readonly packageDirectory: string;
  /** More than 1 for multi-pass problems. */
  readonly passesMax: number;
}

/** What the validator left behind: its feedback directory, by path. */
interface PassOutcome extends TestOutcome {
  readonly feedback: Readonly<Record<string, Uint8Array>>;
}

/**
 * Runs the submission on one test and judges what it did. The first limit that was hit decides; a program that ended well is
 * judged by its output. In a multi-pass problem (2025-09.md "Multi-pass Validation") an accepted pass whose validator wrote
 * `nextpass.in` is followed by one with that input; everything else in the feedback directory stays. Cost and memory are those of
 * the most expensive pass: limits hold for each.
 * @throws JudgeFault if the judge, the validator or this machine failed.
 */
export async function runTest(run: TestRun, validator: PreparedValidator, engine: JudgeEngine): Promise<TestOutcome> {
  let input = await readPackageFile(run.packageDirectory, run.test.inputFile);
  let feedbackBefore: PassOutcome["feedback"] = {};
  let [cost, memoryBytes] = [0, 0];
  for (let pass = 1; ; pass++) {
    const { feedback: left, ...outcome } = await runPass(run, input, feedbackBefore, validator, engine);
    cost = Math.max(cost, outcome.cost);
    memoryBytes = Math.max(memoryBytes, outcome.memoryBytes);
    const { [NEXT_PASS]: next, ...rest } = left;
    if (run.passesMax === 1 || outcome.verdict !== "AC" || next === undefined) return { ...outcome, cost, memoryBytes };
    if (pass === run.passesMax) throw new JudgeFault(`the validator asked for more than ${run.passesMax} passes`);
    input = next;
    feedbackBefore = rest;
  }
}

async function runPass(
  run: TestRun,
  input: Uint8Array,
  feedbackBefore: PassOutcome["feedback"],
  validator: PreparedValidator,
  engine: JudgeEngine,
): Promise<PassOutcome> {
  const { test, packageDirectory } = run;
  if (validator.type === "interactive") {
    const answer = await readPackageFile(packageDirectory, test.answerFile);
    const { program, limits } = required(validator);
    const callInput = {
      ...validatorInput(run, validator, input, answer, new Uint8Array()),
      writtenFiles: feedbackBefore,
    };
    const outcome = await engine.runner.interact(run.submission, run.limits, program, callInput, limits);
    return { ...judgeInteraction(outcome), feedback: outcome.interactor.writtenFiles };
  }
  const files = await submissionFiles(run);
  const outcome = await engine.runner.run(
    run.submission,
    { args: test.args ?? [], stdin: input, ...files },
    run.limits,
  );
  const failed = statusVerdict(outcome.status);
  if (failed !== undefined)
    return { ...measured(outcome, failed, NO_SCORE, statusMessage(outcome.status)), feedback: {} };
  const answer = await readPackageFile(packageDirectory, test.answerFile);
  if (validator.type === "default") return { ...judgeByComparison(outcome, answer, test), feedback: {} };
  const { program, limits } = required(validator);
  const callInput = {
    ...validatorInput(run, validator, input, answer, outcome.stdout),
    writtenFiles: feedbackBefore,
  };
  const validated = await engine.runner.run(program, callInput, limits);
  const judged = judgeValidator(validated);
  return { ...measured(outcome, judged.verdict, judged.score, judged.message), feedback: validated.writtenFiles };
}

/** Files of the test by their paths in the submission's working directory. */
async function submissionFiles({ submission, test, packageDirectory }: TestRun): Promise<Pick<RunInput, "files">> {
  if (test.extraFiles === undefined) return {};
  const directory = WORKING_DIRECTORIES[submission.type];
  if (directory === undefined) throw new JudgeFault("this sandbox gives submissions no files");
  const folder = `data/${test.id}.files/`;
  const files: Record<string, Uint8Array> = {};
  for (const file of test.extraFiles) {
    const name = file.startsWith(folder) ? file.slice(folder.length) : file.slice(file.lastIndexOf("/") + 1);
    files[directory + name] = await readPackageFile(packageDirectory, file);
  }
  return { files };
}

function required(validator: PreparedValidator): { program: Program; limits: RunLimits } {
  if (validator.program === undefined || validator.limits === undefined)
    throw new JudgeFault("the validator was not prepared");
  return { program: validator.program, limits: validator.limits };
}

const NO_SCORE: TestScore = { type: "none" };

function measured(outcome: RunOutcome, verdict: Verdict, score: TestScore, message: string): TestOutcome {
  return { verdict, cost: outcome.cost, memoryBytes: outcome.memoryBytes, score, message };
}

function judgeByComparison(outcome: RunOutcome, answer: Uint8Array, test: TestCase): TestOutcome {
  const rules = parseComparisonRules(test.validatorArgs);
  if (rules === undefined)
    throw new JudgeFault(`the default validator does not take "${test.validatorArgs.join(" ")}"`);
  const comparison = compareOutput(outcome.stdout, answer, rules);
  if (comparison.accepted) return measured(outcome, "AC", NO_SCORE, "");
  return measured(outcome, "WA", NO_SCORE, comparison.message);
}

function validatorInput(
  { test }: TestRun,
  { call }: PreparedValidator,
  input: Uint8Array,
  answer: Uint8Array,
  stdin: Uint8Array,
): RunInput {
  return {
    args: calledWith([INPUT_PATH, ANSWER_PATH, FEEDBACK_DIRECTORY, ...test.validatorArgs], call),
    stdin,
    files: { [INPUT_PATH]: input, [ANSWER_PATH]: answer },
    writableDirectory: FEEDBACK_DIRECTORY,
  };
}

/** What the package's `run` script makes of the judge's arguments; one that is not there is empty, as in a shell. */
export function calledWith(args: readonly string[], call: PackageProgram["call"]): readonly string[] {
  if (call === undefined) return args;
  return call.flatMap((argument) => {
    if (argument.type === "rest") return args.slice(argument.from - 1);
    return [argument.parts.map((part) => (typeof part === "string" ? part : (args[part - 1] ?? ""))).join("")];
  });
}

/** @throws JudgeFault for a status that is nobody's verdict but this machine's fault. */
export function statusVerdict(status: RunStatus): Exclude<Verdict, "WA" | "AC" | "CE"> | undefined {
  switch (status.type) {
    case "exited":
      return status.code === 0 ? undefined : "RE";
    case "trapped":
      // Two programs that wait for each other would run into the wall clock on other judges.
      return status.reason === "deadlock" ? "TLE" : "RE";
    case "cost-exceeded":
      return "TLE";
    case "memory-exceeded":
      return "MLE";
    case "output-exceeded":
      return "OLE";
    case "abstained":
      throw new JudgeFault(status.reason);
  }
}

function statusMessage(status: RunStatus): string {
  if (status.type === "exited") return `exit code ${status.code}`;
  return status.type === "trapped" ? status.reason : status.type.replace("-", " limit ");
}

function judgeValidator(outcome: ValidatorOutcome): { verdict: "AC" | "WA"; score: TestScore; message: string } {
  const { status } = outcome;
  if (status.type === "abstained") throw new JudgeFault(status.reason);
  if (status.type !== "exited" || (status.code !== ACCEPTED && status.code !== REJECTED)) {
    throw new JudgeFault(`the validator failed (${statusMessage(status)}): ${text(outcome.stderr)}`);
  }
  return {
    verdict: status.code === ACCEPTED ? "AC" : "WA",
    score: readScore(outcome),
    message: text(feedback(outcome, "judgemessage.txt")),
  };
}

/**
 * After problemtools: an interactor that rejected before the submission ended has the last word; else what the
 * submission ran into comes first; else the interactor decides. An interactor that broke because the submission was gone
 * is the submission's fault.
 */
function judgeInteraction(outcome: InteractionOutcome): TestOutcome {
  const { submission, interactor, endedFirst } = outcome;
  const failed = statusVerdict(submission.status);
  const interactorFirst = endedFirst === "interactor";
  const rejected = interactor.status.type === "exited" && interactor.status.code === REJECTED;
  if (failed !== undefined && !(interactorFirst && (rejected || isBroken(interactor.status)))) {
    return measured(submission, failed, NO_SCORE, statusMessage(submission.status));
  }
  const judged = judgeValidator(interactor);
  return measured(submission, judged.verdict, judged.score, judged.message);
}

function isBroken(status: RunStatus): boolean {
  return status.type !== "exited" || (status.code !== ACCEPTED && status.code !== REJECTED);
}

function feedback(outcome: ValidatorOutcome, name: string): Uint8Array {
  return outcome.writtenFiles[FEEDBACK_DIRECTORY + name] ?? new Uint8Array();
}

/** @throws JudgeFault if the file is no number that may be a score. */
function readScore(outcome: ValidatorOutcome): TestScore {
  const score = outcome.writtenFiles[`${FEEDBACK_DIRECTORY}score.txt`];
  const multiplier = outcome.writtenFiles[`${FEEDBACK_DIRECTORY}score_multiplier.txt`];
  if (score !== undefined && multiplier !== undefined)
    throw new JudgeFault("the validator wrote both score.txt and score_multiplier.txt");
  if (score !== undefined)
    return { type: "score", micros: Math.round(numberIn(score, "score.txt", SCORE_POINTS_MAX) * 1_000_000) };
  if (multiplier !== undefined) return { type: "multiplier", value: numberIn(multiplier, "score_multiplier.txt", 1) };
  return NO_SCORE;
}

function numberIn(bytes: Uint8Array, file: string, max: number): number {
  const content = text(bytes).trim();
  const value = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(content) ? Number(content) : Number.NaN;
  if (!(Math.abs(value) <= max))
    throw new JudgeFault(`the validator's ${file} holds no number up to ${max}: "${content.slice(0, 40)}"`);
  return value;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, MESSAGE_BYTES_MAX));
}
