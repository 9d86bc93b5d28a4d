/**
 * Entry of a run process. Its main thread only passes messages on and watches: the wall clock, the process's memory, and
 * the parent, with whom it dies. Programs run in a second thread, which has the large stack.
 */
import { Worker } from "node:worker_threads";
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import { ENGINE_STACK_MIB } from "../wasi/index.ts";
import type { FromRunProcess, ToRunProcess } from "./messages.ts";
import { RUN_THREAD_HEAP_MIB } from "./process-flags.ts";
import { RunWatch } from "./run-watch.ts";

/**
 * A program is given up after this multiple of its virtual time limit and this much more: only a machine that stalls
 * comes here, and then it must not decide.
 */
const WALL_FACTOR = 20;
const WALL_EXTRA_MS = 30_000;
const WATCH_MS = 250;

const [cacheDirectory = "", residentMibMax = "0"] = process.argv.slice(2);
const residentBytesMax = Number(residentMibMax) * 1024 * 1024;

process.on("disconnect", () => process.exit(0));

const send = (message: FromRunProcess, then?: () => void): void => {
  if (process.connected) process.send?.(message, undefined, undefined, then);
};

const watch = new RunWatch();
function giveUp(reason: string): void {
  send({ type: "guard", reason }, () => process.exit(1));
}

const timer = setInterval(() => {
  if (process.memoryUsage.rss() > residentBytesMax) giveUp("memory guard");
  const run = watch.look(performance.now());
  if (run === undefined) return;
  if (run.forMs > (run.costMax / COST_PER_VIRTUAL_MS) * WALL_FACTOR + WALL_EXTRA_MS) giveUp("wall-clock guard");
}, WATCH_MS);
timer.unref();

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const thread = new Worker(new URL(`./run-thread${ending}`, import.meta.url), {
  workerData: { cacheDirectory, watch: watch.shared },
  resourceLimits: { stackSizeMb: ENGINE_STACK_MIB, maxOldGenerationSizeMb: RUN_THREAD_HEAP_MIB },
});
thread.on("message", (message: FromRunProcess) => {
  send(message.type === "finished" ? { ...message, residentBytes: process.memoryUsage.rss() } : message);
});
thread.on("error", (error) => giveUp(`the thread that runs programs died: ${error.message}`));
process.on("message", (message: ToRunProcess) => thread.postMessage(message));
