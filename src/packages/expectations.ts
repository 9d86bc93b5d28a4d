/**
 * What example submissions must get: by their folder (legacy.md and 2025-09.md "Example submissions", and DOMjudge's names), and
 * by `@EXPECTED_RESULTS@:` tags in the source (DOMjudge, "problem format").
 */
import type { Verdict } from "../model/verdict.ts";
import type { Expectation } from "./model.ts";

const REJECTED: readonly Verdict[] = ["WA", "TLE", "MLE", "OLE", "RE", "CE"];

/**
 * Final verdicts by folder. The formats know no MLE: a program that dies of its memory limit has crashed, so it may lie
 * under `run_time_error`.
 */
const FOLDERS: Readonly<Record<string, readonly Verdict[]>> = {
  accepted: ["AC"],
  correct: ["AC"],
  partially_accepted: ["AC"],
  // Too slow for a strict limit, right all the same; the limit is not derived from them.
  slow_accepted: ["AC", "TLE"],
  wrong_answer: ["WA"],
  no_output: ["WA"],
  presentation_error: ["WA"],
  time_limit_exceeded: ["TLE"],
  timelimit: ["TLE"],
  run_time_error: ["RE", "MLE"],
  runtime_error: ["RE", "MLE"],
  run_error: ["RE", "MLE"],
  memory_limit_exceeded: ["MLE"],
  memory_limit: ["MLE"],
  output_limit_exceeded: ["OLE"],
  output_limit: ["OLE"],
  compile_error: ["CE"],
  compiler_error: ["CE"],
  compile_time_error: ["CE"],
  rejected: REJECTED,
  brute_force: ["RE", "TLE", "MLE"],
};

const TAGS: Readonly<Record<string, readonly Verdict[]>> = {
  CORRECT: ["AC"],
  ACCEPTED: ["AC"],
  AC: ["AC"],
  "WRONG-ANSWER": ["WA"],
  WRONGANSWER: ["WA"],
  WA: ["WA"],
  "PRESENTATION-ERROR": ["WA"],
  "NO-OUTPUT": ["WA"],
  TIMELIMIT: ["TLE"],
  "TIME-LIMIT": ["TLE"],
  "TIME-LIMIT-EXCEEDED": ["TLE"],
  TLE: ["TLE"],
  "RUN-ERROR": ["RE", "MLE"],
  "RUN-TIME-ERROR": ["RE", "MLE"],
  "RUNTIME-ERROR": ["RE", "MLE"],
  RTE: ["RE", "MLE"],
  RE: ["RE"],
  MEMLIMIT: ["MLE"],
  "MEMORY-LIMIT": ["MLE"],
  "MEMORY-LIMIT-EXCEEDED": ["MLE"],
  MLE: ["MLE"],
  "OUTPUT-LIMIT": ["OLE"],
  "OUTPUT-LIMIT-EXCEEDED": ["OLE"],
  OLE: ["OLE"],
  "COMPILER-ERROR": ["CE"],
  "COMPILE-ERROR": ["CE"],
  CE: ["CE"],
};

/** `undefined` for folders that say nothing (`mixed`) or that nobody knows. */
export function expectationOfFolder(folder: string): Expectation | undefined {
  const verdicts = FOLDERS[folder.toLowerCase().replaceAll("-", "_")];
  if (verdicts === undefined) return undefined;
  const partial = folder === "partially_accepted";
  return { verdicts, source: `folder ${folder}`, ...(partial ? { partial } : {}) };
}

/** The first tag of the source; names nobody knows are left out. `undefined` without a tag or a known name. */
export function expectationOfTag(source: string): Expectation | undefined {
  const match = /@EXPECTED_RESULTS@:([^\r\n]*)/.exec(source);
  if (match === null) return undefined;
  const names = (match[1] ?? "")
    .replace(/(?:\*\/|-->|"""|''').*$/, "")
    .split(",")
    .map((name) => name.trim().toUpperCase().replaceAll("_", "-").replaceAll(" ", "-"));
  const verdicts = [...new Set(names.flatMap((name) => TAGS[name] ?? []))];
  return verdicts.length === 0 ? undefined : { verdicts, source: "tag @EXPECTED_RESULTS@" };
}

/**
 * Both hold where they can; a tag that contradicts its folder is taken alone, because it was written for this one file.
 */
export function combinedExpectation(
  folder: Expectation | undefined,
  tag: Expectation | undefined,
): { readonly expectation: Expectation | undefined; readonly contradiction: boolean } {
  if (folder === undefined || tag === undefined) return { expectation: tag ?? folder, contradiction: false };
  const both = folder.verdicts.filter((verdict) => tag.verdicts.includes(verdict));
  if (both.length === 0) return { expectation: tag, contradiction: true };
  return {
    expectation: { ...folder, verdicts: both, source: `${folder.source}, ${tag.source}` },
    contradiction: false,
  };
}
