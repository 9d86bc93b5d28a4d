/**
 * Python: start from the snapshot, speed against native CPython, how well virtual time follows it.
 *
 * `node bench/python.ts [--rounds N] [--only NAME] [--native COMMAND]`; the native one should be an optimized build (`--enable-optimizations`), as
 * distributions have it: others take up to twice the time.
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
const hello = { name: "main.py", source: "print(input())", stdin: new TextEncoder().encode("hi\n") };
const bench = new InterpreterBench({ language: "python", ...hello }, rounds);

console.log(
  `native: ${versionOf(values.native, "--version") ?? "none"}; CPU milliseconds of the program's thread, least of ${rounds} runs`,
);
console.log(`${await bench.starts()} (target 50)`);
console.log(row("program", "native", "metered", "ratio", "unmetered", "metering", "virtual", "virt/nat", "MiB"));
const ratios: number[] = [];
const metering: number[] = [];
const follows: number[] = [];
for (const { name, file } of corpus("python", ".py")) {
  if (!name.includes(values.only)) continue;
  const native = runNative([values.native], file, stdinOf(name), rounds);
  const { meteredMs, unmeteredMs, virtualMs, memoryMib } = await bench.measure(name, file, native.stdout);
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
      memoryMib,
    ),
  );
}
console.log(`metered / native: ${medianAndWorst(ratios)} (target for the median 2.5)`);
console.log(`metered / unmetered: ${medianAndWorst(metering)}`);
console.log(`virtual / native: ${medianAndRange(follows)}`);
console.log(await bench.close());
