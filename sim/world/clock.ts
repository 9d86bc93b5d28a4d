/** A node's own clock: what it believes the time to be, from an offset and a drift against virtual time. */
import { type Instant, instant } from "../../src/model/index.ts";

/** Virtual time 0 in contest time: 2027-01-01T00:00:00Z, so that instants look like those of a real contest. */
export const EPOCH_MS = 1_798_761_600_000;

export interface ClockOptions {
  /** Wrong by so much at virtual time 0; milliseconds. */
  readonly offsetMs: number;
  /** Parts per million; crystal clocks stay within ±100. */
  readonly driftPpm: number;
}

export const PERFECT_CLOCK: ClockOptions = { offsetMs: 0, driftPpm: 0 };

export class VirtualClock {
  #offsetMs: number;
  readonly #rate: number;
  #lastMs = 0;

  constructor(options: ClockOptions) {
    this.#offsetMs = options.offsetMs;
    this.#rate = 1 + options.driftPpm / 1e6;
  }

  /** What the node reads at virtual `micros`; it never runs backwards, as the real driver's does not. */
  read(micros: number): Instant {
    const localMs = Math.floor((micros * this.#rate) / 1000 + this.#offsetMs) + EPOCH_MS;
    this.#lastMs = Math.max(this.#lastMs, localMs);
    return instant(this.#lastMs);
  }

  /** The first virtual microsecond, not before `nowMicros`, at which a timer for local `at` fires. */
  microsAt(at: Instant, nowMicros: number): number {
    const micros = Math.ceil(((at - EPOCH_MS - this.#offsetMs) * 1000) / this.#rate);
    return Math.max(nowMicros, micros);
  }

  /** A step of the clock, as NTP or a person makes it; running timers keep their distance, as `setTimeout` does. */
  jump(byMs: number): void {
    this.#offsetMs += byMs;
  }
}

/** Contest time of virtual `micros` on a perfect clock. */
export function contestTime(micros: number): Instant {
  return instant(EPOCH_MS + Math.floor(micros / 1000));
}
