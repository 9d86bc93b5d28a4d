/**
 * The embedded sandbox: WebAssembly, metered, the same verdict on every machine. Contract: docs/sandbox.md.
 */
export {
  connectEvaluator,
  createWasmSandbox,
  type EvaluatorHost,
  serveEvaluator,
  type WasmSandboxOptions,
} from "./evaluator/index.ts";
export { MeterError, meterModule } from "./meter/index.ts";
