/** Which output validator judges: the default one, a program of the package, or one that is missing; and which grader. */
import type { OutputValidator, PackageProgram } from "../model/problem.ts";
import type { Warning } from "./errors.ts";
import type { ProblemYaml } from "./problem-yaml.ts";
import { type FoundProgram, programAt, programsIn } from "./programs.ts";
import { readScripts, type ReadScripts, type ScriptedProgram } from "./scripts.ts";
import type { PackageTree } from "./tree.ts";

/** Of a `build` or `run` script; a compiled program is told apart by its first bytes. */
const SCRIPT_BYTES_MAX = 64 * 1024;
const HEADER = /\.(?:h|hh|hpp|hxx|h\+\+)$/;

export async function findValidator(
  tree: PackageTree,
  yaml: ProblemYaml,
  warn: (warning: Warning) => void,
): Promise<OutputValidator> {
  if (yaml.unsupportedType !== undefined) {
    warn({ file: "problem.yaml", message: `problems of type "${yaml.unsupportedType}" cannot be judged` });
    return { type: "missing", reason: `problems of type "${yaml.unsupportedType}" cannot be judged` };
  }
  const found = yaml.customValidation === false ? undefined : findProgram(tree, warn);
  if (found === undefined) return withoutProgram(tree, yaml, warn);
  const scripted = await readScripted(tree, found);
  if (scripted?.type === "refused") {
    const reason = `the output validator "${found.path}": ${scripted.reason}`;
    warn({ file: found.path, message: reason });
    return { type: "missing", reason };
  }
  if (scripted !== undefined)
    return {
      type: yaml.interactive ? "interactive" : "custom",
      program: scriptedProgram(tree, found, scripted.program),
    };
  if (found.language === undefined) {
    const reason = `the output validator "${found.path}" is in no language that can be built here`;
    warn({ file: found.path, message: reason });
    return { type: "missing", reason };
  }
  return {
    type: yaml.interactive ? "interactive" : "custom",
    program: { language: found.language, files: found.files },
  };
}

/** Legacy: the program of `graders/`; undefined, with a warning, where there is none that can be built. */
export async function findGrader(
  tree: PackageTree,
  warn: (warning: Warning) => void,
): Promise<PackageProgram | undefined> {
  const [first, second] = programsIn(tree, "graders");
  if (second !== undefined)
    warn({ file: second.path, message: `is not used: only one grader is run, "${first?.path ?? ""}"` });
  const scripted = first === undefined ? undefined : await readScripted(tree, first);
  if (first !== undefined && scripted?.type === "program") return scriptedProgram(tree, first, scripted.program);
  if (first?.language !== undefined && scripted === undefined) return { language: first.language, files: first.files };
  const reason = scripted?.type === "refused" ? `: ${scripted.reason}` : "";
  warn({
    file: first?.path ?? "graders",
    message: `test groups name a custom grader, but there is none that can be built here${reason}`,
  });
  return undefined;
}

function withoutProgram(tree: PackageTree, yaml: ProblemYaml, warn: (warning: Warning) => void): OutputValidator {
  if (yaml.interactive || yaml.multiPass) {
    const reason = `the problem is ${yaml.interactive ? "interactive" : "multi-pass"} but has no output validator`;
    warn({ file: "problem.yaml", message: reason });
    return { type: "missing", reason };
  }
  if (yaml.customValidation === true) {
    warn({
      file: "problem.yaml",
      message: 'names custom validation but "output_validators" holds no program; the default validator is used',
    });
  } else if (yaml.customValidation === false && tree.hasDirectory("output_validators")) {
    warn({ file: "output_validators", message: "is not used: problem.yaml names the default validator" });
  }
  return { type: "default" };
}

/** 2025-09: the folder `output_validator/` is the program. Legacy and drafts: each entry of `output_validators/` is one. */
function findProgram(tree: PackageTree, warn: (warning: Warning) => void): FoundProgram | undefined {
  const own = programAt(tree, { name: "output_validator", path: "output_validator", type: "directory", sizeBytes: 0 });
  if (own !== undefined && (own.language !== undefined || hasScript(tree, own))) return own;
  const candidates = [...programsIn(tree, "output_validator"), ...programsIn(tree, "output_validators")];
  const isProgram = (found: FoundProgram): boolean => found.language !== undefined || hasScript(tree, found);
  const [first, second] = candidates.sort((a, b) => Number(isProgram(b)) - Number(isProgram(a)));
  if (second !== undefined && isProgram(second)) {
    warn({ file: second.path, message: `is not used: only one output validator is run, "${first?.path ?? ""}"` });
  }
  if (first === undefined || first.files.length !== 1) return first;
  // A single source beside its headers.
  const folder = first.path.replace(/\/[^/]*$/, "");
  const headers = tree.list(folder).filter((entry) => entry.type === "file" && HEADER.test(entry.name));
  return { ...first, files: [...first.files, ...headers.map((entry) => entry.path)] };
}

function hasScript(tree: PackageTree, { path }: FoundProgram): boolean {
  return tree.has(`${path}/build`) || tree.has(`${path}/run`);
}

/** `undefined` for a program without scripts. */
async function readScripted(tree: PackageTree, { path }: FoundProgram): Promise<ReadScripts | undefined> {
  const text = async (name: "build" | "run"): Promise<string | undefined> =>
    tree.has(`${path}/${name}`) ? await tree.readHead(`${path}/${name}`, SCRIPT_BYTES_MAX) : undefined;
  const texts = { build: await text("build"), run: await text("run") };
  if (texts.build === undefined && texts.run === undefined) return undefined;
  return readScripts(texts, filesIn(tree, path));
}

/** What its script names, and the files beside them that are no programs of their own. */
function scriptedProgram(tree: PackageTree, { path }: FoundProgram, scripted: ScriptedProgram): PackageProgram {
  const { sources, language, call } = scripted;
  const beside = filesIn(tree, path).filter((name) => {
    if (sources.includes(name) || name === "build" || name === "run") return false;
    return language === "python3" || HEADER.test(name);
  });
  return {
    language,
    files: [...sources, ...beside].map((name) => `${path}/${name}`),
    ...(call === undefined ? {} : { call }),
  };
}

function filesIn(tree: PackageTree, directory: string): string[] {
  return tree.list(directory).flatMap((entry) => (entry.type === "file" ? [entry.name] : []));
}
