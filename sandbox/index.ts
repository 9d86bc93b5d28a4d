/**
 * Running untrusted programs: one interface, several implementations.
 *
 * @example
 * const sandbox = await createWasmSandbox();
 * await sandbox.warm(["cpp"]);
 * const { verdict } = await sandbox.judge(task);
 * await sandbox.close();
 */
export { createDockerSandbox, type DockerSandboxOptions } from "./docker/index.ts";
export { FakeSandbox, type FakeSandboxOptions } from "./fake/index.ts";
export {
  type JudgeOptions,
  type JudgeProfile,
  type JudgeProgress,
  type JudgeTask,
  type RunResult,
  type RunTask,
  type Sandbox,
  SandboxError,
  type SourceFile,
} from "./sandbox.ts";
export {
  connectEvaluator,
  createWasmSandbox,
  type EvaluatorHost,
  serveEvaluator,
  type WasmSandboxOptions,
} from "./wasm/index.ts";
