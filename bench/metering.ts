/**
 * What metering costs, and how virtual time follows native time, over the C++ corpus; the least CPU time of each.
 *
 * - Every program on its medium size, metered, unmetered and built by `g++ -O2`, in turns. Targets: metered ≤1.15×
 *   unmetered in the median and ≤1.25× at worst, ≤1.5× native in the median.
 * - Every program on all three sizes, virtual against native time. Target: R² ≥0.9.
 *
 *     node bench/metering.ts [program…]        DIKAST_BENCH_ROUNDS=7
 */
import { writeSync } from "node:fs";
import { COST_PER_VIRTUAL_MS } from "../sandbox/wasm/meter/index.ts";
import { buildCorpus, type CorpusProgram, nativeMs } from "./support/corpus.ts";
import { Prepared } from "./support/execution.ts";
import { determination, logDetermination, median, round3 } from "./support/statistics.ts";
import { inRunThread } from "./support/thread.ts";

const ROUNDS = Number(process.env["DIKAST_BENCH_ROUNDS"] ?? 7);
const MEDIUM = 1;
/** Metered and unmetered, in each round. */
const TURNS = 2;

interface Speed {
  readonly name: string;
  native: number;
  plain: number;
  metered: number;
}

interface Point {
  readonly name: string;
  readonly virtual: number;
  native: number;
}

await inRunThread(import.meta.url, buildCorpus, async (only) => {
  const prepared = (await buildCorpus(only)).map(prepare);
  // Rounds outermost: a machine that is slow for a minute is slow for all programs, and then not for any in the end.
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of prepared) measure(each);
    writeSync(2, `round ${round + 1} of ${ROUNDS}\n`);
  }
  for (const { program, speed, points } of prepared)
    say(
      `${program.name.padEnd(14)} native ${ms(speed.native)} unmetered ${ms(speed.plain)} metered ${ms(speed.metered)} ` +
        `×${(speed.metered / speed.plain).toFixed(3)} unmetered ×${(speed.metered / speed.native).toFixed(2)} native; ` +
        `virtual/native ${points.map(({ virtual, native }) => `${virtual.toFixed(0)}/${native.toFixed(0)}=${(virtual / native).toFixed(2)}`).join(" ")}`,
    );
  const speeds = prepared.map(({ speed }) => speed);
  const points = prepared.flatMap((each) => each.points);
  say(JSON.stringify({ type: "metering", programs: speeds.length, ...overhead(speeds), ...following(points) }));
});

interface Measured {
  readonly program: CorpusProgram;
  readonly plain: Prepared;
  readonly metered: Prepared;
  readonly speed: Speed;
  /** Of its small, medium and large size. */
  readonly points: readonly Point[];
}

function prepare(program: CorpusProgram): Measured {
  const { name, wasm, sizes } = program;
  const plain = new Prepared(wasm, false);
  const metered = new Prepared(wasm, true);
  // The first run of each compiles.
  if (metered.run(sizes[MEDIUM]).stdout !== plain.run(sizes[MEDIUM]).stdout)
    throw new Error(`${name}: the metered run differs`);
  const points = sizes.map(
    (size): Point => ({
      name: `${name} ${size}`,
      virtual: metered.run(size).cost / COST_PER_VIRTUAL_MS,
      native: Infinity,
    }),
  );
  return { program, plain, metered, speed: { name, native: Infinity, plain: Infinity, metered: Infinity }, points };
}

function measure({ program, plain, metered, speed, points }: Measured): void {
  const { native, sizes } = program;
  for (let turn = 0; turn < TURNS; turn++) {
    speed.plain = Math.min(speed.plain, plain.run(sizes[MEDIUM]).ms);
    speed.metered = Math.min(speed.metered, metered.run(sizes[MEDIUM]).ms);
  }
  points.forEach((point, i) => {
    point.native = Math.min(point.native, nativeMs(native, sizes[i]!));
  });
  speed.native = points[MEDIUM]!.native;
}

function overhead(speeds: readonly Speed[]): object {
  const ratios = speeds.map(({ plain, metered }) => metered / plain);
  const worst = Math.max(...ratios);
  return {
    overheadMedian: round3(median(ratios)),
    overheadMax: round3(worst),
    overheadWorst: speeds[ratios.indexOf(worst)]?.name,
    nativeRatioMedian: round3(median(speeds.map(({ native, metered }) => metered / native))),
  };
}

function following(points: readonly Point[]): object {
  const pairs = points.map(({ virtual, native }) => [virtual, native] as const);
  const ratios = pairs.map(([virtual, native]) => virtual / native);
  const least = Math.min(...ratios);
  const most = Math.max(...ratios);
  return {
    points: points.length,
    r2: round3(determination(pairs)),
    r2Log: round3(logDetermination(pairs)),
    virtualRatioMedian: round3(median(ratios)),
    virtualRatioMin: round3(least),
    virtualRatioMinOf: points[ratios.indexOf(least)]?.name,
    virtualRatioMax: round3(most),
    virtualRatioMaxOf: points[ratios.indexOf(most)]?.name,
    withinFactorTwo: round3(ratios.filter((ratio) => ratio >= 0.5 && ratio <= 2).length / ratios.length),
  };
}

/** At once: a thread's `console.log` waits until the thread is idle. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function ms(value: number): string {
  return `${value.toFixed(0).padStart(5)} ms`;
}
