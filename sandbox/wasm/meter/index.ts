/**
 * The meter: rewrites a WebAssembly module so that it counts what it costs and stops at its limits.
 *
 * @example
 * const { bytes } = meterModule(original);
 * const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
 * exports[METER_EXPORT.fuel].value = 1_000_000n;
 * exports[METER_EXPORT.stack].value = 1_048_576n;
 * exports[METER_EXPORT.pagesMax].value = 4096;
 * exports._start(); // traps when the fuel is gone
 * const cost = 1_000_000n - exports[METER_EXPORT.fuel].value;
 */
export {
  COST_CLASSES,
  COST_PER_VIRTUAL_MS,
  COST_TABLE,
  COST_TABLE_VERSION,
  type CostClass,
  type CostTable,
  INTERPRETER_COST_TABLE,
} from "./cost-table.ts";
export { STOP } from "./added-functions.ts";
export { MeterError } from "./errors.ts";
export {
  METER_EXPORT,
  METER_VERSION,
  meterModule,
  type MeteredModule,
  type MeterOptions,
  MODULE_BYTES_MAX,
} from "./meter.ts";
