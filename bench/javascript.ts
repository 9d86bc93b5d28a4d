/**
 * JavaScript: start from the snapshot, speed against Node (which compiles to machine code) and against a native QuickJS.
 *
 * `node bench/javascript.ts [--rounds N] [--only NAME] [--qjs COMMAND]`; `COMMAND FILE` runs a program that uses `console.log`,
 * `require("fs").readFileSync` and `require("readline")` on a native build of QuickJS.
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
  withRunProcessFlags,
} from "./support/interpreter-bench.ts";

withRunProcessFlags(import.meta.filename);
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    qjs: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const MIB = 2 ** 20;

const metered = new BenchThread({ metered: true });
const plain = new BenchThread({ metered: false });
const input = numbers();
const nothing = new Uint8Array(0);

const hello = { language: "javascript" as const, name: "main.js", source: "console.log(1)", stdin: nothing };
await metered.run({ ...hello, times: 20 });
const starts = await metered.run({ ...hello, times: 50 });
console.log(
  `native: Node ${process.version}${values.qjs === undefined ? "" : `, ${values.qjs}`}; CPU milliseconds, least of ${rounds} runs`,
);
console.log(
  `start of a test from the snapshot: median ${median(starts.runs.map((run) => run.cpuMs)).toFixed(1)} ms CPU, ${median(starts.runs.map((run) => run.wallMs)).toFixed(1)} ms wall`,
);

console.log(row("program", "node", "qjs", "metered", "per node", "per qjs", "metering", "virtual", "virt/qjs", "MiB"));
const perNode: number[] = [];
const perQjs: number[] = [];
const metering: number[] = [];
const follows: number[] = [];
for (const { name, file } of [...corpus("javascript", ".js"), ...corpus("javascript", ".cjs")]) {
  if (!name.includes(values.only)) continue;
  const source = readFileSync(file, "utf8");
  const stdin = name.startsWith("input_") ? input : nothing;
  const node = runNative([process.execPath], file, stdin, rounds);
  const qjs = values.qjs === undefined ? undefined : runNative([values.qjs], file, stdin, rounds);
  const job = { language: "javascript" as const, name, source, stdin, times: rounds };
  const ours = await metered.run(job);
  const unmetered = await plain.run(job);
  const [first] = ours.runs;
  if (first === undefined || !node.stdout.equals(first.stdout)) throw new Error(`${name}: output differs from Node's`);
  if (ours.runs.some((run) => run.cost !== first.cost || run.memoryBytes !== first.memoryBytes)) {
    throw new Error(`${name}: runs differ`);
  }
  const meteredMs = Math.min(...ours.runs.map((run) => run.cpuMs));
  const unmeteredMs = Math.min(...unmetered.runs.map((run) => run.cpuMs));
  const virtualMs = first.cost / COST_PER_VIRTUAL_MS;
  perNode.push(meteredMs / node.cpuMs);
  metering.push(meteredMs / unmeteredMs);
  if (qjs !== undefined) {
    perQjs.push(meteredMs / qjs.cpuMs);
    follows.push(virtualMs / qjs.cpuMs);
  }
  console.log(
    row(
      name.replace(/\.c?js$/, ""),
      node.cpuMs,
      qjs?.cpuMs ?? "-",
      meteredMs,
      meteredMs / node.cpuMs,
      qjs === undefined ? "-" : meteredMs / qjs.cpuMs,
      meteredMs / unmeteredMs,
      virtualMs,
      qjs === undefined ? "-" : virtualMs / qjs.cpuMs,
      first.memoryBytes / MIB,
    ),
  );
}
const { residentBytes } = await metered.run({ ...hello, times: 1 });
console.log(`metered / Node: median ${median(perNode).toFixed(1)}, worst ${Math.max(...perNode).toFixed(1)}`);
console.log(`metered / unmetered: median ${median(metering).toFixed(2)}, worst ${Math.max(...metering).toFixed(2)}`);
if (perQjs.length > 0) {
  console.log(`metered / native QuickJS: median ${median(perQjs).toFixed(2)}, worst ${Math.max(...perQjs).toFixed(2)}`);
  console.log(
    `virtual / native QuickJS: median ${median(follows).toFixed(2)}, from ${Math.min(...follows).toFixed(2)} to ${Math.max(...follows).toFixed(2)}`,
  );
}
console.log(`resident memory of this process, two interpreters in it: ${(residentBytes / MIB).toFixed(0)} MiB`);
await metered.close();
await plain.close();
