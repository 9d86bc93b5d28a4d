/**
 * What the interpreters need of the meter. They are written against this port, so that they can be tested without metering
 * and do not depend on how the meter rewrites a module.
 */
export interface MeterPort {
  /** Changes whenever rewritten modules would: part of every cache key. */
  readonly version: string;
  /** Rewrites a module so that it counts what it executes. */
  instrument(module: Uint8Array): Uint8Array;
  /** What rewritten modules import besides what they imported before. */
  readonly imports: WebAssembly.Imports;
  gauge(instance: WebAssembly.Instance): Gauge;
}

/** The fuel of one instance of a rewritten module. */
export interface Gauge {
  /** Makes the instance ready for a run: fuel as given, the call stack empty, memory bounded. */
  reset(fuel: number, memoryBytesMax: number): void;
  /**
   * To be called between two calls of the host into an instance that nothing of is on the call stack: a rewritten module counts
   * what a call takes and, on its way back to the host, gives nothing back.
   */
  unwind(): void;
  /** What is left; below zero once it ran out. */
  remaining(): number;
  /** Takes away; may go below zero, the instance then traps at its next check. */
  charge(fuel: number): void;
  /** Why the instance trapped, as far as the meter caused it. */
  cause(): "fuel" | "stack" | "memory" | "host-memory" | undefined;
}

/** Counts nothing but what the host charges: for tests of the interpreters alone. */
export const UNMETERED: MeterPort = {
  version: "unmetered",
  instrument: (module) => module,
  imports: {},
  gauge: () => {
    let fuel = 0;
    return {
      reset: (given) => {
        fuel = given;
      },
      unwind: () => {},
      remaining: () => fuel,
      charge: (spent) => {
        fuel -= spent;
      },
      cause: () => (fuel < 0 ? "fuel" : undefined),
    };
  },
};
