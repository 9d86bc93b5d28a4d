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
/** Of every program on its small and large size. */
const NATIVE_ROUNDS = [ROUNDS, ROUNDS, Math.ceil(ROUNDS / 3)] as const;

interface Speed {
  readonly name: string;
  native: number;
  plain: number;
  metered: number;
}

interface Point {
  readonly name: string;
  readonly virtual: number;
  readonly native: number;
}

await inRunThread(import.meta.url, buildCorpus, async (only) => {
  const speeds: Speed[] = [];
  const points: Point[] = [];
  for (const program of await buildCorpus(only)) {
    const metered = new Prepared(program.wasm, true);
    const speed = measureSpeed(program, metered);
    speeds.push(speed);
    const own = program.sizes.map((size, which): Point => {
      const virtual = metered.run(size).cost / COST_PER_VIRTUAL_MS;
      let native = Infinity;
      for (let round = 0; round < NATIVE_ROUNDS[which]!; round++)
        native = Math.min(native, nativeMs(program.native, size));
      return { name: `${program.name} ${size}`, virtual, native };
    });
    points.push(...own);
    say(
      `${program.name.padEnd(14)} native ${ms(speed.native)} unmetered ${ms(speed.plain)} metered ${ms(speed.metered)} ` +
        `×${(speed.metered / speed.plain).toFixed(3)} unmetered ×${(speed.metered / speed.native).toFixed(2)} native; ` +
        `virtual/native ${own.map(({ virtual, native }) => `${virtual.toFixed(0)}/${native.toFixed(0)}=${(virtual / native).toFixed(2)}`).join(" ")}`,
    );
  }
  say(JSON.stringify({ type: "metering", programs: speeds.length, ...overhead(speeds), ...following(points) }));
});

function measureSpeed({ name, wasm, native, sizes }: CorpusProgram, metered: Prepared): Speed {
  const [, size] = sizes;
  const plain = new Prepared(wasm, false);
  // The first run of each compiles.
  const expected = plain.run(size).stdout;
  if (metered.run(size).stdout !== expected) throw new Error(`${name}: the metered run differs`);
  const speed: Speed = { name, native: Infinity, plain: Infinity, metered: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    speed.plain = Math.min(speed.plain, plain.run(size).ms);
    speed.metered = Math.min(speed.metered, metered.run(size).ms);
    speed.native = Math.min(speed.native, nativeMs(native, size));
  }
  return speed;
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
