/** Time as the protocol knows it. Machines never read a clock: every event brings its instant. */

declare const instantBrand: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z in contest time (the node's corrected clock); a safe integer ≥ 0. */
export type Instant = number & { readonly [instantBrand]: true };

/** @throws RangeError unless a safe integer ≥ 0. */
export function instant(epochMs: number): Instant {
  if (!Number.isSafeInteger(epochMs) || epochMs < 0) throw new RangeError(`not an instant: ${epochMs}`);
  return epochMs as Instant;
}

/** `at` moved by a whole or fractional number of milliseconds, rounded up so that a wait is never shorter than asked for. */
export function later(at: Instant, durationMs: number): Instant {
  return instant(Math.ceil(at + durationMs));
}

const DAY_MS = 86_400_000;
const DAYS_OF_400_YEARS = 146_097;

/**
 * `2026-11-21T08:25:41.000Z` (RFC 3339, years 0 to 9999), without the engine's `Date`, which also is a clock. The calendar is counted in
 * eras of 400 years that begin in March: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
 */
export function utcText(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS) + 719_468;
  const era = Math.floor(days / DAYS_OF_400_YEARS);
  const dayOfEra = days - era * DAYS_OF_400_YEARS;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / (DAYS_OF_400_YEARS - 1));
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  const ofDay = ((epochMs % DAY_MS) + DAY_MS) % DAY_MS;
  const [hours, minutes, seconds] = [ofDay / 3_600_000, (ofDay / 60_000) % 60, (ofDay / 1000) % 60].map((each) =>
    digits(each, 2),
  );
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${hours}:${minutes}:${seconds}.${digits(ofDay % 1000, 3)}Z`;
}

function digits(value: number, count: number): string {
  return String(Math.floor(value)).padStart(count, "0");
}
