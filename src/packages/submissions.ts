/** The package's example submissions and what each of them must get. */
import { SOURCE_BYTES_MAX, SUBMISSIONS_MAX, YAML_BYTES_MAX } from "./bounds.ts";
import { PackageError, type Fail, type Warning } from "./errors.ts";
import { combinedExpectation, expectationOfFolder, expectationOfTag } from "./expectations.ts";
import type { PackageSubmission } from "./model.ts";
import { type FoundProgram, programsIn } from "./programs.ts";
import { expectationOfRules, NO_RULE, readSubmissionRules, rulesFor, type SubmissionRule } from "./submissions-yaml.ts";
import type { PackageTree } from "./tree.ts";
import { parseYaml } from "./yaml.ts";

const ROOT = "submissions";

export async function readSubmissions(
  tree: PackageTree,
  fail: Fail,
  warn: (warning: Warning) => void,
): Promise<PackageSubmission[]> {
  const rules = [...(await readEntryPoints(tree, warn)), ...(await readRules(tree, fail, warn))];
  const submissions: PackageSubmission[] = [];
  for (const folder of tree.list(ROOT)) {
    if (folder.type !== "directory") continue;
    for (const program of programsIn(tree, folder.path)) {
      if (submissions.length >= SUBMISSIONS_MAX) {
        throw new PackageError("DIKAST_PACKAGE_TOO_LARGE", `holds more than ${SUBMISSIONS_MAX} submissions`, {
          file: ROOT,
        });
      }
      submissions.push(await readSubmission(tree, folder.name, program, rules, warn));
    }
  }
  return submissions;
}

async function readRules(tree: PackageTree, fail: Fail, warn: (warning: Warning) => void): Promise<SubmissionRule[]> {
  const file = `${ROOT}/submissions.yaml`;
  if (!tree.has(file)) return [];
  return readSubmissionRules(parseYaml(await tree.readText(file, YAML_BYTES_MAX), file, fail), warn);
}

/** DOMjudge's `submissions.json`: `{"submissions/accepted/two-files/": {"entry_point": "main.py"}}`. */
async function readEntryPoints(tree: PackageTree, warn: (warning: Warning) => void): Promise<SubmissionRule[]> {
  const file = "submissions.json";
  if (!tree.has(file)) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(await tree.readText(file, YAML_BYTES_MAX));
  } catch {
    warn({ file, message: "is not JSON; it is ignored" });
    return [];
  }
  return Object.entries(parsed ?? {}).flatMap(([path, details]: [string, unknown]) => {
    const entrypoint = (details as { readonly entry_point?: unknown } | null)?.entry_point;
    if (typeof entrypoint !== "string") return [];
    return [{ ...NO_RULE, pattern: path.replace(/^submissions\//, "").replace(/\/+$/, ""), entrypoint }];
  });
}

async function readSubmission(
  tree: PackageTree,
  folder: string,
  program: FoundProgram,
  allRules: readonly SubmissionRule[],
  warn: (warning: Warning) => void,
): Promise<PackageSubmission> {
  const path = program.path.slice(ROOT.length + 1);
  const rules = rulesFor(path, allRules);
  const byFolder = expectationOfRules(expectationOfFolder(folder), rules);
  const byTag = await findTag(tree, program.files);
  const { expectation, contradiction } = combinedExpectation(byFolder, byTag);
  if (contradiction)
    warn({ file: program.path, message: "its tag @EXPECTED_RESULTS@ contradicts its folder; the tag is taken" });
  if (expectation === undefined)
    warn({ file: program.path, message: "neither its folder nor a tag says what it must get" });
  const language = rules.findLast((rule) => rule.language !== undefined)?.language ?? program.language;
  const entrypoint = rules.findLast((rule) => rule.entrypoint !== undefined)?.entrypoint;
  const onlyAccepted = expectation?.verdicts.every((verdict) => verdict === "AC") === true;
  return {
    path,
    files: entrypoint === undefined ? program.files : entrypointFirst(program.files, entrypoint),
    language,
    expectation,
    boundsTimeLimit:
      rules.findLast((rule) => rule.boundsTimeLimit !== undefined)?.boundsTimeLimit ??
      (onlyAccepted && expectation.partial !== true),
  };
}

async function findTag(tree: PackageTree, files: readonly string[]): Promise<ReturnType<typeof expectationOfTag>> {
  for (const file of files) {
    const found = expectationOfTag(await tree.readHead(file, SOURCE_BYTES_MAX));
    if (found !== undefined) return found;
  }
  return undefined;
}

function entrypointFirst(files: readonly string[], entrypoint: string): readonly string[] {
  const main = files.find((file) => file.endsWith(`/${entrypoint}`));
  return main === undefined ? files : [main, ...files.filter((file) => file !== main)];
}
