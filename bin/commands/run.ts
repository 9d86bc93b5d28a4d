/** `dikast run FILE`: one program, one input, no judging. */
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import type { RunResult } from "../../sandbox/index.ts";
import type { Language } from "../../src/model/language.ts";
import { EXIT_NOT_ACCEPTED, printJson } from "../support/output.ts";
import {
  chooseLanguage,
  languageOption,
  positiveNumber,
  readInput,
  readSource,
  type SandboxKind,
  sandboxOption,
  withSandbox,
} from "./judging/sandbox-choice.ts";
import { formatMemory, formatMs } from "../support/figures.ts";

interface RunOptions {
  readonly stdin?: string;
  readonly timeLimit: number;
  readonly memory: number;
  readonly output: number;
  readonly language?: Language;
  readonly sandbox: SandboxKind;
  readonly json?: true;
}

export function registerRun(program: Command): void {
  program
    .command("run")
    .summary("run a program in the sandbox")
    .description(
      `Compile a program and run it once in the sandbox, under the same rules as a submission but without a problem.

Its output goes to standard output; its errors, and then one line with verdict, virtual time and memory, go to standard error. Virtual time is counted in executed instructions: it is the same on every machine.

Exit code 0 if the program ended with 0 within its limits, 3 if not.`,
    )
    .argument("<file>", "the source; further files of the program may follow")
    .argument("[more...]", "headers and modules of the program")
    .option("--stdin <file>", "what the program reads; - for this command's own input (default: nothing)")
    .option("--time-limit <seconds>", "virtual seconds", positiveNumber, 10)
    .option("--memory <MiB>", "memory limit", positiveNumber, 2048)
    .option("--output <MiB>", "output limit", positiveNumber, 8)
    .addOption(languageOption())
    .addOption(sandboxOption())
    .option("--json", "one JSON object instead of text")
    .action(async (file: string, more: string[], options: RunOptions) => {
      await withSandbox(options.sandbox, async (sandbox, signal) => {
        const sources = await Promise.all([file, ...more].map(readSource));
        const language = chooseLanguage(file, options.language, sandbox);
        const stdin = await readStdin(options.stdin);
        const startMs = performance.now();
        const result = await sandbox.run(
          {
            language,
            sources,
            stdin,
            timeLimitMs: Math.ceil(options.timeLimit * 1000),
            memoryLimitMiB: Math.ceil(options.memory),
            outputLimitMiB: Math.ceil(options.output),
          },
          { signal },
        );
        const wallMs = performance.now() - startMs;
        if (options.json === true) printResult(file, language, result, wallMs);
        else printText(result, wallMs);
        return result.verdict === "AC" ? 0 : EXIT_NOT_ACCEPTED;
      });
    });
}

const STDIN_BYTES_MAX = 512 * 1024 * 1024;

async function readStdin(file: string | undefined): Promise<Uint8Array> {
  if (file === undefined) return new Uint8Array();
  if (file === "-") return new Uint8Array(await buffer(process.stdin));
  return await readInput(file, STDIN_BYTES_MAX);
}

function printText(result: RunResult, wallMs: number): void {
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
  if (result.compileLog !== "") process.stderr.write(`${result.compileLog.trimEnd()}\n`);
  const why = result.trap ?? ((result.exitCode ?? 0) === 0 ? undefined : `exit code ${result.exitCode}`);
  const figures = `${formatMs(result.virtualMs)} virtual, ${formatMemory(result.memoryBytes)}, ${formatMs(wallMs)} in all`;
  process.stderr.write(`${result.verdict}${why === undefined ? "" : ` (${why})`}: ${figures}\n`);
}

function printResult(file: string, language: Language, result: RunResult, wallMs: number): void {
  const decoder = new TextDecoder();
  printJson({
    type: "run",
    file,
    language,
    verdict: result.verdict,
    exitCode: result.exitCode ?? null,
    trap: result.trap ?? null,
    cost: result.cost,
    virtualMs: result.virtualMs,
    memoryBytes: result.memoryBytes,
    wallMs: Math.round(wallMs),
    stdout: decoder.decode(result.stdout),
    stderr: decoder.decode(result.stderr),
    compileLog: result.compileLog,
  });
}
