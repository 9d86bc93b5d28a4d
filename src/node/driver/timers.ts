/** The machine's timers on real time; setting one again moves it. */
import type { Instant, TimerKey } from "../../model/index.ts";

/** The longest that `setTimeout` can wait; longer waits are cut and renewed. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;
/** A machine has a handful per session, cluster and task. */
export const TIMERS_MAX = 100_000;

export class Timers {
  readonly #handles = new Map<TimerKey, NodeJS.Timeout>();
  readonly #now: () => Instant;
  readonly #onFired: (timer: TimerKey) => void;

  constructor(now: () => Instant, onFired: (timer: TimerKey) => void) {
    this.#now = now;
    this.#onFired = onFired;
  }

  set(timer: TimerKey, at: Instant): void {
    this.clear(timer);
    if (this.#handles.size >= TIMERS_MAX) throw new RangeError("too many timers");
    const waitMs = Math.max(0, at - this.#now());
    const fire = (): void => {
      this.#handles.delete(timer);
      if (this.#now() < at) this.set(timer, at);
      else this.#onFired(timer);
    };
    this.#handles.set(timer, setTimeout(fire, Math.min(waitMs, TIMEOUT_MS_MAX)));
  }

  clear(timer: TimerKey): void {
    clearTimeout(this.#handles.get(timer));
    this.#handles.delete(timer);
  }

  clearAll(): void {
    for (const handle of this.#handles.values()) clearTimeout(handle);
    this.#handles.clear();
  }
}
