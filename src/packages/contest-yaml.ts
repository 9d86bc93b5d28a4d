/** `contest.yaml`, with `problems` in it or in a `problemset.yaml` beside it. Names are DOMjudge's and CLICS' where they mean the same. */
import { isLanguage, LANGUAGES, type Language } from "../model/language.ts";
import { parseHash, parseNodeId } from "../model/ids.ts";
import { SUBMISSIONS_MAX } from "../model/messages/manifest.ts";
import type { ContestNetwork, ContestStart, SageEntry } from "./contest-model.ts";
import { parseDurationMs, parseInstantMs } from "./durations.ts";
import type { Fail, Position, Warning } from "./errors.ts";
import { parseYaml, type YamlMap, type YamlValue } from "./yaml.ts";

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

export interface ProblemEntry {
  readonly label: string | undefined;
  /** The package's folder. */
  readonly id: string;
  readonly name: string | undefined;
  readonly color: string | undefined;
  readonly rgb: string | undefined;
  readonly timeLimitMs: number | undefined;
  readonly pointsMicros: number | undefined;
  readonly submissionsMax: number | undefined;
  readonly position: Position;
}

/** A day more than the longest contests people hold. */
const DURATION_MS_MAX = 31 * 86_400_000;

const SPELLINGS = {
  id: ["id", "short_name", "short-name", "shortname"],
  name: ["name"],
  formalName: ["formal_name", "formal-name"],
  start: ["start_time", "start-time", "start"],
  duration: ["duration"],
  freezeDuration: [
    "scoreboard_freeze_duration",
    "scoreboard-freeze-duration",
    "scoreboard-freeze-length",
    "freeze_duration",
  ],
  freezeTime: ["scoreboard_freeze_time", "scoreboard-freeze-time", "scoreboard-freeze", "freeze_time", "freeze"],
  penalty: ["penalty_time", "penalty-time", "penalty"],
  rules: ["scoreboard_type", "scoreboard-type", "rules", "scoring"],
  scoreMode: ["score_mode", "score-mode"],
  submissionsMax: ["max_submissions", "max-submissions"],
  submissionInterval: ["min_submission_interval", "min-submission-interval"],
  languages: ["languages"],
  problems: ["problems", "problemset"],
  sessionLength: ["session_length", "session-length"],
  clusterSize: ["cluster_size", "cluster-size"],
  redundancy: ["redundancy"],
  checksPercent: ["checks_percent", "checks-percent"],
  councilSize: ["council_size", "council-size"],
  evaluators: ["evaluators"],
  keepRegions: ["keep_regions", "keep-regions"],
  registration: ["registration"],
  registrationOpens: ["registration_opens", "registration-opens"],
  registrationCloses: ["registration_closes", "registration-closes"],
  late: ["late_registration", "late-registration"],
  allowed: ["allow_list", "allow-list", "allowed"],
  sages: ["sages"],
} as const;

/** DOMjudge's and CLICS' keys that mean nothing here; they are passed over in silence. */
const FOREIGN = [
  "activate_time",
  "activate-time",
  "deactivate_time",
  "deactivate-time",
  "end_time",
  "end-time",
  "countdown_pause_time",
  "scoreboard_thaw_time",
  "scoreboard-unfreeze",
  "scoreboard_unfreeze_time",
  "scoreboard-unfreeze-time",
  "finalize_time",
  "warning_message",
  "warning-message",
  "banner",
  "logo",
  "medals",
  "awards",
  "clarification_categories",
  "default_clarification_answers",
  "default-clars",
  "clar_categories",
  "clar-categories",
  "event_feed",
  "event-feed",
  "location",
  "public",
  "allow_submit",
  "shortname",
  "externalid",
  "verification_required",
  "problemset_pdf",
  "year",
  "subtitle",
  "test_session",
  "statement_language",
  "contest_pdf",
  "title",
  "rights_owner",
  "license",
  "logofile",
];

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

function duration(value: YamlValue | undefined, minMs: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = parseDurationMs(value.string());
  if (ms === undefined) return value.expected("a duration such as 5:00:00, 90s or 1h30m");
  if (ms < minMs || ms > DURATION_MS_MAX)
    return value.expected(`between ${minMs / 1000} s and ${DURATION_MS_MAX / 86_400_000} days`);
  return ms;
}

function readStart(value: YamlValue | undefined): ContestStart {
  if (value === undefined) return { type: "unset" };
  const text = value.string();
  const epochMs = parseInstantMs(text);
  if (epochMs !== undefined) return { type: "absolute", epochMs };
  const inMs = text.startsWith("+") ? parseDurationMs(text.slice(1)) : undefined;
  if (inMs !== undefined && inMs <= DURATION_MS_MAX) return { type: "relative", inMs };
  return value.expected(
    'a time with its zone such as "2026-11-21T10:00:00+01:00", or a duration from now such as "+30s"',
  );
}

function readFreeze(map: YamlMap, durationMs: number | undefined): number | undefined {
  const length = map.get(...SPELLINGS.freezeDuration);
  const at = map.get(...SPELLINGS.freezeTime);
  const contestMs = durationMs ?? CONTEST_DURATION_DEFAULT_MS;
  const within = (value: YamlValue): number => {
    const ms = duration(value, 0) ?? 0;
    return ms <= contestMs ? ms : value.fail(`"${value.path}" is longer than the contest`);
  };
  if (length !== undefined) return within(length);
  return at === undefined ? undefined : contestMs - within(at);
}

/** Without `contest.yaml`, or where it does not say. */
export const CONTEST_DURATION_DEFAULT_MS = 5 * 3_600_000;
export const PENALTY_DEFAULT_MS = 20 * 60_000;

/** Minutes where it is a number, as in DOMjudge; else a duration. */
function readPenalty(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  return value.isNumber ? Math.round(value.number({ min: 0, max: 10_000 }) * 60_000) : duration(value, 0);
}

const INTERVAL_MS_MAX = 24 * 3_600_000;

/** Seconds where it is a number, as in CMS; else a duration. */
function readInterval(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = value.isNumber ? Math.round(value.number({ min: 0, max: 86_400 }) * 1000) : (duration(value, 0) ?? 0);
  return ms <= INTERVAL_MS_MAX ? ms : value.expected("at most a day");
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

function readNetwork(map: YamlMap): ContestNetwork {
  const integer = (keys: readonly string[], min: number, max: number): number | undefined =>
    map.get(...keys)?.integer({ min, max });
  return {
    sessionLengthMs: duration(map.get(...SPELLINGS.sessionLength), 1_000),
    clusterSize: integer(SPELLINGS.clusterSize, 1, 101),
    redundancy: integer(SPELLINGS.redundancy, 1, 101),
    checksPercent: integer(SPELLINGS.checksPercent, 0, 100),
    councilSize: integer(SPELLINGS.councilSize, 1, 101),
    evaluators: map.get(...SPELLINGS.evaluators)?.oneOf(["all", "jurors", "jurors-first"]),
    keepRegions: map.get(...SPELLINGS.keepRegions)?.boolean(),
    registration: readPolicy(map),
    registrationOpensMs: readInstant(map.get(...SPELLINGS.registrationOpens)),
    registrationClosesMs: readInstant(map.get(...SPELLINGS.registrationCloses)),
    lateRegistration: map.get(...SPELLINGS.late)?.boolean(),
    allowed: readAllowed(map.get(...SPELLINGS.allowed)),
    sages: readSages(map.get(...SPELLINGS.sages)),
  };
}

function readPolicy(map: YamlMap): ContestNetwork["registration"] {
  const policy = map.get(...SPELLINGS.registration);
  const found = policy?.oneOf(["open", "token", "allow-list"]);
  const allowed = map.get(...SPELLINGS.allowed);
  if (found === "allow-list" && allowed === undefined)
    policy?.fail('registration is "allow-list", but there is no "allow_list" with the ids of those who may take part');
  if (found !== "allow-list" && allowed !== undefined)
    allowed.fail('"allow_list" needs the policy "registration: allow-list"');
  return found;
}

function readInstant(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  return parseInstantMs(value.string()) ?? value.expected('a time with its zone such as "2026-11-21T10:00:00+01:00"');
}

/** As many as a manifest takes. */
const ALLOWED_MAX = 1000;
const OTHER_SAGES_MAX = 30;

function readAllowed(value: YamlValue | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const items = value.list();
  if (items.length === 0 || items.length > ALLOWED_MAX) value.fail(`"allow_list" names 1 to ${ALLOWED_MAX} nodes`);
  return [...new Set(items.map(readNode))];
}

function readNode(item: YamlValue): string {
  return parseNodeId(item.string()) ?? item.expected("a node's id as `dikast init` prints it (16Uiu2…)");
}

function readSages(value: YamlValue | undefined): readonly SageEntry[] | undefined {
  if (value === undefined) return undefined;
  const items = value.list();
  if (items.length > OTHER_SAGES_MAX) value.fail(`"sages" names at most ${OTHER_SAGES_MAX} others`);
  const sages = items.map((item): SageEntry => {
    const map = item.map();
    const strange = map.unknown(["id", "addresses", "address", "beacon"])[0];
    if (strange !== undefined) item.fail(strange.message);
    const given = map.get("addresses", "address") ?? item.fail('a sage needs "addresses"');
    const addresses = (given.isList ? given.list() : [given]).map(readAddress);
    const beacon = map.get("beacon");
    return {
      id: readNode(map.get("id") ?? item.fail('a sage needs an "id"; `dikast sage card` prints what belongs here')),
      addresses,
      beacon:
        beacon && (parseHash(beacon.string()) ?? beacon.expected("64 hex digits, as `dikast sage card` prints them")),
    };
  });
  if (new Set(sages.map(({ id }) => id)).size !== sages.length) value.fail("a sage is named twice");
  return sages;
}

function readAddress(item: YamlValue): string {
  const text = item.string().replace(/\/p2p\/[^/]+$/, "");
  return /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}$/.test(text)
    ? text
    : item.expected("an address such as /ip4/192.0.2.7/tcp/9000");
}

const PROBLEM_KEYS = [
  "label",
  "letter",
  "id",
  "short-name",
  "short_name",
  "name",
  "color",
  "rgb",
  "time_limit",
  "ordinal",
  "test_data_count",
  "points",
  "max_submissions",
  "max-submissions",
];

/** A folder's name, or a map with `id` (or `short-name`) and the rest. */
function readProblemEntry(item: YamlValue): ProblemEntry {
  if (!item.isMap) return { ...NO_EXTRAS, id: folderName(item), position: item.position };
  const map = item.map();
  const strange = map.unknown(PROBLEM_KEYS)[0];
  if (strange !== undefined) item.fail(strange.message);
  const label = map.get("label", "letter");
  const rgb = map.get("rgb");
  const points = map.get("points")?.number({ min: 0, max: POINTS_MAX });
  const limit = map.get("time_limit")?.number({ above: 0, max: 600 });
  return {
    id: folderName(
      map.get("id", "short-name", "short_name") ??
        map.get("name") ??
        item.fail('a problem needs an "id": its package\'s folder'),
    ),
    label: label === undefined ? undefined : readLabel(label),
    name: map.get("name")?.string(),
    color: map.get("color")?.string(),
    rgb: rgb === undefined ? undefined : readRgb(rgb),
    timeLimitMs: limit === undefined ? undefined : Math.ceil(limit * 1000),
    pointsMicros: points === undefined ? undefined : Math.round(points * 1_000_000),
    submissionsMax: map.get("max_submissions", "max-submissions")?.integer({ min: 1, max: SUBMISSIONS_MAX }),
    position: item.position,
  };
}

const POINTS_MAX = 1_000_000;

const NO_EXTRAS = {
  label: undefined,
  name: undefined,
  color: undefined,
  rgb: undefined,
  timeLimitMs: undefined,
  pointsMicros: undefined,
  submissionsMax: undefined,
} as const;

function folderName(value: YamlValue): string {
  const name = value.string();
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(name)
    ? name
    : value.expected("a folder's name (letters, digits, - _ .)");
}

function readLabel(value: YamlValue): string {
  const label = value.string();
  return /^[A-Za-z0-9]{1,8}$/.test(label) ? label : value.expected("up to 8 letters and digits");
}

function readRgb(value: YamlValue): string {
  const match = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/.exec(value.string().toLowerCase())?.[1];
  if (match === undefined) return value.expected("a colour such as #1f77b4");
  return `#${match.length === 6 ? match : match.replaceAll(/./g, "$&$&")}`;
}
