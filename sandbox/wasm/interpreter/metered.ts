/** The meter, as the interpreters see it. */
import { createHash } from "node:crypto";
import { INTERPRETER_COST_TABLE, METER_EXPORT, METER_VERSION, meterModule, STOP } from "../meter/index.ts";
import type { Gauge, MeterPort } from "./meter-port.ts";

const PAGE_BYTES = 65_536;

/**
 * @param stackBytes how much call stack a run may use, as the meter counts it: an upper bound of what the engine uses, so the
 *   thread needs no more than that (and some for the host).
 */
export function meterPort(stackBytes: number): MeterPort {
  const table = createHash("sha256").update(JSON.stringify(INTERPRETER_COST_TABLE)).digest("hex");
  return {
    version: `${METER_VERSION} ${table}`,
    instrument: (module) => meterModule(module, { caches: false, copies: false, costs: INTERPRETER_COST_TABLE }).bytes,
    imports: {},
    gauge: (instance) => gaugeOf(instance, BigInt(stackBytes)),
  };
}

function gaugeOf({ exports }: WebAssembly.Instance, stackBytes: bigint): Gauge {
  const fuel = exports[METER_EXPORT.fuel] as WebAssembly.Global;
  const stack = exports[METER_EXPORT.stack] as WebAssembly.Global;
  const pagesMax = exports[METER_EXPORT.pagesMax] as WebAssembly.Global;
  const stop = exports[METER_EXPORT.stop] as WebAssembly.Global;
  return {
    reset: (given, memoryBytesMax) => {
      fuel.value = BigInt(given);
      stack.value = stackBytes;
      pagesMax.value = Math.floor(memoryBytesMax / PAGE_BYTES);
      stop.value = 0;
    },
    unwind: () => {
      stack.value = stackBytes;
    },
    remaining: () => Number(fuel.value),
    charge: (spent) => {
      fuel.value -= BigInt(spent);
    },
    cause: () => {
      if (fuel.value < 0n) return "fuel";
      if (stop.value === STOP.memoryExceeded) return "memory";
      if (stop.value === STOP.hostMemory) return "host-memory";
      return stack.value < 0n ? "stack" : undefined;
    },
  };
}
