/**
 * The account of one run of an interpreter: fuel, output and the way it ended. The first limit that is hit decides; whatever
 * the program does while it unwinds changes nothing any more.
 */
import type { RunLimits, RunOutcome, RunStatus } from "../../engine.ts";
import type { Gauge } from "./meter-port.ts";
import { BoundedOutput, type ProgramIo } from "./program-io.ts";

/** Fuel into cost, per language: a rational number, so that it is exact everywhere. */
export interface CostRate {
  readonly numerator: number;
  readonly denominator: number;
}

/** Ends the run from inside an import; the status is already in the account. */
export class RunEnded extends Error {
  override readonly name = "RunEnded";
}

/** Below this an instance's next check traps, whatever it does. */
const NO_FUEL = -1;

export class RunAccount {
  readonly #gauge: Gauge;
  readonly #rate: CostRate;
  readonly #limits: RunLimits;
  readonly #fuelMax: number;
  readonly #stdout: BoundedOutput;
  readonly #stderr: BoundedOutput;
  #ended: { readonly status: RunStatus; readonly fuelLeft: number } | undefined;

  constructor(gauge: Gauge, rate: CostRate, limits: RunLimits) {
    this.#gauge = gauge;
    this.#rate = rate;
    this.#limits = limits;
    this.#fuelMax = Math.floor((limits.costMax / rate.numerator) * rate.denominator);
    this.#stdout = new BoundedOutput(limits.stdoutBytesMax);
    this.#stderr = new BoundedOutput(limits.stderrBytesMax);
    gauge.reset(this.#fuelMax, limits.memoryBytesMax);
  }

  get cost(): number {
    const left = Math.max(0, this.#ended?.fuelLeft ?? this.#gauge.remaining());
    return Math.min(
      this.#limits.costMax,
      Math.ceil(((this.#fuelMax - left) / this.#rate.denominator) * this.#rate.numerator),
    );
  }

  /** @throws RunEnded when the run cannot pay. */
  charge(fuel: number): void {
    if (this.#ended !== undefined) throw new RunEnded();
    this.#gauge.charge(fuel);
    if (this.#gauge.remaining() < 0) this.end({ type: "cost-exceeded" });
  }

  /** The host is about to call the instance anew, with nothing of it on the call stack. */
  unwind(): void {
    this.#gauge.unwind();
  }

  /** Charges cost that is not work of the interpreter: waiting. @throws RunEnded when the run cannot pay. */
  chargeCost(cost: number): void {
    this.charge(
      Math.ceil((Math.min(cost, this.#limits.costMax + 1) / this.#rate.numerator) * this.#rate.denominator) + 1,
    );
  }

  /** Ends the run; a program that catches this on its way out is stopped by its empty tank. @throws RunEnded always */
  end(status: RunStatus): never {
    if (this.#ended === undefined) {
      this.#ended = { status, fuelLeft: this.#gauge.remaining() };
      this.#gauge.charge(Math.max(0, this.#gauge.remaining()) - NO_FUEL);
    }
    throw new RunEnded();
  }

  /** @throws RunEnded beyond the bound of stdout; what exceeds the bound of stderr is dropped. */
  write(fd: 1 | 2, bytes: Uint8Array, io: ProgramIo | undefined): void {
    if (this.#ended !== undefined) throw new RunEnded();
    if (fd === 2) {
      this.#stderr.append(bytes);
      return;
    }
    if (!this.#stdout.append(bytes)) this.end({ type: "output-exceeded" });
    io?.write(fd, bytes);
  }

  /** Runs the program to its end. `run` returns only by mistake of ours or throws. */
  settle(run: () => RunStatus): RunStatus {
    try {
      const status = run();
      return this.#ended?.status ?? status;
    } catch (error) {
      if (this.#ended !== undefined) return this.#ended.status;
      const left = this.#gauge.remaining();
      this.#ended = { status: this.#statusOf(error), fuelLeft: left };
      return this.#ended.status;
    }
  }

  outcome(status: RunStatus, memoryBytes: number): RunOutcome {
    return { status, cost: this.cost, memoryBytes, stdout: this.#stdout.bytes(), stderr: this.#stderr.bytes() };
  }

  #statusOf(error: unknown): RunStatus {
    if (error instanceof WebAssembly.RuntimeError) {
      switch (this.#gauge.cause()) {
        case "fuel":
          return { type: "cost-exceeded" };
        case "memory":
          return { type: "memory-exceeded" };
        case "host-memory":
          return { type: "abstained", reason: "the host has no memory left" };
        case "stack":
          return { type: "trapped", reason: "call stack exhausted" };
        case undefined:
          return { type: "trapped", reason: error.message };
      }
    }
    // The engine's own stack ended before the meter's count of it did: this machine's doing, so it must not decide.
    if (error instanceof RangeError) return { type: "abstained", reason: `host: ${error.message}` };
    if (error instanceof Error && PROGRAM_FAULTS.has(error.name)) return { type: "trapped", reason: error.message };
    throw error;
  }
}

/** Faults that the system interface finds, and that are the program's. */
const PROGRAM_FAULTS: ReadonlySet<string> = new Set(["BadAddressError", "ForbiddenImportError", "DeadlockError"]);
