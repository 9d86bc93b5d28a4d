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
