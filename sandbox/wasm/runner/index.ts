/**
 * Running programs in the embedded sandbox.
 *
 * @example
 * const runner = new WasmRunner({ cacheDirectory });
 * const { status, cost, stdout } = await runner.run(program, { args: [], stdin }, limits);
 */
export { createEngines, type EngineOptions, type Engines, type ProgramEngine, type ProgramOf } from "./engines.ts";
export { type RunnerOptions, WasmRunner } from "./runner.ts";
export { WasiEngine } from "./wasi-engine.ts";
