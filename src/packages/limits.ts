/** Limits of a problem: what `problem.yaml` says, else the formats' "typical system default". */
import type { ProblemLimits } from "../model/problem.ts";
import type { PackageFormat, TimeMultipliers } from "./model.ts";
import type { YamlMap } from "./yaml.ts";

/** Where a package states no time limit and nothing was measured. */
export const TIME_LIMIT_DEFAULT_MS = 5_000;
/** No contest waits longer for one test. */
export const TIME_LIMIT_MS_MAX = 600_000;
const MEMORY_MIB_MAX = 65_536;
const OUTPUT_MIB_MAX = 1_024;
const CODE_KIB_MAX = 16_384;
const PASSES_MAX = 1_000;

export interface ReadLimits {
  readonly limits: Omit<ProblemLimits, "timeMs">;
  readonly timeMs: number | undefined;
  readonly multipliers: TimeMultipliers;
  /** `validation_passes`; of multi-pass problems only. */
  readonly passesMax: number;
}

const COMMON_KEYS = [
  "memory",
  "output",
  "code",
  "compilation_time",
  "compilation_memory",
  "validation_time",
  "validation_memory",
  "validation_output",
  "validation_passes",
];
export const LEGACY_LIMIT_KEYS = [...COMMON_KEYS, "time_multiplier", "time_safety_margin", "time_limit"];
export const MODERN_LIMIT_KEYS = [...COMMON_KEYS, "time_multipliers", "time_limit", "time_resolution"];
/** Of the first drafts, with the same map. */
export const OLD_MULTIPLIERS = "time_multiplier";

export function readLimits(map: YamlMap | undefined, format: PackageFormat): ReadLimits {
  const amount = (key: string, fallback: number, max: number): number =>
    Math.max(1, Math.ceil(map?.get(key)?.number({ above: 0, max }) ?? fallback));
  const seconds = (key: string, fallbackS: number): number =>
    Math.max(1, Math.ceil((map?.get(key)?.number({ above: 0, max: TIME_LIMIT_MS_MAX / 1000 }) ?? fallbackS) * 1000));
  const limitS = map?.get("time_limit")?.number({ above: 0, max: TIME_LIMIT_MS_MAX / 1000 });
  return {
    limits: {
      memoryMiB: amount("memory", 2048, MEMORY_MIB_MAX),
      outputMiB: amount("output", 8, OUTPUT_MIB_MAX),
      codeKiB: amount("code", 128, CODE_KIB_MAX),
      compilationTimeMs: seconds("compilation_time", 60),
      compilationMemoryMiB: amount("compilation_memory", 2048, MEMORY_MIB_MAX),
      validationTimeMs: seconds("validation_time", 60),
      validationMemoryMiB: amount("validation_memory", 2048, MEMORY_MIB_MAX),
      validationOutputMiB: amount("validation_output", 8, OUTPUT_MIB_MAX),
    },
    timeMs: limitS === undefined ? undefined : secondsToMs(limitS),
    passesMax: amount("validation_passes", 2, PASSES_MAX),
    multipliers: format === "legacy" ? legacyMultipliers(map) : modernMultipliers(map),
  };
}

function legacyMultipliers(map: YamlMap | undefined): TimeMultipliers {
  return {
    acToTimeLimit: map?.get("time_multiplier")?.number({ above: 0, max: 1000 }) ?? 5,
    timeLimitToTle: map?.get("time_safety_margin")?.number({ above: 0, max: 1000 }) ?? 2,
    resolutionMs: 1000,
  };
}

function modernMultipliers(map: YamlMap | undefined): TimeMultipliers {
  const old = map?.get(OLD_MULTIPLIERS);
  const multipliers = (map?.get("time_multipliers") ?? (old?.isMap === true ? old : undefined))?.map();
  return {
    acToTimeLimit: multipliers?.get("ac_to_time_limit")?.number({ min: 1, max: 1000 }) ?? 2,
    timeLimitToTle: multipliers?.get("time_limit_to_tle")?.number({ min: 1, max: 1000 }) ?? 1.5,
    resolutionMs: secondsToMs(map?.get("time_resolution")?.number({ above: 0, max: 600 }) ?? 1),
  };
}

export function secondsToMs(seconds: number): number {
  // Through six digits, so that 1.1 s is 1100 ms and not 1101.
  return Math.max(1, Math.ceil(Number((seconds * 1000).toFixed(6))));
}

/**
 * The format's rule for a package without a time limit: the smallest multiple of the resolution (1 s unless stated) that is at least
 * the slowest accepted submission's slowest test times `acToTimeLimit`. In milliseconds, at most `TIME_LIMIT_MS_MAX`.
 */
export function timeLimitFrom(slowestMs: number, multipliers: TimeMultipliers): number {
  const exactMs = Number((slowestMs * multipliers.acToTimeLimit).toFixed(6));
  const steps = Math.max(1, Math.ceil(exactMs / multipliers.resolutionMs));
  return Math.min(TIME_LIMIT_MS_MAX, steps * multipliers.resolutionMs);
}
