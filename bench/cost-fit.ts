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
import { type Expectation, fitPrices, type Sample, virtualMs } from "./support/price-fit.ts";
import { determination, logDetermination, median, type Pair, round3 } from "./support/statistics.ts";
import { inRunThread } from "./support/thread.ts";

const ROUNDS = Number(process.env["DIKAST_BENCH_ROUNDS"] ?? 7);
const MEDIUM = 1;
/** Of every program on its small, medium and large size. */
const NATIVE_ROUNDS = [ROUNDS, ROUNDS, Math.ceil(ROUNDS / 3)] as const;

/**
 * Classes whose prices the corpus can tell, with what to expect: what one costs among others on a machine that executes
 * several instructions at once, branches with their share of mispredictions, loads with theirs of cache misses.
 */
const EXPECTED: Partial<Record<CostClass, number>> = {
  local: 2,
  constant: 2,
  integer: 12,
  compare: 10,
  multiply: 30,
  select: 15,
  float: 30,
  floatCompare: 30,
  floatDivide: 150,
  convert: 40,
  load: 20,
  store: 20,
  global: 15,
  branch: 40,
  call: 60,
  entry: 60,
  iteration: 15,
};
/** Those that it takes more to move: few programs of the corpus use much of them. */
const RARE: Partial<Record<CostClass, number>> = {
  divide32: 400,
  divide64: 700,
  divide32Constant: 60,
  divide64Constant: 100,
  callIndirect: 300,
};
/** Those that stand for little else in one or two programs: jumps through tables, of which many are mispredicted. */
const SINGULAR: Partial<Record<CostClass, number>> = { jump: 8, switch: 300 };
/** Lines of memory that are in no near cache, and in none. */
const WAITS = {
  "scattered.beyondNear": 1_000,
  "scattered.beyondFar": 5_000,
  "chained.beyondNear": 4_500,
  "chained.beyondFar": 8_000,
} as const;
type Wait = keyof typeof WAITS;
const WEIGHT = 0.2;
const RARE_WEIGHT = 4;
const SINGULAR_WEIGHT = 1;
const WAIT_WEIGHT = 1;

const FITTED = COST_CLASSES.filter((name) => (EXPECTED[name] ?? RARE[name] ?? SINGULAR[name]) !== undefined);
const COUNTED: readonly (CostClass | Wait)[] = [...FITTED, ...(Object.keys(WAITS) as Wait[])];
const EXPECTATIONS = [
  ...FITTED.map((name): Expectation => {
    const [rare, singular] = [RARE[name], SINGULAR[name]];
    if (rare !== undefined) return { price: rare, weight: RARE_WEIGHT };
    return singular === undefined
      ? { price: EXPECTED[name]!, weight: WEIGHT }
      : { price: singular, weight: SINGULAR_WEIGHT };
  }),
  ...Object.values(WAITS).map((price): Expectation => ({ price, weight: WAIT_WEIGHT })),
];
await inRunThread(import.meta.url, buildCorpus, async (only) => {
  const samples = (await buildCorpus(only)).map(measure);
  const prices = fitPrices(samples, EXPECTATIONS, COST_PER_VIRTUAL_MS).map(Math.round);
  const fitted = samples.map((sample) => pairsOf(sample, prices));
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
  console.log(Object.fromEntries(COUNTED.map((name, i) => [name, prices[i]!])));
  console.log({ fitted: quality(fitted.flat()), blind: quality(blind.flat()) });
});

function quality(pairs: readonly Pair[]): object {
  return {
    median: round3(median(pairs.map(([virtual, native]) => virtual / native))),
    r2: round3(determination(pairs)),
    r2Log: round3(logDetermination(pairs)),
  };
}

function pairsOf(sample: Sample, prices: readonly number[]): readonly Pair[] {
  const virtual = virtualMs(sample, prices, COST_PER_VIRTUAL_MS);
  return sample.runs.map(({ scale, nativeMs: native }): Pair => [virtual * scale, native]);
}

/** Counting runs a program once per class, so what was counted is kept. */
function measure(program: CorpusProgram): Sample {
  const { name, wasm } = program;
  const size = program.sizes[MEDIUM];
  const key = createHash("sha256")
    .update(wasm)
    .update(JSON.stringify([size, COUNTED, METER_VERSION]))
    .digest("hex");
  const file = join(WORK, `counts-${key.slice(0, 16)}.json`);
  if (!existsSync(file)) {
    const costOf = (charged?: CostClass | Wait): number =>
      new Prepared(wasm, true, chargingOnly(charged)).run(size).cost;
    // What the host charges for input and output is no instruction.
    const base = costOf();
    writeFileSync(file, JSON.stringify(COUNTED.map((each) => costOf(each) - base)));
  }
  const metered = new Prepared(wasm, true);
  const whole = metered.run(size).cost;
  const runs = program.sizes.map((each, which) => {
    let least = Infinity;
    for (let round = 0; round < NATIVE_ROUNDS[which]!; round++) least = Math.min(least, nativeMs(program.native, each));
    // How much more a larger size does, as good as any prices can tell.
    return { scale: metered.run(each).cost / whole, nativeMs: least };
  });
  writeSync(2, `${name}: ${runs.map(({ nativeMs: least }) => least.toFixed(0)).join(", ")} ms\n`);
  return { name, runs, counts: JSON.parse(readFileSync(file, "utf8")) as number[] };
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
