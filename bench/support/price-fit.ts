/** Finds prices from samples of times and counts: least squares of logarithms and of plain times, by Levenberg and Marquardt. */

export interface Sample {
  readonly name: string;
  /** Executed instructions of each class, in the run that was counted: in loops with independent rounds, and elsewhere. */
  readonly steady: readonly number[];
  readonly others: readonly number[];
  /** That run and others: how many times as much they do, and what they take natively. */
  readonly runs: readonly { readonly scale: number; readonly nativeMs: number }[];
}

/** Where a price would be without samples, and how many samples would have to disagree to move it far. */
export interface Expectation {
  readonly price: number;
  readonly weight: number;
}

const STEPS = 200;
/** What plain times count beside their logarithms: short runs decide those, long runs these. */
const PLAIN_WEIGHT = 2;

/** What is looked for. */
export interface Fit {
  readonly prices: readonly number[];
  /** What instructions in loops with independent rounds cost, as a part of their prices. */
  readonly steadyPart: number;
}

const STEADY: Expectation = { price: 0.7, weight: 0.3 };

/**
 * Minimizes Σ (ln²(virtual/native) / runs + PLAIN_WEIGHT · (virtual − native)² / σ²) + Σ weight · ln²(price/expected), σ² the
 * variance of native times. Logarithms, so that twice as much is as wrong as half, and every price stays above 0.
 * @param scale units of cost in one ms.
 */
export function fitPrices(samples: readonly Sample[], prices: readonly Expectation[], scale: number): Fit {
  const expected = [...prices, STEADY];
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
  return fitOf(logs);
}

export function virtualMs({ steady, others }: Sample, { prices, steadyPart }: Fit, scale: number): number {
  return prices.reduce((sum, price, i) => sum + price * (others[i]! + steadyPart * steady[i]!), 0) / scale;
}

/** The unknowns are logarithms: of the prices, and last of the part. */
function fitOf(logs: readonly number[]): Fit {
  const values = logs.map((log) => Math.exp(log));
  return { prices: values.slice(0, -1), steadyPart: values.at(-1)! };
}

/** How much of the virtual time each unknown makes up: the derivative of its logarithm by the unknown. */
function sharesOf(sample: Sample, fit: Fit, scale: number): readonly number[] {
  const whole = virtualMs(sample, fit, scale) * scale;
  const { prices, steadyPart } = fit;
  const { steady, others } = sample;
  const inSteady = prices.reduce((sum, price, i) => sum + price * steadyPart * steady[i]!, 0);
  return [...prices.map((price, i) => (price * (others[i]! + steadyPart * steady[i]!)) / whole), inSteady / whole];
}

/** How far a run is off in one respect, and how much that changes with its virtual time's logarithm. */
interface Miss {
  readonly miss: number;
  readonly slope: number;
}

function missesOf({ runs }: Sample, virtual: number, sigma: number): readonly Miss[] {
  return runs.flatMap(({ scale, nativeMs }): Miss[] => {
    const ms = virtual * scale;
    const logs = Math.sqrt(1 / runs.length);
    const plain = Math.sqrt(PLAIN_WEIGHT) / sigma;
    return [
      { miss: logs * Math.log(ms / nativeMs), slope: logs },
      { miss: plain * (ms - nativeMs), slope: plain * ms },
    ];
  });
}

function sigmaOf(samples: readonly Sample[]): number {
  const times = samples.flatMap(({ runs }) => runs.map(({ nativeMs }) => nativeMs));
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length);
}

function errorOf(
  samples: readonly Sample[],
  expected: readonly Expectation[],
  logs: readonly number[],
  scale: number,
): number {
  const fit = fitOf(logs);
  const sigma = sigmaOf(samples);
  const misses = samples.flatMap((sample) => missesOf(sample, virtualMs(sample, fit, scale), sigma));
  const moves = expected.map(({ price, weight }, i) => weight * (logs[i]! - Math.log(price)) ** 2);
  return [...misses.map(({ miss }) => miss ** 2), ...moves].reduce((sum, value) => sum + value, 0);
}

function normalEquations(
  samples: readonly Sample[],
  expected: readonly Expectation[],
  logs: readonly number[],
  scale: number,
  damping: number,
): [matrix: number[][], right: number[]] {
  const fit = fitOf(logs);
  const sigma = sigmaOf(samples);
  const matrix = logs.map((_, i) => logs.map((__, j) => (i === j ? expected[i]!.weight + damping : 0)));
  const right = logs.map((log, i) => -expected[i]!.weight * (log - Math.log(expected[i]!.price)));
  for (const sample of samples) {
    const misses = missesOf(sample, virtualMs(sample, fit, scale), sigma);
    const pull = misses.reduce((sum, { miss, slope }) => sum + miss * slope, 0);
    const stiffness = misses.reduce((sum, { slope }) => sum + slope ** 2, 0);
    const shares = sharesOf(sample, fit, scale);
    shares.forEach((share, i) => {
      right[i]! -= share * pull;
      shares.forEach((other, j) => {
        matrix[i]![j]! += share * other * stiffness;
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
