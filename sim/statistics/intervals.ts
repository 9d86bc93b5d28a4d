/** Confidence intervals and the distributions that oracles are made of. */

/** Two-sided 99.9 %: tests with printed seeds should fail when the subject is wrong, not now and then. */
export const Z_999 = 3.2905;
export const Z_95 = 1.96;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval of a proportion. */
export function wilson(successes: number, trials: number, z: number): Interval {
  const p = successes / trials;
  const z2 = z * z;
  const centre = p + z2 / (2 * trials);
  const half = z * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  return { low: (centre - half) / (1 + z2 / trials), high: (centre + half) / (1 + z2 / trials) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Normal interval of a mean. */
export function meanInterval(values: readonly number[], z: number): Interval {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  const half = z * Math.sqrt(variance / values.length);
  return { low: mean - half, high: mean + half };
}

/** The q-quantile of the values, nearest rank; NaN for none. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] as number;
}

export function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i += 1) product = (product * (n - k + i)) / i;
  return Math.round(product);
}

/** P[more than half of a random cluster of `size` is bad], `bad` of `nodes` being so (hypergeometric). */
export function wrongMajority(nodes: number, bad: number, size: number): number {
  let probability = 0;
  for (let k = Math.floor(size / 2) + 1; k <= size; k += 1) {
    // Term by term, to stay within doubles: C(bad,k) C(nodes−bad,size−k) / C(nodes,size).
    let term = choose(size, k);
    for (let i = 0; i < k; i += 1) term *= (bad - i) / (nodes - i);
    for (let i = 0; i < size - k; i += 1) term *= (nodes - bad - i) / (nodes - k - i);
    probability += term;
  }
  return probability;
}

/**
 * P[split vote] of `up` of `servers` running servers whose election timers are spread uniformly, `l` = one-way latency /
 * spread (Ongaro, "Consensus: bridging theory and practice", 2014, §9.2).
 */
export function splitVote(servers: number, up: number, l: number): number {
  const c = up - Math.floor(servers / 2) + 1;
  let probability = 0;
  for (let k = Math.max(0, c - 1); k <= up; k += 1) probability += choose(up, k) * l ** k * (1 - l) ** (up - k);
  return probability;
}
