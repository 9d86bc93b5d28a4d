/** How well one series of times follows another. */

/** A predicted and a measured time, both in ms and above 0. */
export type Pair = readonly [predicted: number, actual: number];

/** R²: how much of the variance of the measured values the predictions explain; 1 is all, below 0 worse than their mean. */
export function determination(pairs: readonly Pair[]): number {
  const mean = pairs.reduce((sum, [, actual]) => sum + actual, 0) / pairs.length;
  const residual = pairs.reduce((sum, [predicted, actual]) => sum + (actual - predicted) ** 2, 0);
  const total = pairs.reduce((sum, [, actual]) => sum + (actual - mean) ** 2, 0);
  return 1 - residual / total;
}

/** The same of the logarithms: a factor counts the same whether a program is short or long. */
export function logDetermination(pairs: readonly Pair[]): number {
  return determination(pairs.map(([predicted, actual]) => [Math.log(predicted), Math.log(actual)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
