/**
 * The system interface of metered WASI programs.
 *
 * @example
 * const system = new WasiSystem({ input, limits, io: undefined });
 * const instance = new WebAssembly.Instance(module, system.imports());
 * const meter = new RunMeter(instance, limits);
 * system.attach(new GuestMemory(instance.exports[METER_EXPORT.memory]), meter);
 */
export { GuestMemory } from "./guest-memory.ts";
export { ENGINE_STACK_MIB, PAGE_BYTES, RunMeter, STACK_BYTES_MAX } from "./run-meter.ts";
export { WASI_MODULE, WASI_VERSION, WasiSystem } from "./system.ts";
