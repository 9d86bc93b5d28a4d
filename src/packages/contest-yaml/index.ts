/** `contest.yaml`, with `problems` in it or in a `problemset.yaml` beside it. Names are DOMjudge's and CLICS' where they mean the same. */
import { isLanguage, LANGUAGES, type Language } from "../../model/language.ts";
import { SUBMISSIONS_MAX } from "../../model/messages/manifest.ts";
import type { ContestNetwork, ContestStart } from "../contest-model.ts";
import type { Fail, Warning } from "../errors.ts";
import { parseYaml, type YamlValue } from "../yaml.ts";
import { FOREIGN, SPELLINGS } from "./keys.ts";
import { readNetwork } from "./network.ts";
import { type ProblemEntry, readProblemEntry } from "./problem-entries.ts";
import { duration, readFreeze, readInterval, readPenalty, readStart } from "./times.ts";

export type { ProblemEntry } from "./problem-entries.ts";
export { CONTEST_DURATION_DEFAULT_MS, PENALTY_DEFAULT_MS } from "./times.ts";

export interface ContestYaml {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly start: ContestStart;
  readonly durationMs: number | undefined;
  readonly freezeDurationMs: number | undefined;
  readonly penaltyMs: number | undefined;
  readonly rules: "icpc" | "ioi" | undefined;
  readonly scoreMode: "max" | "max_subtask" | undefined;
  /** Of one participant to one problem, where the problem says nothing else. */
  readonly submissionsMax: number | undefined;
  readonly submissionIntervalMs: number | undefined;
  readonly languages: readonly Language[] | undefined;
  readonly network: ContestNetwork;
  /** Undefined where the file names none. */
  readonly problems: readonly ProblemEntry[] | undefined;
}

export function readContestYaml(text: string, file: string, fail: Fail, warn: (warning: Warning) => void): ContestYaml {
  const map = parseYaml(text, file, fail);
  const known = Object.values(SPELLINGS).flat();
  for (const { position, message } of map.unknown([...known, ...FOREIGN])) fail(message, position);
  const durationMs = duration(map.get(...SPELLINGS.duration), 1_000);
  return {
    id: readId(map.get(...SPELLINGS.id)),
    name: (map.get(...SPELLINGS.name) ?? map.get(...SPELLINGS.formalName))?.string(),
    start: readStart(map.get(...SPELLINGS.start)),
    durationMs,
    freezeDurationMs: readFreeze(map, durationMs),
    penaltyMs: readPenalty(map.get(...SPELLINGS.penalty)),
    rules: readRules(map.get(...SPELLINGS.rules)),
    scoreMode: map.get(...SPELLINGS.scoreMode)?.oneOf(["max", "max_subtask"]),
    submissionsMax: map.get(...SPELLINGS.submissionsMax)?.integer({ min: 1, max: SUBMISSIONS_MAX }),
    submissionIntervalMs: readInterval(map.get(...SPELLINGS.submissionInterval)),
    languages: readLanguages(map.get(...SPELLINGS.languages), warn),
    network: readNetwork(map),
    problems: map
      .get(...SPELLINGS.problems)
      ?.list()
      .map(readProblemEntry),
  };
}

/** `problemset.yaml`: `problems:` as in contest.yaml. */
export function readProblemset(text: string, file: string, fail: Fail): readonly ProblemEntry[] {
  return (
    parseYaml(text, file, fail)
      .get(...SPELLINGS.problems)
      ?.list()
      .map(readProblemEntry) ?? []
  );
}

function readId(value: YamlValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const id = value.string();
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(id) ? id : value.expected("letters, digits, - _ . (at most 64)");
}

function readRules(value: YamlValue | undefined): "icpc" | "ioi" | undefined {
  if (value === undefined) return undefined;
  const text = value.oneOf(["icpc", "ioi", "pass-fail", "score"]);
  return text === "icpc" || text === "pass-fail" ? "icpc" : "ioi";
}

const LANGUAGE_NAMES: Readonly<Record<string, Language>> = {
  python: "python3",
  py: "python3",
  "c++": "cpp",
  cc: "cpp",
  js: "javascript",
  ts: "typescript",
};

/** A list of ids or of maps with `id` or `name` (as in DOMjudge); languages that dikast does not have are left out with a warning. */
function readLanguages(
  value: YamlValue | undefined,
  warn: (warning: Warning) => void,
): readonly Language[] | undefined {
  if (value === undefined) return undefined;
  const languages = (value.isList ? value.list() : [value]).flatMap((item) => {
    const map = item.isMap ? item.map() : undefined;
    const named = map === undefined ? item : (map.get("id", "name") ?? item.fail('a language needs an "id"'));
    const name = named.string().toLowerCase();
    const language = LANGUAGE_NAMES[name] ?? (isLanguage(name) ? name : undefined);
    if (language === undefined) {
      warn({ ...named.position, message: `"${name}" is no language here (there are ${LANGUAGES.join(", ")})` });
      return [];
    }
    return [language];
  });
  if (languages.length === 0) return value.fail('"languages" names no language that dikast has');
  return [...new Set(languages)];
}
