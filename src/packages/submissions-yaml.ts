/**
 * `submissions/submissions.yaml` (2025-09.md "Example submissions"): glob patterns over submissions with the verdicts
 * they permit and require, of all tests or of those that a further pattern names.
 */
import { isLanguage, type Language } from "../model/language.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Warning } from "./errors.ts";
import type { Expectation, TestRule } from "./model.ts";
import { scoreMicros } from "./scoring.ts";
import type { YamlMap, YamlValue } from "./yaml.ts";

export interface SubmissionRule {
  readonly pattern: string;
  readonly permitted: readonly Verdict[] | undefined;
  readonly required: readonly Verdict[] | undefined;
  readonly scoreMicros: { readonly min: number; readonly max: number } | undefined;
  readonly language: Language | undefined;
  readonly entrypoint: string | undefined;
  /** `use_for_time_limit`; undefined where not said. */
  readonly boundsTimeLimit: boolean | undefined;
  /** Of single tests and groups. */
  readonly tests: readonly TestRule[];
}

/** A rule that says nothing. */
export const NO_RULE: Omit<SubmissionRule, "pattern"> = {
  permitted: undefined,
  required: undefined,
  scoreMicros: undefined,
  language: undefined,
  entrypoint: undefined,
  boundsTimeLimit: undefined,
  tests: [],
};

/** The format's four verdicts; its RTE covers what dikast tells apart. */
const VERDICTS: Readonly<Record<string, readonly Verdict[]>> = {
  AC: ["AC"],
  WA: ["WA"],
  TLE: ["TLE"],
  RTE: ["RE", "MLE", "OLE"],
};

const KEYS = [
  "language",
  "entrypoint",
  "authors",
  "model_solution",
  "permitted",
  "required",
  "score",
  "message",
  "use_for_time_limit",
];

const TEST_KEYS = ["permitted", "required", "score", "message", "use_for_time_limit"];
const TEST_PATTERN = /^(?:sample|secret|\*)/;

export function readSubmissionRules(map: YamlMap, warn: (warning: Warning) => void): SubmissionRule[] {
  return map.entries().map(({ name, value }) => {
    const rule = value.map();
    for (const { name: key, position, message } of rule.unknown(KEYS)) {
      if (!TEST_PATTERN.test(key)) warn({ ...position, message });
    }
    const language = rule.get("language");
    const score = rule.get("score");
    return {
      pattern: name,
      permitted: verdicts(rule.get("permitted")),
      required: verdicts(rule.get("required")),
      scoreMicros: score === undefined ? undefined : readScore(score),
      language: language === undefined || !isLanguage(language.string()) ? undefined : (language.string() as Language),
      entrypoint: rule.get("entrypoint")?.string(),
      boundsTimeLimit: readTimeLimitUse(rule.get("use_for_time_limit")),
      tests: rule.entries().flatMap((entry) => (TEST_PATTERN.test(entry.name) ? readTestRule(entry, warn) : [])),
    };
  });
}

function readTestRule(
  { name, value }: { readonly name: string; readonly value: YamlValue },
  warn: (warning: Warning) => void,
): TestRule[] {
  const map = value.map();
  for (const { position, message } of map.unknown(TEST_KEYS)) warn({ ...position, message });
  const permitted = verdicts(map.get("permitted"));
  const required = verdicts(map.get("required"));
  return permitted === undefined && required === undefined ? [] : [{ pattern: name, permitted, required }];
}

function verdicts(value: YamlValue | undefined): readonly Verdict[] | undefined {
  if (value === undefined) return undefined;
  return value.strings().flatMap((name) => VERDICTS[name] ?? value.expected("a list of AC, WA, TLE, RTE"));
}

function readScore(value: YamlValue): { min: number; max: number } {
  if (!value.isList) return { min: scoreMicros(value.number()), max: scoreMicros(value.number()) };
  const [min, max, extra] = value.list();
  if (min === undefined || max === undefined || extra !== undefined) return value.expected("a number or two numbers");
  return { min: scoreMicros(min.number()), max: scoreMicros(max.number()) };
}

function readTimeLimitUse(value: YamlValue | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value.isString) return value.oneOf(["lower", "upper"]) === "lower";
  return value.boolean();
}

/** Rules of the default folders, which `submissions.yaml` may replace by the same name (2025-09.md "Default directories"). */
export function rulesFor(path: string, rules: readonly SubmissionRule[]): readonly SubmissionRule[] {
  return rules.filter((rule) => globMatches(rule.pattern, path));
}

/**
 * What the final verdict must be, given the rules. Judging stops at the first failed test, so the final verdict of a
 * rejected submission is one that is permitted, and one that is required where it can decide.
 */
export function expectationOfRules(
  folder: Expectation | undefined,
  rules: readonly SubmissionRule[],
): Expectation | undefined {
  let allowed: readonly Verdict[] | undefined = folder?.verdicts;
  for (const rule of rules) {
    const permitted = rule.permitted;
    const required = rule.required;
    if (permitted === undefined && required === undefined) continue;
    let wanted = required ?? permitted ?? [];
    if (permitted !== undefined) wanted = wanted.filter((verdict) => permitted.includes(verdict));
    // The folder's own name replaces its default; every other pattern adds to it.
    const replaces = !rule.pattern.includes("/");
    allowed = allowed === undefined || replaces ? wanted : allowed.filter((verdict) => wanted.includes(verdict));
  }
  const score = rules.findLast((rule) => rule.scoreMicros !== undefined)?.scoreMicros;
  const tests = testRules(rules);
  // Where single tests are all that is said, any verdict may come of it.
  if (allowed === undefined && tests.length > 0) allowed = ANY;
  if (allowed === undefined || allowed.length === 0) return folder;
  const source = rules.length === 0 ? (folder?.source ?? "submissions.yaml") : "submissions.yaml";
  return {
    ...folder,
    verdicts: allowed,
    source,
    ...(score === undefined ? {} : { scoreMicros: score }),
    ...(tests.length === 0 ? {} : { tests }),
  };
}

const ANY: readonly Verdict[] = ["AC", "WA", "TLE", "MLE", "OLE", "RE"];

/**
 * What must hold test by test; none where the final verdict, which is that of the first failed test, says the same: no test is named,
 * and what is permitted beside AC is required as well.
 */
function testRules(rules: readonly SubmissionRule[]): readonly TestRule[] {
  const found = rules.flatMap(({ permitted, required, tests }): readonly TestRule[] =>
    permitted === undefined && required === undefined ? tests : [{ pattern: undefined, permitted, required }, ...tests],
  );
  const plain = found.every(({ pattern, permitted, required }) => {
    const failures = permitted?.filter((verdict) => verdict !== "AC") ?? [];
    return pattern === undefined && (required === undefined || failures.every((verdict) => required.includes(verdict)));
  });
  return plain ? [] : found;
}

/** The first rule that the results of all tests break, for people; undefined if every one holds. */
export function brokenTestRule(
  rules: readonly TestRule[],
  tests: readonly { readonly id: string; readonly verdict: Verdict }[],
): string | undefined {
  for (const { pattern, permitted, required } of rules) {
    const named = tests.filter(({ id }) => pattern === undefined || globMatches(pattern, id));
    const odd = permitted === undefined ? undefined : named.find(({ verdict }) => !permitted.includes(verdict));
    if (odd !== undefined) return `${odd.verdict} on ${odd.id} is not permitted`;
    if (required !== undefined && !named.some(({ verdict }) => required.includes(verdict)))
      return `no test${pattern === undefined ? "" : ` of "${pattern}"`} got ${required.join(" or ")}`;
  }
  return undefined;
}

/** `*` within one name, `{a,b}` alternatives; a pattern that matches a parent folder matches what lies in it. */
export function globMatches(pattern: string, path: string): boolean {
  const source = expandBraces(pattern)
    .map((choice) => choice.split("*").map(escapeRegExp).join("[^/]*"))
    .join("|");
  return new RegExp(`^(?:${source})(?:/.*)?$`).test(path);
}

/** At most 64 alternatives; beyond that the braces are taken as they stand. */
function expandBraces(pattern: string): string[] {
  let choices = [pattern];
  for (;;) {
    const next = choices.flatMap((choice) => {
      const match = /^(.*?)\{([^{}]*)\}(.*)$/.exec(choice);
      if (match === null) return [choice];
      return (match[2] ?? "").split(",").map((part) => `${match[1] ?? ""}${part}${match[3] ?? ""}`);
    });
    if (
      next.length > 64 ||
      (next.length === choices.length && next.every((choice, index) => choice === choices[index]))
    )
      return choices;
    choices = next;
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
