/** Runs the rules over a contest folder or one package. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { YAML_BYTES_MAX } from "../bounds.ts";
import { readContest } from "../contest.ts";
import type { Contest } from "../contest-model.ts";
import { ContestError, PackageError, type Position, type Warning } from "../errors.ts";
import type { ProblemPackage } from "../model.ts";
import { readPackage } from "../package.ts";
import { compareNames, scanPackage } from "../tree.ts";
import { type Finding, Findings, type Report, sortedFindings } from "./finding.ts";
import { checkContestRules } from "./rules/contest.ts";
import { checkLimits, checkSubmissions, checkValidators } from "./rules/judging.ts";
import { checkLayout } from "./rules/layout.ts";
import { checkMetadata, checkStatements } from "./rules/metadata.ts";
import { checkTests } from "./rules/test-files.ts";
import { type CheckOptions, keyLines, subjectOf } from "./subject.ts";

export interface CheckedContest {
  readonly findings: readonly Finding[];
  /** Undefined where it cannot be read. */
  readonly contest: Contest | undefined;
  /** Every package that can be read, also where the contest cannot. */
  readonly packages: readonly ProblemPackage[];
}

/** What our own rules say better; told once. */
const SAID_BETTER = /^the package has no problem statement$/;

/**
 * Checks a contest folder, or a single package, as a careful judge would. Faults are findings, not errors; a package that cannot be read
 * does not hide the others.
 * @throws only errors of the disk.
 */
export async function checkContest(directory: string, options: CheckOptions = {}): Promise<CheckedContest> {
  const whole = new Findings();
  const read = await attempt(async () => await readContest(directory), whole.report);
  const folders =
    read === undefined ? await packageFolders(directory) : read.problems.map((problem) => problem.package.directory);
  const packages: ProblemPackage[] = [];
  const findings: Finding[] = [];
  const root = await realpath(directory).catch(() => directory);
  for (const folder of folders) {
    const checked = await checkPackage(folder, options, folder === root ? "" : basename(folder));
    findings.push(...checked.findings);
    // A limit in contest.yaml wins over the package's.
    const named = read?.problems.find((problem) => problem.package.directory === folder)?.package ?? checked.package;
    if (named !== undefined) packages.push(named);
  }
  if (read !== undefined) {
    const lines = keyLines(await readFile(join(read.directory, "contest.yaml"), "utf8").catch(() => ""));
    const lineOf = (...keys: readonly string[]): number | undefined => keys.map((key) => lines.get(key)).find(Boolean);
    checkContestRules(read, lineOf, options, whole.report);
    const ofPackages = new Set(read.problems.map((problem) => problem.id));
    const own = read.warnings.filter((warning) => !ofPackages.has(warning.file.split("/")[0] ?? ""));
    if (folders[0] !== root) reportWarnings(own, whole.report);
    await checkForgotten(read, whole.report);
  }
  return { findings: sortedFindings([...withoutEchoes(whole.list(), findings), ...findings]), contest: read, packages };
}

/** `prefix`: stands before the files of the findings. */
export async function checkPackage(
  directory: string,
  options: CheckOptions = {},
  prefix = "",
): Promise<{ readonly findings: readonly Finding[]; readonly package: ProblemPackage | undefined }> {
  const found = new Findings(prefix);
  const { report } = found;
  const read = await attempt(async () => await readPackage(directory), report);
  if (read !== undefined) {
    reportWarnings(
      read.warnings.filter(({ message }) => !SAID_BETTER.test(message) && message !== reasonOf(read)),
      report,
    );
    const subject = await subjectOf(await scanPackage(directory), read, options);
    checkLayout(subject, report);
    checkMetadata(subject, report);
    await checkStatements(subject, report);
    checkLimits(subject, report);
    checkValidators(subject, report);
    await checkTests(subject, report);
    checkSubmissions(subject, report);
  }
  return { findings: sortedFindings(found.list()), package: read };
}

function reasonOf({ problem: { validator } }: ProblemPackage): string | undefined {
  return validator.type === "missing" ? validator.reason : undefined;
}

async function attempt<T>(read: () => Promise<T>, report: Report): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PackageError || error instanceof ContestError)) throw error;
    report("error", ruleOf(error.code), error.position, withoutPosition(error.message, error.position));
    return undefined;
  }
}

/** `DIKAST_PACKAGE_BAD_VALUE` → `bad-value`. */
function ruleOf(code: string): string {
  return code
    .replace(/^DIKAST_(?:PACKAGE|CONTEST)_/, "")
    .toLowerCase()
    .replaceAll("_", "-");
}

function withoutPosition(message: string, position: Position): string {
  const prefix = position.line === undefined ? `${position.file}: ` : `${position.file}:${position.line}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

function reportWarnings(warnings: readonly Warning[], report: Report): void {
  for (const { message, ...position } of warnings) {
    const unknown = message.startsWith("unknown key");
    report("warning", unknown ? "unknown-key" : "package", position, message);
  }
}

/** Errors that reading the contest met in a package; the package's own check tells them with the package's name. */
function withoutEchoes(whole: readonly Finding[], ofPackages: readonly Finding[]): readonly Finding[] {
  return whole.filter(
    (finding) =>
      !ofPackages.some(
        (other) =>
          other.message === finding.message && other.line === finding.line && other.file.endsWith(finding.file),
      ),
  );
}

/** Packages beside the contest that it does not name. */
async function checkForgotten(contest: Contest, report: Report): Promise<void> {
  const used = new Set(contest.problems.map((problem) => problem.package.directory));
  for (const folder of await packageFolders(contest.directory)) {
    if (used.has(folder)) continue;
    report(
      "warning",
      "package-unused",
      { file: basename(folder) },
      "is a problem package, but contest.yaml does not name it",
    );
  }
}

/** Folders with a problem.yaml, where `readContest` looks for them. */
async function packageFolders(directory: string): Promise<string[]> {
  const root = await realpath(directory).catch(() => undefined);
  if (root === undefined) return [];
  if (await isPackage(root)) return [root];
  const found: string[] = [];
  for (const parent of ["", "problems"]) {
    const folder = join(root, parent);
    const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith(".")).sort(compareNames);
    for (const name of names) if (await isPackage(join(folder, name))) found.push(await realpath(join(folder, name)));
  }
  return found;
}

async function isPackage(folder: string): Promise<boolean> {
  const info = await stat(join(folder, "problem.yaml")).catch(() => undefined);
  return info?.isFile() === true && info.size <= YAML_BYTES_MAX;
}
