/**
 * Fits the cost table: counts the instructions of each class that the corpus executes (by metering with a table that
 * charges for one class only), measures native times, and finds the non-negative prices that make virtual time follow
 * native time, in relative terms, drawn a little towards the present ones so that rare classes stay sensible.
 *
 *     node bench/cost-fit.ts
 */
import { existsSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { COST_CLASSES, COST_PER_VIRTUAL_MS, COST_TABLE, type CostTable } from "../sandbox/wasm/meter/index.ts";
import { buildCorpus, nativeMs, WORK } from "./support/corpus.ts";
import { Prepared } from "./support/execution.ts";
import { inRunThread } from "./support/thread.ts";

const ROUNDS = 7;
/** How strongly a price is drawn towards its present value: of one program's weight. */
const RIDGE = 0.02;
const SWEEPS = 20_000;

interface Sample {
  readonly name: string;
  readonly nativeMs: number;
  /** Executed instructions of each class, in the order of `FITTED`. */
  readonly counts: readonly number[];
}

/** Classes whose prices the corpus can tell. */
const FITTED = COST_CLASSES.filter(
  (name) => !["none", "throw", "table", "tableGrow", "bulk", "vectorDivide"].includes(name),
);

await inRunThread(import.meta.url, buildCorpus, async (only) => {
  const cacheFile = join(WORK, "cost-fit.json");
  const known: Sample[] = existsSync(cacheFile) ? (JSON.parse(readFileSync(cacheFile, "utf8")) as Sample[]) : [];
  const samples: Sample[] = [];
  for (const program of await buildCorpus(only)) {
    const before = known.find((sample) => sample.name === program.name && sample.counts.length === FITTED.length);
    const counts =
      before?.counts ?? FITTED.map((name) => new Prepared(program.wasm, true, chargingOnly(name)).run().cost);
    let least = before?.nativeMs ?? Infinity;
    for (let round = 0; round < ROUNDS; round++) least = Math.min(least, nativeMs(program.native));
    samples.push({ name: program.name, nativeMs: least, counts });
    writeFileSync(
      cacheFile,
      JSON.stringify([...known.filter((old) => !samples.some((s) => s.name === old.name)), ...samples]),
    );
    writeSync(2, `${program.name}: ${least.toFixed(0)} ms\n`);
  }
  const prices = fit(samples);
  for (const sample of samples) {
    const virtual = virtualMs(sample, prices);
    console.log(
      `${sample.name.padEnd(18)} native ${sample.nativeMs.toFixed(0)} virtual ${virtual.toFixed(0)} ×${(virtual / sample.nativeMs).toFixed(2)}`,
    );
  }
  console.log(Object.fromEntries(FITTED.map((name, i) => [name, Math.round(prices[i]!)])));
});

function chargingOnly(name: string): CostTable {
  const instructions = Object.fromEntries(COST_CLASSES.map((each) => [each, each === name ? 1 : 0]));
  return { instructions, bulkUnits: 0, bulkShift: 4, growPage: 0, hostCall: 0 } as unknown as CostTable;
}

function virtualMs(sample: Sample, prices: readonly number[]): number {
  return sample.counts.reduce((sum, count, i) => sum + count * prices[i]!, 0) / COST_PER_VIRTUAL_MS;
}

/** Minimizes Σ (virtual/native − 1)² + RIDGE · Σ (price/present − 1)² over prices ≥ 0, one price after the other. */
function fit(samples: readonly Sample[]): number[] {
  const present = FITTED.map((name) => Math.max(1, COST_TABLE.instructions[name]));
  const prices = [...present];
  // Relative virtual time per unit of price.
  const rows = samples.map((sample) => sample.counts.map((count) => count / COST_PER_VIRTUAL_MS / sample.nativeMs));
  const residuals = rows.map((row) => row.reduce((sum, value, i) => sum + value * prices[i]!, -1));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let i = 0; i < prices.length; i++) {
      let gradient = (RIDGE * (prices[i]! / present[i]! - 1)) / present[i]!;
      let curvature = RIDGE / present[i]! ** 2;
      rows.forEach((row, s) => {
        gradient += row[i]! * residuals[s]!;
        curvature += row[i]! ** 2;
      });
      const next = Math.max(0, prices[i]! - gradient / curvature);
      const change = next - prices[i]!;
      prices[i] = next;
      rows.forEach((row, s) => {
        residuals[s]! += row[i]! * change;
      });
    }
  }
  return prices;
}
