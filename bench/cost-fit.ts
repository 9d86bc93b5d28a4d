/**
 * Fits the cost table: counts the instructions of each class that the corpus executes on its medium sizes, and lines of
 * memory that it waits for (by metering
 * with a table that charges for one class only), measures native times on all sizes, and finds the prices that make
 * virtual time follow native time. Prints the prices, and for each program the ratios of virtual to native time with them
 * and, in brackets, with prices fitted without this program.
 *
 *     node bench/cost-fit.ts        DIKAST_BENCH_ROUNDS=7
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
  COST_CLASSES,
  COST_PER_VIRTUAL_MS,
  COST_TABLE,
  type CostClass,
  type CostTable,
  METER_VERSION,
} from "../sandbox/wasm/meter/index.ts";
import { buildCorpus, type CorpusProgram, nativeMs, WORK } from "./support/corpus.ts";
import { Prepared } from "./support/execution.ts";
import { type Expectation, type Fit, fitPrices, type Sample, virtualMs } from "./support/price-fit.ts";
import { determination, logDetermination, median, type Pair, round3 } from "./support/statistics.ts";
import { inRunThread } from "./support/thread.ts";

const ROUNDS = Number(process.env["DIKAST_BENCH_ROUNDS"] ?? 7);
const MEDIUM = 1;

/**
 * What to expect of the classes whose prices the corpus can tell, and how much it takes to move that: prices among others on
 * a machine that executes several instructions at once, branches with their share of mispredictions.
 */
const CLASSES: Partial<Record<CostClass, Expectation>> = {
  local: { price: 1, weight: 0.5 },
  constant: { price: 1, weight: 0.5 },
  integer: { price: 15, weight: 0.02 },
  compare: { price: 6, weight: 0.3 },
  multiply: { price: 30, weight: 0.1 },
  select: { price: 8, weight: 0.2 },
  float: { price: 30, weight: 0.2 },
  floatCompare: { price: 30, weight: 0.2 },
  floatDivide: { price: 150, weight: 0.2 },
  convert: { price: 40, weight: 0.2 },
  load: { price: 6, weight: 0.5 },
  store: { price: 20, weight: 0.05 },
  global: { price: 15, weight: 0.2 },
  branch: { price: 40, weight: 0.02 },
  loopBranch: { price: 15, weight: 0.2 },
  loop: { price: 100, weight: 0.05 },
  call: { price: 40, weight: 0.2 },
  entry: { price: 40, weight: 0.2 },
  iteration: { price: 15, weight: 0.2 },
  // Few programs of the corpus use much of these.
  divide32: { price: 400, weight: 4 },
  divide64: { price: 700, weight: 4 },
  divide32Constant: { price: 60, weight: 4 },
  divide64Constant: { price: 100, weight: 4 },
  callIndirect: { price: 300, weight: 4 },
  // These stand for little else in one or two programs: jumps through tables, of which many are mispredicted.
  jump: { price: 8, weight: 0.1 },
  switch: { price: 100, weight: 0.1 },
};
/** Lines of memory that are in no near cache, and in none. */
const WAITS = {
  "scattered.beyondNear": { price: 1_000, weight: 1 },
  "scattered.beyondFar": { price: 5_000, weight: 1 },
  "chained.beyondNear": { price: 4_500, weight: 1 },
  "chained.beyondFar": { price: 8_000, weight: 1 },
} as const;
type Wait = keyof typeof WAITS;

const EXPECTED: Partial<Record<CostClass | Wait, Expectation>> = { ...CLASSES, ...WAITS };
const COUNTED = Object.keys(EXPECTED) as (CostClass | Wait)[];
const EXPECTATIONS = COUNTED.map((each) => EXPECTED[each]!);

await inRunThread(import.meta.url, buildCorpus, async (only) => {
  const samples = measure(await buildCorpus(only));
  const { prices, steadyPart } = fitPrices(samples, EXPECTATIONS, COST_PER_VIRTUAL_MS);
  const rounded: Fit = { prices: prices.map(Math.round), steadyPart: Math.round(100 * steadyPart) / 100 };
  const fitted = samples.map((sample) => pairsOf(sample, rounded));
  const blind = samples.map((sample) => {
    const others = samples.filter((other) => other !== sample);
    return pairsOf(sample, fitPrices(others, EXPECTATIONS, COST_PER_VIRTUAL_MS));
  });
  samples.forEach(({ name }, i) => {
    const ratios = fitted[i]!.map(([virtual, native], run) => {
      const [blindVirtual] = blind[i]![run]!;
      return `${native.toFixed(0).padStart(5)} ms ×${(virtual / native).toFixed(2)} (${(blindVirtual / native).toFixed(2)})`;
    });
    console.log(`${name.padEnd(14)} ${ratios.join("  ")}`);
  });
  console.log(Object.fromEntries(COUNTED.map((name, i) => [name, rounded.prices[i]!])));
  console.log({ steadyPart: rounded.steadyPart, fitted: quality(fitted.flat()), blind: quality(blind.flat()) });
});

function quality(pairs: readonly Pair[]): object {
  return {
    median: round3(median(pairs.map(([virtual, native]) => virtual / native))),
    r2: round3(determination(pairs)),
    r2Log: round3(logDetermination(pairs)),
  };
}

function pairsOf(sample: Sample, fit: Fit): readonly Pair[] {
  const virtual = virtualMs(sample, fit, COST_PER_VIRTUAL_MS);
  return sample.runs.map(({ scale, nativeMs: native }): Pair => [virtual * scale, native]);
}

/** Native times in rounds over all programs: a machine that is slow for a minute is slow for all of them. */
function measure(programs: readonly CorpusProgram[]): readonly Sample[] {
  const least = programs.map(({ sizes }) => sizes.map(() => Infinity));
  for (let round = 0; round < ROUNDS; round++) {
    programs.forEach(({ native, sizes }, i) => {
      sizes.forEach((size, which) => {
        least[i]![which] = Math.min(least[i]![which]!, nativeMs(native, size));
      });
    });
    writeSync(2, `native times: round ${round + 1} of ${ROUNDS}\n`);
  }
  return programs.map((program, i) => sampleOf(program, least[i]!));
}

function sampleOf(program: CorpusProgram, nativeTimes: readonly number[]): Sample {
  const metered = new Prepared(program.wasm, true);
  const medium = metered.run(program.sizes[MEDIUM]).cost;
  const runs = program.sizes.map((size, which) => ({
    // How much more a larger size does, as good as any prices can tell.
    scale: metered.run(size).cost / medium,
    nativeMs: nativeTimes[which]!,
  }));
  const all = countsOf(program, 100);
  const others = countsOf(program, 0);
  return { name: program.name, runs, steady: all.map((count, i) => count - others[i]!), others };
}

/** Counting runs a program once per class, so what was counted is kept. */
function countsOf({ name, wasm, sizes }: CorpusProgram, steadyPercent: number): readonly number[] {
  const size = sizes[MEDIUM];
  const key = createHash("sha256")
    .update(wasm)
    .update(JSON.stringify([size, METER_VERSION, steadyPercent]))
    .digest("hex");
  const file = join(WORK, `counts-${key.slice(0, 16)}.json`);
  const known = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as Record<string, number>;
  const costOf = (charged?: CostClass | Wait): number =>
    new Prepared(wasm, true, { ...chargingOnly(charged), steadyPercent }).run(size).cost;
  const missing = COUNTED.filter((each) => known[each] === undefined);
  if (missing.length > 0) {
    writeSync(2, `counting ${name}\n`);
    // What the host charges for input and output is no instruction.
    const base = costOf();
    for (const each of missing) known[each] = costOf(each) - base;
    writeFileSync(file, JSON.stringify(known));
  }
  return COUNTED.map((each) => known[each]!);
}

function chargingOnly(name: CostClass | Wait | undefined): CostTable {
  const instructions = Object.fromEntries(COST_CLASSES.map((each) => [each, each === name ? 1 : 0]));
  const caches = (kind: "scattered" | "chained"): CostTable["scattered"] => ({
    beyondNear: name === `${kind}.beyondNear` ? 1 : 0,
    beyondFar: name === `${kind}.beyondFar` ? 1 : 0,
  });
  return {
    ...COST_TABLE,
    instructions: instructions as CostTable["instructions"],
    scattered: caches("scattered"),
    chained: caches("chained"),
    bulkUnits: 0,
    growPage: 0,
    hostCall: 0,
  };
}
