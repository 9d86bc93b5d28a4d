/**
 * What metering costs, and how virtual time follows native time, over the C++ corpus: metered and unmetered WebAssembly
 * and `g++ -O2`, in turns, the least CPU time of each. Targets: metered ≤1.15× unmetered in the median and ≤1.25× at
 * worst, ≤1.5× native in the median, R² ≥0.9.
 *
 *     node bench/metering.ts [program…]        DIKAST_BENCH_ROUNDS=7
 */
import { writeSync } from "node:fs";
import { COST_PER_VIRTUAL_MS } from "../sandbox/wasm/meter/index.ts";
import { buildCorpus, median, nativeMs } from "./support/corpus.ts";
import { Prepared } from "./support/execution.ts";
import { inRunThread } from "./support/thread.ts";

const ROUNDS = Number(process.env["DIKAST_BENCH_ROUNDS"] ?? 7);

await inRunThread(import.meta.url, buildCorpus, async (only) => {
  const rows: { name: string; native: number; plain: number; metered: number; virtual: number }[] = [];
  for (const program of await buildCorpus(only)) {
    const plain = new Prepared(program.wasm, false);
    const metered = new Prepared(program.wasm, true);
    // The first run of each compiles.
    const expected = plain.run().stdout;
    const { stdout, cost } = metered.run();
    if (stdout !== expected) throw new Error(`${program.name}: the metered run differs`);
    const row = {
      name: program.name,
      native: Infinity,
      plain: Infinity,
      metered: Infinity,
      virtual: cost / COST_PER_VIRTUAL_MS,
    };
    for (let round = 0; round < ROUNDS; round++) {
      row.plain = Math.min(row.plain, plain.run().ms);
      row.metered = Math.min(row.metered, metered.run().ms);
      row.native = Math.min(row.native, nativeMs(program.native));
    }
    rows.push(row);
    const { name, native, virtual } = row;
    say(
      `${name.padEnd(18)} native ${native.toFixed(0).padStart(5)} ms  unmetered ${row.plain.toFixed(0).padStart(5)} ms  ` +
        `metered ${row.metered.toFixed(0).padStart(5)} ms  ×${(row.metered / row.plain).toFixed(3)} unmetered  ` +
        `×${(row.metered / native).toFixed(2)} native  virtual ${virtual.toFixed(0).padStart(5)} ms  ×${(virtual / native).toFixed(2)} native`,
    );
  }
  const overhead = rows.map((row) => row.metered / row.plain);
  const slowdown = rows.map((row) => row.metered / row.native);
  const ratios = rows.map((row) => row.virtual / row.native);
  say(
    JSON.stringify({
      type: "metering",
      programs: rows.length,
      overheadMedian: round3(median(overhead)),
      overheadMax: round3(Math.max(...overhead)),
      nativeRatioMedian: round3(median(slowdown)),
      virtualRatioMin: round3(Math.min(...ratios)),
      virtualRatioMedian: round3(median(ratios)),
      virtualRatioMax: round3(Math.max(...ratios)),
      r2: round3(determination(rows.map((row) => [row.virtual, row.native]))),
      r2Log: round3(determination(rows.map((row) => [Math.log(row.virtual), Math.log(row.native)]))),
    }),
  );
});

/** At once: a thread's `console.log` waits until the thread is idle. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** How much of the variance of the second values the first ones, taken as predictions, explain. */
function determination(pairs: readonly (readonly [predicted: number, actual: number])[]): number {
  const mean = pairs.reduce((sum, [, actual]) => sum + actual, 0) / pairs.length;
  const residual = pairs.reduce((sum, [predicted, actual]) => sum + (actual - predicted) ** 2, 0);
  const total = pairs.reduce((sum, [, actual]) => sum + (actual - mean) ** 2, 0);
  return 1 - residual / total;
}
