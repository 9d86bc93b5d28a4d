/** Finds prices from samples of times and counts: least squares of logarithms, by Levenberg and Marquardt. */

export interface Sample {
  readonly name: string;
  readonly nativeMs: number;
  /** Executed instructions of each class. */
  readonly counts: readonly number[];
}

/** Where a price would be without samples, and how many samples would have to disagree to move it far. */
export interface Expectation {
  readonly price: number;
  readonly weight: number;
}

const STEPS = 200;

/**
 * Minimizes Σ ln²(virtual/native) + Σ weight · ln²(price/expected). Logarithms, so that twice as much is as wrong as
 * half, and every price stays above 0.
 * @param scale units of cost in one ms.
 */
export function fitPrices(
  samples: readonly Sample[],
  expected: readonly Expectation[],
  scale: number,
): readonly number[] {
  let logs = expected.map(({ price }) => Math.log(price));
  let damping = 1;
  let error = errorOf(samples, expected, logs, scale);
  for (let step = 0; step < STEPS; step++) {
    const change = solve(...normalEquations(samples, expected, logs, scale, damping));
    const next = logs.map((log, i) => log + change[i]!);
    const nextError = errorOf(samples, expected, next, scale);
    if (nextError < error) {
      logs = next;
      error = nextError;
      damping /= 3;
    } else damping *= 5;
  }
  return logs.map((log) => Math.exp(log));
}

export function virtualMs(sample: Sample, prices: readonly number[], scale: number): number {
  return sample.counts.reduce((sum, count, i) => sum + count * prices[i]!, 0) / scale;
}

function errorOf(
  samples: readonly Sample[],
  expected: readonly Expectation[],
  logs: readonly number[],
  scale: number,
): number {
  const prices = logs.map((log) => Math.exp(log));
  const misses = samples.map((sample) => Math.log(virtualMs(sample, prices, scale) / sample.nativeMs) ** 2);
  const moves = expected.map(({ price, weight }, i) => weight * (logs[i]! - Math.log(price)) ** 2);
  return [...misses, ...moves].reduce((sum, value) => sum + value, 0);
}

function normalEquations(
  samples: readonly Sample[],
  expected: readonly Expectation[],
  logs: readonly number[],
  scale: number,
  damping: number,
): [matrix: number[][], right: number[]] {
  const prices = logs.map((log) => Math.exp(log));
  const matrix = logs.map((_, i) => logs.map((__, j) => (i === j ? expected[i]!.weight + damping : 0)));
  const right = logs.map((log, i) => -expected[i]!.weight * (log - Math.log(expected[i]!.price)));
  for (const sample of samples) {
    const virtual = virtualMs(sample, prices, scale);
    const miss = Math.log(virtual / sample.nativeMs);
    // How much of the virtual time each class makes up is the derivative by its price's logarithm.
    const shares = sample.counts.map((count, i) => (count * prices[i]!) / scale / virtual);
    shares.forEach((share, i) => {
      right[i]! -= share * miss;
      shares.forEach((other, j) => {
        matrix[i]![j]! += share * other;
      });
    });
  }
  return [matrix, right];
}

/** Gauss's elimination; the matrix is positive definite, so no pivoting is needed. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let i = 0; i < size; i++)
    for (let row = i + 1; row < size; row++) {
      const factor = matrix[row]![i]! / matrix[i]![i]!;
      for (let column = i; column < size; column++) matrix[row]![column]! -= factor * matrix[i]![column]!;
      right[row]! -= factor * right[i]!;
    }
  const result = right.map(() => 0);
  for (let i = size - 1; i >= 0; i--) {
    const known = result.reduce((sum, value, j) => sum + matrix[i]![j]! * value, 0);
    result[i] = (right[i]! - known) / matrix[i]![i]!;
  }
  return result;
}
