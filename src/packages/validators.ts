/** Which output validator judges: the default one, a program of the package, or one that is missing. */
import type { OutputValidator } from "../model/problem.ts";
import type { Warning } from "./errors.ts";
import type { ProblemYaml } from "./problem-yaml.ts";
import { type FoundProgram, programAt, programsIn } from "./programs.ts";
import type { PackageTree } from "./tree.ts";

const HEADER = /\.(?:h|hh|hpp|hxx|h\+\+)$/;

export function findValidator(tree: PackageTree, yaml: ProblemYaml, warn: (warning: Warning) => void): OutputValidator {
  if (yaml.unsupportedType !== undefined) {
    warn({ file: "problem.yaml", message: `problems of type "${yaml.unsupportedType}" cannot be judged` });
    return { type: "missing", reason: `problems of type "${yaml.unsupportedType}" cannot be judged` };
  }
  const found = yaml.customValidation === false ? undefined : findProgram(tree, warn);
  if (found === undefined) return withoutProgram(tree, yaml, warn);
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
  if (own?.language !== undefined) return own;
  const candidates = [...programsIn(tree, "output_validator"), ...programsIn(tree, "output_validators")];
  const [first, second] = candidates.sort(
    (a, b) => Number(a.language === undefined) - Number(b.language === undefined),
  );
  if (second !== undefined && second.language !== undefined) {
    warn({ file: second.path, message: `is not used: only one output validator is run, "${first?.path ?? ""}"` });
  }
  if (first === undefined || first.files.length !== 1) return first;
  // A single source beside its headers.
  const folder = first.path.replace(/\/[^/]*$/, "");
  const headers = tree.list(folder).filter((entry) => entry.type === "file" && HEADER.test(entry.name));
  return { ...first, files: [...first.files, ...headers.map((entry) => entry.path)] };
}
