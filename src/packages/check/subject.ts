/** What the rules look at. */
import { LineCounter, isMap, isScalar, parseDocument } from "yaml";
import type { TestCase } from "../../model/problem.ts";
import { testsOf } from "../../model/problem.ts";
import { YAML_BYTES_MAX } from "../bounds.ts";
import type { ProblemPackage } from "../model.ts";
import type { PackageTree } from "../tree.ts";

export interface PackageSubject {
  readonly tree: PackageTree;
  readonly package: ProblemPackage;
  readonly tests: readonly TestCase[];
  /** Line of a top-level key of problem.yaml; undefined if it is not there. */
  readonly lineOf: (key: string) => number | undefined;
  readonly options: CheckOptions;
}

export interface CheckOptions {
  /** Whether the default validator takes these arguments; unchecked without it (the sandbox knows, this folder does not). */
  readonly acceptsValidatorArgs?: (args: readonly string[]) => boolean;
  /** Languages that the embedded sandbox builds; the others need a Docker sandbox. */
  readonly embeddedLanguages?: readonly string[];
  /** For "the start lies in the past". */
  readonly nowMs?: number;
}

export async function subjectOf(
  tree: PackageTree,
  read: ProblemPackage,
  options: CheckOptions,
): Promise<PackageSubject> {
  const lines = keyLines(await tree.readText("problem.yaml", YAML_BYTES_MAX));
  return { tree, package: read, tests: testsOf(read.problem.root), lineOf: (key) => lines.get(key), options };
}

/** Line numbers, from 1, of a document's top-level keys. */
export function keyLines(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter, schema: "core" });
  const found = new Map<string, number>();
  if (!isMap(contents)) return found;
  for (const { key } of contents.items) {
    if (isScalar(key) && key.range) found.set(String(key.value), counter.linePos(key.range[0]).line);
  }
  return found;
}
