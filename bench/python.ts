/**
 * Python: start from the snapshot, speed against native CPython, how well virtual time follows it.
 *
 * `node bench/python.ts [--rounds N] [--only NAME] [--native COMMAND]`; the native one should be an optimized build (`--enable-optimizations`), as
 * distributions have it: others take up to twice the time.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { COST_PER_VIRTUAL_MS } from "../sandbox/wasm/meter/index.ts";
import {
  BenchThread,
  corpus,
  median,
  numbers,
  row,
  runNative,
  versionOf,
  withRunProcessFlags,
} from "./support/interpreter-bench.ts";

withRunProcessFlags(import.meta.filename);
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    native: { type: "string", default: "/usr/bin/python3" },
  },
});
const rounds = Number(values.rounds);
const MIB = 2 ** 20;

const metered = new BenchThread({ metered: true });
const plain = new BenchThread({ metered: false });
const input = numbers();
const nothing = new Uint8Array(0);

// The first runs compile the interpreter; the evaluator does the same when it warms up.
const hello = {
  language: "python" as const,
  name: "main.py",
  source: "print(input())",
  stdin: new TextEncoder().encode("hi\n"),
};
await metered.run({ ...hello, times: 20 });
const starts = await metered.run({ ...hello, times: 50 });
console.log(
  `native: ${versionOf(values.native, "--version") ?? "none"}; CPU milliseconds of the program's thread, least of ${rounds} runs`,
);
console.log(
  `start of a test from the snapshot: median ${median(starts.runs.map((run) => run.cpuMs)).toFixed(1)} ms CPU, ${median(starts.runs.map((run) => run.wallMs)).toFixed(1)} ms wall (target 50)`,
);

console.log(row("program", "native", "metered", "ratio", "unmetered", "metering", "virtual", "virt/nat", "MiB"));
const ratios: number[] = [];
const metering: number[] = [];
const follows: number[] = [];
for (const { name, file } of corpus("python", ".py")) {
  if (!name.includes(values.only)) continue;
  const source = readFileSync(file, "utf8");
  const stdin = name.startsWith("input_") ? input : nothing;
  const native = runNative([values.native], file, stdin, rounds);
  const job = { language: "python" as const, name, source, stdin, times: rounds };
  const ours = await metered.run(job);
  const unmetered = await plain.run(job);
  const [first] = ours.runs;
  if (first === undefined || !native.stdout.equals(first.stdout))
    throw new Error(`${name}: output differs from native`);
  if (ours.runs.some((run) => run.cost !== first.cost || run.memoryBytes !== first.memoryBytes))
    throw new Error(`${name}: runs differ`);
  const meteredMs = Math.min(...ours.runs.map((run) => run.cpuMs));
  const unmeteredMs = Math.min(...unmetered.runs.map((run) => run.cpuMs));
  const virtualMs = first.cost / COST_PER_VIRTUAL_MS;
  ratios.push(meteredMs / native.cpuMs);
  metering.push(meteredMs / unmeteredMs);
  follows.push(virtualMs / native.cpuMs);
  console.log(
    row(
      name.replace(".py", ""),
      native.cpuMs,
      meteredMs,
      meteredMs / native.cpuMs,
      unmeteredMs,
      meteredMs / unmeteredMs,
      virtualMs,
      virtualMs / native.cpuMs,
      first.memoryBytes / MIB,
    ),
  );
}
const { residentBytes } = await metered.run({ ...hello, times: 1 });
console.log(
  `metered / native: median ${median(ratios).toFixed(2)} (target 2.5), worst ${Math.max(...ratios).toFixed(2)}`,
);
console.log(`metered / unmetered: median ${median(metering).toFixed(2)}, worst ${Math.max(...metering).toFixed(2)}`);
console.log(
  `virtual / native: median ${median(follows).toFixed(2)}, from ${Math.min(...follows).toFixed(2)} to ${Math.max(...follows).toFixed(2)}`,
);
console.log(`resident memory of this process, two interpreters in it: ${(residentBytes / MIB).toFixed(0)} MiB`);
await metered.close();
await plain.close();
