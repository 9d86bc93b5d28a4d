/** Runs a benchmark under the flags and with the stack of the evaluator's run processes. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import { RUN_PROCESS_FLAGS } from "../../sandbox/wasm/evaluator/process-flags.ts";
import { ENGINE_STACK_MIB } from "../../sandbox/wasm/wasi/index.ts";

/**
 * @param url of the benchmark's own module.
 * @param prepare runs before, in an ordinary process: the compiler would take minutes to start under those flags.
 */
export async function inRunThread(
  url: string,
  prepare: (args: readonly string[]) => Promise<unknown>,
  body: (args: readonly string[]) => Promise<void>,
): Promise<void> {
  const args = process.argv.slice(2);
  if (!isMainThread) return await body(args);
  if (RUN_PROCESS_FLAGS.some((flag) => !process.execArgv.includes(flag))) {
    await prepare(args);
    const child = spawnSync(process.execPath, [...RUN_PROCESS_FLAGS, fileURLToPath(url), ...args], {
      stdio: "inherit",
    });
    process.exitCode = child.status ?? 1;
    return;
  }
  const worker = new Worker(new URL(url), { argv: args, resourceLimits: { stackSizeMb: ENGINE_STACK_MIB } });
  await new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
}
