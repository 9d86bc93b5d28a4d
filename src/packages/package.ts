/** Reads one problem package: see `readPackage`. */
import { basename } from "node:path";
import { isLanguage } from "../model/language.ts";
import type { Problem, TestGroup } from "../model/problem.ts";
import { YAML_BYTES_MAX } from "./bounds.ts";
import { type Fail, PackageError, type Warning } from "./errors.ts";
import { secondsToMs, TIME_LIMIT_DEFAULT_MS, TIME_LIMIT_MS_MAX } from "./limits.ts";
import type { ProblemPackage } from "./model.ts";
import { type ProblemYaml, readProblemYaml } from "./problem-yaml.ts";
import { programsIn } from "./programs.ts";
import { mainName, readStatements } from "./statements.ts";
import { readSubmissions } from "./submissions.ts";
import { hasLegacyGrading, readLegacyTestData, readModernTestData, readSamples } from "./test-data.ts";
import { type PackageTree, scanPackage } from "./tree.ts";
import { findGrader, findValidator } from "./validators.ts";

const INI = "domjudge-problem.ini";

const badValue: Fail = (message, position) => {
  throw new PackageError("DIKAST_PACKAGE_BAD_VALUE", message, position);
};

/**
 * Reads a problem package in the Kattis/ICPC format (legacy, 2023-07-draft, 2025-09) from a folder. What can be used in spite of a
 * fault is read, with a warning; what cannot is an error.
 * @throws PackageError with a stable `DIKAST_PACKAGE_*` code; its message begins with file and line.
 */
export async function readPackage(directory: string): Promise<ProblemPackage> {
  const tree = await scanPackage(directory);
  if (!tree.has("problem.yaml")) {
    throw new PackageError(
      "DIKAST_PACKAGE_NO_PROBLEM_YAML",
      `"${basename(directory)}" is no problem package: it has no problem.yaml; name the folder of a package`,
      {
        file: "problem.yaml",
      },
    );
  }
  await tree.findPlaceholders("data");
  const warnings: Warning[] = [...tree.ignored];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const yaml = readProblemYaml(await tree.readText("problem.yaml", YAML_BYTES_MAX), badValue, warn);
  const id = basename(tree.directory);
  const statementFolders =
    yaml.format === "legacy" ? ["problem_statement", "statement"] : ["statement", "problem_statement"];
  const ini = await readIni(tree);
  const statements = await readStatements(tree, statementFolders, yaml.names, yaml.legacyName ?? ini.get("name") ?? id);
  if (statements.length === 0)
    warn({ file: statementFolders[0] ?? "", message: "the package has no problem statement" });
  const data = await readTestData(tree, yaml, warn);
  const stated = yaml.read.timeMs ?? (await readTimeLimitFile(tree, ini, warn));
  const includes = readIncludes(tree, warn);
  const grader = hasCustomGrading(data.root) ? await findGrader(tree, warn) : undefined;
  const problem: Problem = {
    id,
    name: yaml.legacyName ?? mainName(statements, yaml.names) ?? ini.get("name") ?? id,
    type: yaml.scoring ? "scoring" : "pass-fail",
    limits: { timeMs: stated ?? TIME_LIMIT_DEFAULT_MS, ...yaml.read.limits },
    validator: await findValidator(tree, yaml, warn),
    ...(yaml.multiPass ? { passesMax: yaml.read.passesMax } : {}),
    validatorScore: yaml.validatorScore,
    root: data.root,
    ...(grader === undefined ? {} : { grader }),
    ...(includes.length === 0 ? {} : { includes }),
    ...(Object.keys(yaml.constants).length === 0 ? {} : { constants: yaml.constants }),
  };
  return {
    directory: tree.directory,
    format: yaml.format,
    problem,
    uuid: yaml.uuid,
    license: yaml.license,
    rightsOwner: yaml.rightsOwner,
    source: yaml.source,
    authors: yaml.authors,
    keywords: yaml.keywords,
    languages: yaml.languages,
    objective: yaml.objective,
    scoreRangeMicros: data.rangeMicros,
    statements,
    samples: readSamples(tree),
    attachments: tree.below("attachments").map((entry) => entry.path),
    submissions: await readSubmissions(tree, badValue, warn),
    inputValidators: programsIn(tree, "input_validators").map((program) => program.path),
    timeMultipliers: yaml.read.multipliers,
    timeLimitSource: stated === undefined ? "default" : "package",
    warnings,
  };
}

async function readTestData(
  tree: PackageTree,
  yaml: ProblemYaml,
  warn: (warning: Warning) => void,
): Promise<Awaited<ReturnType<typeof readModernTestData>>> {
  const context = { tree, scoring: yaml.scoring, constants: yaml.constants, fail: badValue, warn };
  const legacy = yaml.format === "legacy" || (yaml.format === "2023-07-draft" && hasLegacyGrading(tree));
  return legacy
    ? await readLegacyTestData(context, yaml.validatorFlags)
    : await readModernTestData(context, yaml.validatorFlags);
}

function hasCustomGrading({ scoring, children }: TestGroup): boolean {
  if (scoring.type === "grader" && scoring.customFlags !== undefined) return true;
  return children.some((child) => child.type === "group" && hasCustomGrading(child.group));
}

/** DOMjudge's settings: `name = value`, in quotes or not. */
async function readIni(tree: PackageTree): Promise<ReadonlyMap<string, string>> {
  if (!tree.has(INI)) return new Map();
  const text = await tree.readText(INI, YAML_BYTES_MAX);
  const lines = text.matchAll(/^[ \t]*([a-z_-]+)[ \t]*=[ \t]*(?:'([^'\r\n]*)'|"([^"\r\n]*)"|([^'"\r\n]*?))[ \t]*$/gm);
  const entries = [...lines].map(
    ([, name = "", single, double, bare]) => [name, single ?? double ?? bare ?? ""] as const,
  );
  return new Map(entries.filter(([, value]) => value !== ""));
}

/** `timelimit` of DOMjudge's `domjudge-problem.ini`, else Kattis' `.timelimit`; both in seconds. */
async function readTimeLimitFile(
  tree: PackageTree,
  ini: ReadonlyMap<string, string>,
  warn: (warning: Warning) => void,
): Promise<number | undefined> {
  const parse = (file: string, text: string): number | undefined => {
    const seconds = Number(text.trim());
    if (text.trim() !== "" && seconds > 0 && seconds * 1000 <= TIME_LIMIT_MS_MAX) return secondsToMs(seconds);
    warn({
      file,
      message: `is no time limit in seconds (more than 0, at most ${TIME_LIMIT_MS_MAX / 1000}); it is ignored`,
    });
    return undefined;
  };
  const stated = ini.get("timelimit");
  if (stated !== undefined) return parse(INI, stated);
  if (!tree.has(".timelimit")) return undefined;
  return parse(".timelimit", await tree.readText(".timelimit", YAML_BYTES_MAX));
}

function readIncludes(tree: PackageTree, warn: (warning: Warning) => void): NonNullable<Problem["includes"]> {
  return tree.list("include").flatMap((entry) => {
    if (entry.type !== "directory") return [];
    const language = entry.name === "default" || isLanguage(entry.name) ? entry.name : undefined;
    if (language === undefined) {
      warn({ file: entry.path, message: "is for a language that dikast does not know; it is ignored" });
      return [];
    }
    const files = tree.list(entry.path).filter((file) => file.type === "file");
    return files.length === 0 ? [] : [{ language, files: files.map((file) => file.path) }];
  });
}
