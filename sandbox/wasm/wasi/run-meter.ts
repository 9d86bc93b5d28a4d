/** The host's hand on the meter of one running instance: reads and charges fuel, and stops the program. */
import type { RunLimits, RunStatus } from "../../engine.ts";
import { METER_EXPORT, STOP } from "../meter/index.ts";

/** The fuel of a stopped program: no amount that a running one can have. */
const STOPPED = -(2n ** 62n);

/**
 * Bytes of call stack that a program may use, by the meter's count. Enough for 10^6 frames of ordinary functions; the
 * threads that run programs have `ENGINE_STACK_MIB` of real stack, so that this count ends first, on every machine.
 */
export const STACK_BYTES_MAX = 512 * 1024 * 1024;
export const ENGINE_STACK_MIB = 1024;
export const PAGE_BYTES = 65_536;

export class RunMeter {
  readonly #fuel: WebAssembly.Global;
  readonly #stack: WebAssembly.Global;
  readonly #stop: WebAssembly.Global;
  readonly #costMax: number;
  #stopped: { readonly status: RunStatus; readonly fuel: bigint } | undefined;

  /**
   * Sets the limits; the instance is then ready to run.
   * @param reservedBytes of memory that do not count against the limit: the stack's, of which only what is used counts.
   */
  constructor(instance: WebAssembly.Instance, limits: RunLimits, reservedBytes: number) {
    const { exports } = instance;
    this.#fuel = exports[METER_EXPORT.fuel] as WebAssembly.Global;
    this.#stack = exports[METER_EXPORT.stack] as WebAssembly.Global;
    this.#stop = exports[METER_EXPORT.stop] as WebAssembly.Global;
    this.#costMax = limits.costMax;
    this.#fuel.value = BigInt(limits.costMax);
    this.#stack.value = BigInt(STACK_BYTES_MAX);
    (exports[METER_EXPORT.pagesMax] as WebAssembly.Global).value = Math.floor(
      (limits.memoryBytesMax + reservedBytes) / PAGE_BYTES,
    );
  }

  /** Cost so far, at most the limit. */
  get cost(): number {
    const fuel = this.#stopped?.fuel ?? this.#fuel.value;
    return fuel < 0n ? this.#costMax : this.#costMax - Number(fuel);
  }

  /** Out of fuel or stopped: the program ends when the host function returns, so the function need not do its work. */
  get exhausted(): boolean {
    return this.#fuel.value < 0n;
  }

  /** What the program pays for a host function's work, in units ≥ 0; too much ends it when the function returns. */
  charge(units: number): void {
    if (this.#stopped !== undefined || units === 0) return;
    const fuel: bigint = this.#fuel.value;
    // An amount beyond what is left ends the run all the same; it must not overflow.
    this.#fuel.value = units > Number(fuel) ? -1n : fuel - BigInt(Math.floor(units));
  }

  /** Ends the run with `status` as soon as the host function returns; the first call counts. */
  stop(status: RunStatus): void {
    if (this.#stopped !== undefined) return;
    const fuel: bigint = this.#fuel.value;
    this.#stopped = { status: fuel < 0n ? { type: "cost-exceeded" } : status, fuel };
    this.#fuel.value = STOPPED;
  }

  /** How the run ended: `error` is what the program's entry threw, undefined if it returned. */
  statusAfter(error: unknown): RunStatus {
    if (this.#stopped !== undefined) return this.#stopped.status;
    if (this.#stop.value === STOP.memoryExceeded) return { type: "memory-exceeded" };
    if (this.#stop.value === STOP.hostMemory) return { type: "abstained", reason: "the host is short of memory" };
    if (this.#fuel.value < 0n) return { type: "cost-exceeded" };
    if (error === undefined) return { type: "exited", code: 0 };
    if (this.#stack.value < 0n) return { type: "trapped", reason: "call stack exhausted" };
    if (error instanceof WebAssembly.RuntimeError) return { type: "trapped", reason: error.message };
    if (error instanceof WebAssembly.Exception) return { type: "trapped", reason: "uncaught exception" };
    // The engine's own stack or memory gave out first: this machine cannot decide.
    return {
      type: "abstained",
      reason: error instanceof Error ? `${error.name}: ${error.message}` : "unknown failure",
    };
  }
}
