/**
 * Entry of a run process. Its main thread only passes messages on and watches: the wall clock, the process's memory, and
 * the parent, with whom it dies. Programs run in a second thread, which has the large stack.
 */
import { Worker } from "node:worker_threads";
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import { ENGINE_STACK_MIB } from "../wasi/index.ts";
import type { FromRunProcess, ToRunProcess } from "./messages.ts";

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

let wallTimer: NodeJS.Timeout | undefined;
function giveUp(reason: string): void {
  send({ type: "guard", reason }, () => process.exit(1));
}

const memoryTimer = setInterval(() => {
  if (process.memoryUsage.rss() > residentBytesMax) giveUp("memory guard");
}, WATCH_MS);
memoryTimer.unref();

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const thread = new Worker(new URL(`./run-thread${ending}`, import.meta.url), {
  workerData: { cacheDirectory },
  resourceLimits: { stackSizeMb: ENGINE_STACK_MIB },
});
thread.on("message", (message: FromRunProcess) => {
  clearTimeout(wallTimer);
  if (message.type === "running") {
    const wallMs = (message.costMax / COST_PER_VIRTUAL_MS) * WALL_FACTOR + WALL_EXTRA_MS;
    // setTimeout takes 31 bits.
    wallTimer = setTimeout(() => giveUp("wall-clock guard"), Math.min(wallMs, 0x7fff_ffff));
    return;
  }
  send(message.type === "finished" ? { ...message, residentBytes: process.memoryUsage.rss() } : message);
});
thread.on("error", (error) => giveUp(`the thread that runs programs died: ${error.message}`));
process.on("message", (message: ToRunProcess) => thread.postMessage(message));
