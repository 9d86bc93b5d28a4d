/** The problems of a contest, in contest.yaml or in a problemset.yaml beside it. */
import { SUBMISSIONS_MAX } from "../../model/messages/manifest.ts";
import type { Position } from "../errors.ts";
import type { YamlValue } from "../yaml.ts";

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

/** A folder's name, or a map with `id` (or `short-name`) and the rest. */
export function readProblemEntry(item: YamlValue): ProblemEntry {
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
