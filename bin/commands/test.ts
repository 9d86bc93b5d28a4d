/** `dikast test FILE --problem P`: a solution on the samples. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import type { Sandbox, SourceFile } from "../../sandbox/index.ts";
import type { Language } from "../../src/model/language.ts";
import { testsOf, type TestCase } from "../../src/model/problem.ts";
import type { JudgeResult, TestResult } from "../../src/model/verdict.ts";
import { type ProblemPackage, readPackage } from "../../src/packages/index.ts";
import { CommandError, EXIT_NOT_ACCEPTED, printJson, Progress } from "../support/output.ts";
import {
  chooseLanguage,
  languageOption,
  readSource,
  type SandboxKind,
  sandboxOption,
  withSandbox,
} from "./judging/sandbox-choice.ts";
import { type Column, formatHeader, formatMemory, formatMs, formatRow } from "../support/figures.ts";

interface TestOptions {
  readonly problem: string;
  readonly language?: Language;
  readonly sandbox: SandboxKind;
  readonly json?: true;
}

export function registerTest(program: Command): void {
  program
    .command("test")
    .summary("run a solution on a problem's samples")
    .description(
      `Compile a solution and judge it on the samples of a problem package; nothing is submitted.

Where an output is wrong, its beginning is shown beside the expected one. Exit code 0 if every sample is right, 3 if not.`,
    )
    .argument("<file>", "the source; further files of the program may follow")
    .argument("[more...]", "headers and modules of the program")
    .requiredOption("--problem <folder>", "the problem package")
    .addOption(languageOption())
    .addOption(sandboxOption())
    .option("--json", "JSON Lines: one object a sample, a summary last")
    .action(async (file: string, more: string[], options: TestOptions) => {
      await withSandbox(options.sandbox, async (sandbox, signal) => {
        const sources = await Promise.all([file, ...more].map(readSource));
        const language = chooseLanguage(file, options.language, sandbox);
        const found = await readPackage(options.problem);
        const samples = testsOf(found.problem.root).filter((test) => test.id.startsWith("sample/"));
        if (samples.length === 0)
          throw new CommandError("DIKAST_NO_SAMPLES", `"${found.problem.id}" has no samples to run`);
        const status = new Progress();
        status.show("compiling …");
        const task = {
          language,
          sources,
          problem: found.problem,
          packageDirectory: found.directory,
          tests: "samples",
        } as const;
        const result = await sandbox.judge(task, {
          signal,
          onProgress: ({ done, total }) => status.show(`sample ${done} of ${total}`),
        });
        status.clear();
        if (options.json === true) printResult(result, sandbox);
        else await printText(result, samples, { found, language, sources, sandbox });
        return result.verdict === "AC" ? 0 : EXIT_NOT_ACCEPTED;
      });
    });
}

function printResult(result: JudgeResult, sandbox: Sandbox): void {
  for (const { id, verdict, cost, memoryBytes } of result.tests) {
    printJson({ type: "test", id, verdict, cost, virtualMs: cost / sandbox.profile.costPerVirtualMs, memoryBytes });
  }
  const right = result.tests.filter((test) => test.verdict === "AC").length;
  printJson({
    type: "summary",
    verdict: result.verdict,
    tests: result.tests.length,
    right,
    compileLog: result.compileLog,
  });
}

interface Shown {
  readonly found: ProblemPackage;
  readonly language: Language;
  readonly sources: readonly SourceFile[];
  readonly sandbox: Sandbox;
}

async function printText(result: JudgeResult, samples: readonly TestCase[], shown: Shown): Promise<void> {
  if (result.compileLog !== "") process.stderr.write(`${result.compileLog.trimEnd()}\n`);
  if (result.tests.length === 0) {
    process.stdout.write(`${result.verdict}\n`);
    return;
  }
  const columns: readonly Column[] = [
    { title: "sample", width: Math.max(6, ...samples.map((sample) => sample.id.length)) },
    { title: "verdict", width: 7 },
    { title: "time", width: 9, align: "right" },
    { title: "memory", width: 10, align: "right" },
  ];
  process.stdout.write(`${formatHeader(columns)}\n`);
  for (const test of result.tests) {
    const time = formatMs(test.cost / shown.sandbox.profile.costPerVirtualMs);
    process.stdout.write(`${formatRow(columns, [test.id, test.verdict, time, formatMemory(test.memoryBytes)])}\n`);
  }
  const wrong = result.tests.find((test) => test.verdict === "WA");
  if (wrong !== undefined && shown.found.problem.validator.type !== "interactive")
    await printDifference(wrong, samples, shown);
}

/** Runs the sample once more, freely, because a judged result carries no output. */
async function printDifference(wrong: TestResult, samples: readonly TestCase[], shown: Shown): Promise<void> {
  const sample = samples.find((each) => each.id === wrong.id);
  if (sample === undefined) return;
  const { found, language, sources, sandbox } = shown;
  const { limits } = found.problem;
  const stdin = new Uint8Array(await readFile(join(found.directory, sample.inputFile)));
  const run = await sandbox.run({
    language,
    sources,
    stdin,
    timeLimitMs: limits.timeMs,
    memoryLimitMiB: limits.memoryMiB,
    outputLimitMiB: limits.outputMiB,
  });
  const expected = await readFile(join(found.directory, sample.answerFile));
  process.stdout.write(`\n${wrong.id}: expected\n${beginning(expected)}\n${wrong.id}: got\n${beginning(run.stdout)}`);
}

const LINES_SHOWN_MAX = 20;

function beginning(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes.subarray(0, 8_192)).split("\n").slice(0, LINES_SHOWN_MAX);
  const cut = lines.map((line) => `  ${line.slice(0, 200)}`).join("\n");
  return `${cut.trimEnd()}\n`;
}
