/** Durations and instants in contest.yaml. */
import type { ContestStart } from "../contest-model.ts";
import { parseDurationMs, parseInstantMs } from "../durations.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";
import { SPELLINGS } from "./keys.ts";

/** Without `contest.yaml`, or where it does not say. */
export const CONTEST_DURATION_DEFAULT_MS = 5 * 3_600_000;
export const PENALTY_DEFAULT_MS = 20 * 60_000;

/** A day more than the longest contests people hold. */
const DURATION_MS_MAX = 31 * 86_400_000;

export function duration(value: YamlValue | undefined, minMs: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = parseDurationMs(value.string());
  if (ms === undefined) return value.expected("a duration such as 5:00:00, 90s or 1h30m");
  if (ms < minMs || ms > DURATION_MS_MAX)
    return value.expected(`between ${minMs / 1000} s and ${DURATION_MS_MAX / 86_400_000} days`);
  return ms;
}

export function readInstant(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  return parseInstantMs(value.string()) ?? value.expected('a time with its zone such as "2026-11-21T10:00:00+01:00"');
}

export function readStart(value: YamlValue | undefined): ContestStart {
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

export function readFreeze(map: YamlMap, durationMs: number | undefined): number | undefined {
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

/** Minutes where it is a number, as in DOMjudge; else a duration. */
export function readPenalty(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  return value.isNumber ? Math.round(value.number({ min: 0, max: 10_000 }) * 60_000) : duration(value, 0);
}

const INTERVAL_MS_MAX = 24 * 3_600_000;

/** Seconds where it is a number, as in CMS; else a duration. */
export function readInterval(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = value.isNumber ? Math.round(value.number({ min: 0, max: 86_400 }) * 1000) : (duration(value, 0) ?? 0);
  return ms <= INTERVAL_MS_MAX ? ms : value.expected("at most a day");
}
