/** Reads a contest folder: see `readContest`. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { CONTEST_PROBLEMS_MAX, YAML_BYTES_MAX } from "./bounds.ts";
import type { Contest, ContestProblem } from "./contest-model.ts";
import {
  CONTEST_DURATION_DEFAULT_MS,
  type ContestYaml,
  PENALTY_DEFAULT_MS,
  type ProblemEntry,
  readContestYaml,
  readProblemset,
} from "./contest-yaml/index.ts";
import { ContestError, type Fail, PackageError, type Warning } from "./errors.ts";
import type { ProblemPackage } from "./model.ts";
import { readPackage } from "./package.ts";
import { compareNames } from "./tree.ts";

const badValue: Fail = (message, position) => {
  throw new ContestError("DIKAST_CONTEST_BAD_VALUE", message, position);
};

const UNNAMED: ContestYaml = {
  id: undefined,
  name: undefined,
  start: { type: "unset" },
  durationMs: undefined,
  freezeDurationMs: undefined,
  penaltyMs: undefined,
  rules: undefined,
  scoreMode: undefined,
  submissionsMax: undefined,
  submissionIntervalMs: undefined,
  languages: undefined,
  network: {
    sessionLengthMs: undefined,
    clusterSize: undefined,
    redundancy: undefined,
    checksPercent: undefined,
    councilSize: undefined,
    evaluators: undefined,
    keepRegions: undefined,
    registration: undefined,
    registrationOpensMs: undefined,
    registrationClosesMs: undefined,
    lateRegistration: undefined,
    allowed: undefined,
    sages: undefined,
  },
  problems: undefined,
};

/**
 * Reads a folder that holds `contest.yaml` beside problem packages (or below `problems/`), or only packages: then labels are A,
 * B, … by name and everything else has its default. A folder that is itself a package is a contest of that one problem.
 * @throws ContestError or PackageError with a stable code; the message begins with file and line.
 */
export async function readContest(directory: string): Promise<Contest> {
  const root = await realpath(directory).catch((error: unknown) => {
    throw new ContestError("DIKAST_CONTEST_MISSING", "there is no such folder", { file: directory }, { cause: error });
  });
  if (!(await stat(root)).isDirectory())
    throw new ContestError("DIKAST_CONTEST_MISSING", "is not a folder", { file: directory });
  const warnings: Warning[] = [];
  const text = await readSmall(root, "contest.yaml");
  const yaml =
    text === undefined ? UNNAMED : readContestYaml(text, "contest.yaml", badValue, (warning) => warnings.push(warning));
  const entries = yaml.problems ?? (await readProblemsetFile(root));
  const problems = entries === undefined ? await allPackages(root, warnings) : await namedPackages(root, entries);
  if (problems.length === 0) {
    throw new ContestError("DIKAST_CONTEST_NO_PROBLEMS", "holds no problem package (a folder with problem.yaml)", {
      file: directory,
    });
  }
  const scoring = problems.some((problem) => problem.package.problem.type === "scoring");
  const id =
    yaml.id ??
    (basename(root)
      .toLowerCase()
      .replaceAll(/[^a-z0-9_.-]/g, "-")
      .replace(/^[^a-z0-9]+/, "")
      .slice(0, 64) ||
      "contest");
  return {
    directory: root,
    id,
    name: yaml.name ?? id,
    start: yaml.start,
    durationMs: yaml.durationMs ?? CONTEST_DURATION_DEFAULT_MS,
    freezeDurationMs: yaml.freezeDurationMs,
    penaltyMs: yaml.penaltyMs ?? PENALTY_DEFAULT_MS,
    rules: yaml.rules ?? (scoring ? "ioi" : "icpc"),
    scoreMode: yaml.scoreMode ?? "max",
    submissionIntervalMs: yaml.submissionIntervalMs ?? 0,
    languages: yaml.languages,
    network: yaml.network,
    problems: problems.map((problem) => ({
      ...problem,
      submissionsMax: problem.submissionsMax ?? yaml.submissionsMax,
    })),
    warnings: [
      ...warnings,
      ...problems.flatMap(({ id, package: { warnings } }) =>
        warnings.map((warning) => ({ ...warning, file: `${id}/${warning.file}` })),
      ),
    ],
  };
}

async function readProblemsetFile(root: string): Promise<readonly ProblemEntry[] | undefined> {
  const text = await readSmall(root, "problemset.yaml");
  return text === undefined ? undefined : readProblemset(text, "problemset.yaml", badValue);
}

async function readSmall(root: string, file: string): Promise<string | undefined> {
  const info = await stat(join(root, file)).catch(() => undefined);
  if (info === undefined) return undefined;
  if (!info.isFile() || info.size > YAML_BYTES_MAX) badValue(`is no file of at most ${YAML_BYTES_MAX} bytes`, { file });
  return await readFile(join(root, file), "utf8");
}

/** Every folder with a `problem.yaml`, in bytewise order of names. */
async function allPackages(root: string, warnings: Warning[]): Promise<ContestProblem[]> {
  if (await isPackage(root)) return [labelled(await readPackage(root), "A", undefined)];
  for (const parent of ["", "problems"]) {
    const folder = join(root, parent);
    const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith(".")).sort(compareNames);
    const packages: string[] = [];
    for (const name of names) if (await isPackage(join(folder, name))) packages.push(name);
    if (packages.length === 0) continue;
    if (packages.length > CONTEST_PROBLEMS_MAX) {
      throw new ContestError("DIKAST_CONTEST_TOO_LARGE", `more than ${CONTEST_PROBLEMS_MAX} problems`, {
        file: parent,
      });
    }
    const problems: ContestProblem[] = [];
    for (const name of packages)
      problems.push(labelled(await packageIn(root, join(folder, name)), labelAt(problems.length), undefined));
    return problems;
  }
  warnings.push({ file: ".", message: "no problem packages found" });
  return [];
}

async function isPackage(folder: string): Promise<boolean> {
  return (await stat(join(folder, "problem.yaml")).catch(() => undefined))?.isFile() === true;
}

async function namedPackages(root: string, entries: readonly ProblemEntry[]): Promise<ContestProblem[]> {
  if (entries.length > CONTEST_PROBLEMS_MAX) {
    throw new ContestError("DIKAST_CONTEST_TOO_LARGE", `more than ${CONTEST_PROBLEMS_MAX} problems`, {
      file: "contest.yaml",
    });
  }
  const problems: ContestProblem[] = [];
  for (const entry of entries) {
    const folder = await findPackage(root, entry);
    const label = entry.label ?? labelAt(problems.length);
    if (problems.some((problem) => problem.label === label))
      badValue(`two problems have the label "${label}"`, entry.position);
    const read = await packageIn(root, folder);
    if (problems.some((problem) => problem.id === read.problem.id))
      badValue(`"${read.problem.id}" is named twice`, entry.position);
    problems.push(labelled(read, label, entry));
  }
  return problems;
}

/** Its errors name the package too. */
async function packageIn(root: string, folder: string): Promise<ProblemPackage> {
  try {
    return await readPackage(folder);
  } catch (error) {
    throw error instanceof PackageError ? error.within(relative(root, folder)) : error;
  }
}

async function findPackage(root: string, entry: ProblemEntry): Promise<string> {
  for (const folder of [join(root, entry.id), join(root, "problems", entry.id)]) {
    if (!(await isPackage(folder))) continue;
    if (!(await realpath(folder)).startsWith(root + sep))
      badValue(`"${entry.id}" leads out of the contest's folder`, entry.position);
    return folder;
  }
  throw new ContestError(
    "DIKAST_CONTEST_PROBLEM_MISSING",
    `there is no problem package "${entry.id}" beside it`,
    entry.position,
  );
}

function labelled(read: ProblemPackage, label: string, entry: ProblemEntry | undefined): ContestProblem {
  const { problem } = read;
  const timeMs = entry?.timeLimitMs;
  const limited: ProblemPackage =
    timeMs === undefined
      ? read
      : { ...read, timeLimitSource: "package", problem: { ...problem, limits: { ...problem.limits, timeMs } } };
  // DOMjudge files often repeat the short name as "name".
  const name = entry?.name === undefined || entry.name === entry.id ? problem.name : entry.name;
  if (entry?.pointsMicros !== undefined && problem.type === "scoring" && read.scoreRangeMicros.max === undefined)
    badValue(`"points" cannot scale "${problem.id}": its package gives points without a maximum`, entry.position);
  return {
    label,
    id: problem.id,
    name,
    color: entry?.color,
    rgb: entry?.rgb,
    pointsMicros: entry?.pointsMicros,
    submissionsMax: entry?.submissionsMax,
    package: limited,
  };
}

/** A, B, …, Z, AA, AB, … */
function labelAt(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : labelAt(Math.floor(index / 26) - 1) + last;
}
