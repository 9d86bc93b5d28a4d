/** Entry of a compile process: like a run process, with compilers instead of programs. */
import { Worker } from "node:worker_threads";
import type { FromCompileProcess, ToCompileProcess } from "./messages.ts";

/** More than clang can need: what it does without end, its own stack or a count of its depth ends first. */
const COMPILER_STACK_MIB = 1024;

const [cacheDirectory = ""] = process.argv.slice(2);

process.on("disconnect", () => process.exit(0));

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const thread = new Worker(new URL(`./compile-thread${ending}`, import.meta.url), {
  workerData: { cacheDirectory },
  resourceLimits: { stackSizeMb: COMPILER_STACK_MIB },
});
thread.on("message", (message: FromCompileProcess) => {
  if (process.connected) process.send?.(message);
});
thread.on("error", (error) => {
  process.stderr.write(`${error.message}\n`, () => process.exit(1));
});
process.on("message", (message: ToCompileProcess) => thread.postMessage(message));
