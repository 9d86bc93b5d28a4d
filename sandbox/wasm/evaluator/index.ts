/**
 * The evaluator: runs jobs in separate, watched processes.
 *
 * @example
 * const sandbox = await createWasmSandbox({ workers: 1 });
 * const result = await sandbox.judge(task);
 * await sandbox.close();
 *
 * @example One evaluator for several processes:
 * const host = await serveEvaluator("/run/user/1000/dikast/evaluator.sock"); // in one process
 * const sandbox = await connectEvaluator("/run/user/1000/dikast/evaluator.sock"); // in the others
 */
export { connectEvaluator } from "./client.ts";
export { createWasmSandbox } from "./create.ts";
export { type EvaluatorHost, serveEvaluator } from "./host.ts";
export type { WasmSandboxOptions } from "./options.ts";
