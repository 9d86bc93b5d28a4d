/**
 * JavaScript: start from the snapshot, speed against Node (which compiles to machine code) and against a native QuickJS.
 *
 * `node bench/javascript.ts [--rounds N] [--only NAME] [--qjs COMMAND]`; `COMMAND FILE` runs a program that uses `console.log`,
 * `require("fs").readFileSync` and `require("readline")` on a native build of QuickJS.
 */
import { parseArgs } from "node:util";
import {
  corpus,
  InterpreterBench,
  medianAndRange,
  medianAndWorst,
  row,
  runNative,
  stdinOf,
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
const hello = { name: "main.js", source: "console.log(1)", stdin: new Uint8Array(0) };
const bench = new InterpreterBench({ language: "javascript", ...hello }, rounds);

console.log(
  `native: Node ${process.version}${values.qjs === undefined ? "" : `, ${values.qjs}`}; CPU milliseconds, least of ${rounds} runs`,
);
console.log(await bench.starts());
console.log(row("program", "node", "qjs", "metered", "per node", "per qjs", "metering", "virtual", "virt/qjs", "MiB"));
const perNode: number[] = [];
const perQjs: number[] = [];
const metering: number[] = [];
const follows: number[] = [];
for (const { name, file } of [...corpus("javascript", ".js"), ...corpus("javascript", ".cjs")]) {
  if (!name.includes(values.only)) continue;
  const node = runNative([process.execPath], file, stdinOf(name), rounds);
  const qjs = values.qjs === undefined ? undefined : runNative([values.qjs], file, stdinOf(name), rounds);
  const { meteredMs, unmeteredMs, virtualMs, memoryMib } = await bench.measure(name, file, node.stdout);
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
      memoryMib,
    ),
  );
}
console.log(`metered / Node: ${medianAndWorst(perNode, 1)}`);
console.log(`metered / unmetered: ${medianAndWorst(metering)}`);
if (perQjs.length > 0) {
  console.log(`metered / native QuickJS: ${medianAndWorst(perQjs)}`);
  console.log(`virtual / native QuickJS: ${medianAndRange(follows)}`);
}
console.log(await bench.close());
