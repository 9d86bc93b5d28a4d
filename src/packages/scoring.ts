/** `testdata.yaml` (legacy.md "Test Data Groups") and `test_group.yaml` (2025-09.md "Test data configuration"). */
import {
  PASS_FAIL_SCORING,
  type GraderScoring,
  type InputValidatorArgs,
  type PointsScoring,
} from "../model/problem.ts";
import { SCORE_MAX } from "./bounds.ts";
import type { Warning } from "./errors.ts";
import type { YamlMap, YamlValue } from "./yaml.ts";

/** What a group hands on to its tests and, in the legacy format, to groups without a file of their own. */
export interface LegacyGroupConfig {
  readonly scoring: GraderScoring;
  readonly outputValidatorFlags: readonly string[];
  readonly inputValidatorArgs: readonly InputValidatorArgs[];
  /** Best and worst score of the group (`range`), in millionths; undefined = unbounded. */
  readonly rangeMicros: { readonly min: number | undefined; readonly max: number | undefined };
}

export const LEGACY_DEFAULT: LegacyGroupConfig = {
  scoring: { ...PASS_FAIL_SCORING, verdict: "worst-error" },
  outputValidatorFlags: [],
  inputValidatorArgs: [],
  rangeMicros: { min: undefined, max: undefined },
};

const LEGACY_KEYS = [
  "on_reject",
  "grading",
  "grader_flags",
  "input_validator_flags",
  "input_validator_args",
  "output_validator_flags",
  "output_validator_args",
  "accept_score",
  "reject_score",
  "range",
];

export function scoreMicros(points: number): number {
  return Math.round(points * 1_000_000);
}

/** `parent`: keys that are missing are taken from it, as problemtools does. */
export function readLegacyGroup(
  map: YamlMap,
  parent: LegacyGroupConfig,
  warn: (warning: Warning) => void,
): LegacyGroupConfig {
  for (const unknown of map.unknown(LEGACY_KEYS)) warn({ ...unknown.position, message: unknown.message });
  const grading = map.get("grading");
  const onReject = map.get("on_reject")?.oneOf(["break", "continue"]);
  const flags = map.get("grader_flags");
  const flagWords = flags === undefined ? undefined : words(flags.string());
  const custom =
    grading === undefined
      ? parent.scoring.customFlags !== undefined
      : grading.oneOf(["default", "custom"]) === "custom";
  const { customFlags: parentFlags, ...parentScoring } = parent.scoring;
  const score = (key: string): number | undefined => {
    const points = map.get(key)?.number({ min: -SCORE_MAX, max: SCORE_MAX });
    return points === undefined ? undefined : scoreMicros(points);
  };
  const outputFlags = map.get("output_validator_flags", "output_validator_args");
  const inputFlags = map.get("input_validator_flags", "input_validator_args");
  const range = map.get("range");
  return {
    scoring: {
      ...parentScoring,
      ...(onReject === undefined ? {} : { stopOnReject: onReject === "break" }),
      ...(flags === undefined || flagWords === undefined || custom
        ? {}
        : readGraderFlags(flagWords, (flag) =>
            warn({ ...flags.position, message: `unknown grader flag "${flag}"; it is ignored` }),
          )),
      ...(custom ? { customFlags: flagWords ?? parentFlags ?? [] } : {}),
      acceptScoreMicros: score("accept_score") ?? parent.scoring.acceptScoreMicros,
      rejectScoreMicros: score("reject_score") ?? parent.scoring.rejectScoreMicros,
    },
    outputValidatorFlags:
      outputFlags === undefined
        ? parent.outputValidatorFlags
        : readFlags(outputFlags.isMap ? outputFlags.map().get("flags") : outputFlags),
    inputValidatorArgs: inputFlags === undefined ? parent.inputValidatorArgs : readInputArgs(inputFlags),
    rangeMicros:
      range === undefined ? parent.rangeMicros : readRange(range.string(), () => range.expected("two numbers")),
  };
}

/** Flags of the default grader; of conflicting ones the last counts. */
function readGraderFlags(flags: readonly string[], unknown: (flag: string) => void): Partial<GraderScoring> {
  let verdict: GraderScoring["verdict"] = "worst-error";
  let score: GraderScoring["score"] = "sum";
  let ignoreSample = false;
  let acceptIfAnyAccepted = false;
  for (const flag of flags) {
    switch (flag) {
      case "worst_error":
      // An older name of the same rule.
      case "no_errors":
        verdict = "worst-error";
        break;
      case "first_error":
        verdict = "first-error";
        break;
      case "always_accept":
        verdict = "always-accept";
        break;
      case "sum":
      case "avg":
      case "min":
      case "max":
        score = flag;
        break;
      case "ignore_sample":
        ignoreSample = true;
        break;
      case "accept_if_any_accepted":
        acceptIfAnyAccepted = true;
        break;
      default:
        unknown(flag);
    }
  }
  return { verdict, score, ignoreSample, acceptIfAnyAccepted };
}

function readRange(text: string, bad: () => never): { min: number | undefined; max: number | undefined } {
  const parts = words(text);
  if (parts.length !== 2) return bad();
  const bound = (part: string): number | undefined => {
    if (/^[+-]?inf$/i.test(part)) return undefined;
    const value = Number(part);
    return Number.isFinite(value) && Math.abs(value) <= SCORE_MAX ? scoreMicros(value) : bad();
  };
  return { min: bound(parts[0] ?? ""), max: bound(parts[1] ?? "") };
}

/** Words written as one string. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** Arguments as one string (legacy) or as a list (newer formats). */
export function readFlags(value: YamlValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.isList ? value.strings() : shellWords(value.string());
}

/** For every input validator, or a map of their names. */
function readInputArgs(value: YamlValue): readonly InputValidatorArgs[] {
  if (!value.isMap) return [{ validator: undefined, args: readFlags(value) }];
  return value
    .map()
    .entries()
    .map((entry) => ({ validator: entry.name, args: entry.value.isNull ? [] : readFlags(entry.value) }));
}

/** Split at white space; quotes and backslashes keep it, as in a shell (DOMjudge's packages use that). An open quote ends with the text. */
function shellWords(text: string): string[] {
  const pieces = text.match(/(?:[^\s"'\\]+|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\\.?)+/gs) ?? [];
  return pieces.map((piece) =>
    piece.replaceAll(/"((?:[^"\\]|\\.)*)(?:"|$)|'([^']*)(?:'|$)|\\(.?)/gs, (_all, double, single, escaped) => {
      if (typeof double === "string") return double.replaceAll(/\\(["\\$`])/g, "$1");
      return typeof single === "string" ? single : String(escaped ?? "");
    }),
  );
}

/** Arguments that a 2025-09 group or test sets; undefined = inherited. */
export interface TestConfig {
  readonly outputValidatorArgs: readonly string[] | undefined;
  readonly inputValidatorArgs: readonly InputValidatorArgs[] | undefined;
  readonly args: readonly string[] | undefined;
}

const CONFIG_KEYS = [
  "args",
  "input_validator_args",
  "output_validator_args",
  // Drafts' names.
  "input_validator_flags",
  "output_validator_flags",
  "input_visualizer_args",
  "output_visualizer_args",
  "full_feedback",
];
const TEST_KEYS = [...CONFIG_KEYS, "hint", "description"];
const GROUP_KEYS = [
  ...CONFIG_KEYS,
  "max_score",
  "score_aggregation",
  "static_validation_score",
  "static_validator_args",
  "require_pass",
];

export function readTestConfig(map: YamlMap, kind: "group" | "test", warn: (warning: Warning) => void): TestConfig {
  for (const unknown of map.unknown(kind === "group" ? GROUP_KEYS : TEST_KEYS)) {
    warn({ ...unknown.position, message: unknown.message });
  }
  const args = (...keys: readonly string[]): readonly string[] | undefined => {
    const value = map.get(...keys);
    return value === undefined ? undefined : readFlags(value);
  };
  const input = map.get("input_validator_args", "input_validator_flags");
  return {
    outputValidatorArgs: args("output_validator_args", "output_validator_flags"),
    inputValidatorArgs: input === undefined ? undefined : readInputArgs(input),
    args: args("args"),
  };
}

export type PointsRole = "sample" | "secret" | "group";

/** Defaults by role: 2025-09.md "Test data configuration". `map` is undefined where there is no file. */
export function readPoints(map: YamlMap | undefined, role: PointsRole): PointsScoring {
  for (const key of role === "sample" ? ["max_score", "score_aggregation", "require_pass"] : []) {
    map?.get(key)?.fail(`"${key}" is not allowed in sample`);
  }
  map?.get("static_validation_score")?.fail("static validators are not supported");
  const max = map?.get("max_score");
  const byDefault: PointsScoring["maxScoreMicros"] = role === "secret" ? scoreMicros(100) : "unbounded";
  const unbounded = max?.isString === true && max.string() === "unbounded";
  return {
    type: "points",
    aggregation:
      map?.get("score_aggregation")?.oneOf(["pass-fail", "sum", "min"]) ?? (role === "secret" ? "sum" : "pass-fail"),
    maxScoreMicros:
      max === undefined ? byDefault : unbounded ? "unbounded" : scoreMicros(max.integer({ min: 0, max: SCORE_MAX })),
    requirePass: map?.get("require_pass")?.strings() ?? [],
    ignored: role === "sample",
  };
}
