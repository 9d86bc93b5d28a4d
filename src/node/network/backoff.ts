/** Bounded exponential back-off with jitter, so that a crowd that lost the same peer does not come back as one. */

/**
 * The wait before the next try, in milliseconds.
 * @param failures tries that failed so far, ≥ 0
 * @param fraction uniform in [0, 1)
 */
export function backoffMs(failures: number, firstMs: number, maxMs: number, fraction: number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
  return Math.round(full * (0.5 + fraction / 2));
}
