/** `dikast verify PACKAGE…`: every example submission must get what its folder and its tag say. */
import type { Command } from "commander";
import { formatWarning, type ProblemPackage, readContest, readPackage } from "../../src/packages/index.ts";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isZipFile, unpackPackageZip } from "../../src/packages/archive/index.ts";
import {
  CommandError,
  counted,
  EXIT_FAILURE,
  EXIT_NOT_ACCEPTED,
  print,
  printable,
  printJson,
  Progress,
  reportError,
  styled,
} from "../support/output.ts";
import { positiveNumber, type SandboxKind, sandboxOption, withSandbox } from "./judging/sandbox-choice.ts";
import { type Column, formatHeader, formatMemory, formatMs, formatPoints, formatRow } from "../support/figures.ts";
import { type Outcome, type SettledPackage, settleTimeLimit, verifySubmission } from "./judging/verification.ts";
import type { Sandbox } from "../../sandbox/index.ts";

interface VerifyOptions {
  readonly sandbox: SandboxKind;
  readonly jobs: number;
  readonly json?: true;
}

export function registerVerify(program: Command): void {
  program
    .command("verify")
    .summary("check a problem package with its own submissions")
    .description(
      `Judge every submission of problem packages and compare each verdict with the meaning of its folder (accepted, wrong_answer, …), with submissions.yaml, and with @EXPECTED_RESULTS@ tags in its source.

A package without a time limit gets one as the format prescribes: slowest accepted submission times the package's multiplier. Submissions in languages that the sandbox lacks are skipped and counted as such.

Exit code 0 only if every other one is as expected, 3 if one is not, 1 if a package cannot be read.`,
    )
    .argument(
      "<package...>",
      "problem packages (folders or zip archives), or a contest's folder for all of its packages",
    )
    .addOption(sandboxOption())
    .option("--jobs <n>", "submissions judged at the same time", positiveNumber, 1)
    .option("--json", "JSON Lines: one object a package and a submission, a summary last")
    .action(async (folders: string[], options: VerifyOptions) => {
      await withSandbox(options.sandbox, async (sandbox, signal) => await verify(folders, options, sandbox, signal));
    });
}

interface Tally {
  packages: number;
  submissions: number;
  asExpected: number;
  unexpected: number;
  skipped: number;
  /** Packages that could not be read. */
  unreadable: number;
}

async function verify(
  folders: readonly string[],
  options: VerifyOptions,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<number> {
  await using archives = new Unpacked();
  const unpacked = (file: string): Promise<string> => archives.add(file);
  const startMs = performance.now();
  const tally: Tally = { packages: 0, submissions: 0, asExpected: 0, unexpected: 0, skipped: 0, unreadable: 0 };
  for (const folder of folders) {
    for (const found of await packagesIn(folder, unpacked, options, tally)) {
      signal.throwIfAborted();
      tally.packages += 1;
      await verifyPackage(found, options, sandbox, signal, tally);
    }
  }
  const wallMs = Math.round(performance.now() - startMs);
  const good = tally.unexpected === 0 && tally.unreadable === 0 && tally.asExpected > 0;
  if (options.json === true)
    printJson({ type: "summary", ...tally, sandbox: sandbox.profile.sandbox, profile: sandbox.profile.hash, wallMs });
  else {
    const parts = [`${tally.asExpected} as expected`, `${tally.unexpected} unexpected`, `${tally.skipped} skipped`];
    if (tally.unreadable > 0) parts.push(`${counted(tally.unreadable, "package")} unreadable`);
    process.stdout.write(`\n${counted(tally.submissions, "submission")}: ${parts.join(", ")} (${formatMs(wallMs)})\n`);
    if (tally.submissions === 0) process.stdout.write("Nothing was verified: there are no submissions.\n");
  }
  if (good) return 0;
  return tally.unreadable > 0 ? EXIT_FAILURE : EXIT_NOT_ACCEPTED;
}

/** Archives of packages, unpacked for as long as they are judged. */
class Unpacked implements AsyncDisposable {
  readonly #folders: string[] = [];

  async add(file: string): Promise<string> {
    const parent = await mkdtemp(join(tmpdir(), "dikast-verify-"));
    this.#folders.push(parent);
    return await unpackPackageZip(file, parent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}

/** One unreadable package among several is reported and counted; the others are verified all the same. */
async function packagesIn(
  folder: string,
  unpacked: (file: string) => Promise<string>,
  options: VerifyOptions,
  tally: Tally,
): Promise<readonly ProblemPackage[]> {
  try {
    const info = await stat(folder).catch(() => undefined);
    if (info?.isFile() === true && (await isZipFile(folder))) return [await readPackage(await unpacked(folder))];
    if (info?.isFile() === true)
      throw new CommandError(
        "DIKAST_NO_FOLDER",
        `"${folder}" is neither a folder nor a zip archive of a problem package`,
      );
    if (info?.isDirectory() !== true) throw new CommandError("DIKAST_NO_FOLDER", `there is no folder "${folder}"`);
    const isPackage = (await stat(join(folder, "problem.yaml")).catch(() => undefined))?.isFile() === true;
    if (isPackage) return [await readPackage(folder)];
    return (await readContest(folder)).problems.map((problem) => problem.package);
  } catch (error) {
    // A bug of ours is not an unreadable package.
    if (!(error instanceof Error && "code" in error)) throw error;
    reportError(error, options.json === true);
    tally.unreadable += 1;
    return [];
  }
}

async function verifyPackage(
  found: ProblemPackage,
  options: VerifyOptions,
  sandbox: Sandbox,
  signal: AbortSignal,
  tally: Tally,
): Promise<void> {
  const json = options.json === true;
  const status = new Progress();
  status.show(`${found.problem.id}: measuring accepted submissions …`);
  const settled = await settleTimeLimit(found, sandbox, signal);
  const printer = json ? undefined : new TablePrinter(found);
  if (json) printPackageLine(settled);
  else {
    status.clear();
    printer?.header(settled);
  }
  let next = 0;
  const outcomes: (Outcome | undefined)[] = found.submissions.map(() => undefined);
  let printed = 0;
  const worker = async (): Promise<void> => {
    while (next < found.submissions.length) {
      const index = next;
      next += 1;
      const submission = found.submissions[index];
      if (submission === undefined) return;
      const onProgress = ({ done, total }: { done: number; total: number }): void =>
        status.show(`${found.problem.id}: ${submission.path}: test ${done} of ${total}`);
      status.show(`${found.problem.id}: ${submission.path}: compiling …`);
      outcomes[index] = await verifySubmission(settled, submission, sandbox, { signal, onProgress });
      // In the package's order, however the jobs end.
      while (outcomes[printed] !== undefined) {
        const outcome = outcomes[printed] as Outcome;
        printed += 1;
        status.clear();
        count(outcome, tally);
        if (json) printJson(outcome.line);
        else printer?.row(outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(64, Math.floor(options.jobs))) }, worker));
  status.clear();
}

function count(outcome: Outcome, tally: Tally): void {
  tally.submissions += 1;
  if (outcome.line.skipped !== undefined) tally.skipped += 1;
  else if (outcome.line.asExpected === true) tally.asExpected += 1;
  else tally.unexpected += 1;
}

function printPackageLine({ package: found, timeMs, timeLimitSource, slowestAcceptedMs }: SettledPackage): void {
  printJson({
    type: "package",
    package: found.problem.id,
    name: found.problem.name,
    format: found.format,
    timeLimitMs: timeMs,
    timeLimitSource,
    slowestAcceptedMs: slowestAcceptedMs ?? null,
    warnings: found.warnings.map(formatWarning),
  });
}

function endOf(line: Outcome["line"]): string {
  if (line.skipped !== undefined) return styled("yellow", "skipped");
  return line.asExpected === true ? styled("green", "ok") : styled("red", "UNEXPECTED");
}

class TablePrinter {
  readonly #columns: readonly Column[];

  constructor(found: ProblemPackage) {
    this.#columns = [
      { title: "submission", width: Math.max(10, ...found.submissions.map((each) => each.path.length)) },
      { title: "language", width: 10 },
      { title: "expected", width: 8 },
      { title: "verdict", width: 7 },
      { title: "score", width: 6, align: "right" },
      { title: "time", width: 8, align: "right" },
      { title: "memory", width: 10, align: "right" },
      { title: "", width: 0 },
    ];
  }

  header({ package: found, timeMs, timeLimitSource, slowestAcceptedMs }: SettledPackage): void {
    const origin = { package: "stated", measured: "measured", default: "the default: nothing to measure" }[
      timeLimitSource
    ];
    const slowest = slowestAcceptedMs === undefined ? "" : `, slowest accepted ${formatMs(slowestAcceptedMs)}`;
    process.stdout.write(
      `\n${found.problem.id}: ${found.problem.name} (time limit ${formatMs(timeMs)}, ${origin}${slowest})\n`,
    );
    for (const warning of found.warnings) print(printable(`  note: ${formatWarning(warning)}`));
    if (found.submissions.length > 0) process.stdout.write(`${formatHeader(this.#columns)}\n`);
  }

  row({ line, note }: Outcome): void {
    const expected = line.expected.length > 3 ? `${line.expected.slice(0, 2).join("/")}/…` : line.expected.join("/");
    const end = endOf(line);
    process.stdout.write(
      `${formatRow(this.#columns, [
        line.path,
        line.language ?? "?",
        expected === "" ? "?" : expected,
        line.verdict ?? "-",
        line.score === null ? "" : formatPoints(line.score * 1_000_000),
        line.virtualMsMax === null ? "" : formatMs(line.virtualMsMax),
        line.memoryBytesMax === null ? "" : formatMemory(line.memoryBytesMax),
        `${end}${note === "" ? "" : printable(`: ${note}`)}`,
      ])}\n`,
    );
  }
}
