/**
 * Carries effects out in order; nothing that follows a `store` before it is durable. All stores that wait at one moment
 * share one synced write: writing a later store early is harmless (it looks like a crash right after that step), writing
 * an earlier effect late would not be.
 */
import type { Effect, StoreWrite } from "../../model/index.ts";

/** More than a machine can cause before its stores are durable; the driver stops reading events while it is exceeded. */
export const EFFECTS_WAITING_MAX = 20_000;

export class EffectQueue {
  readonly #write: (writes: readonly StoreWrite[]) => Promise<void>;
  readonly #carryOut: (effect: Exclude<Effect, { readonly type: "store" }>) => void;
  readonly #onFatal: (error: unknown) => void;
  #waiting: Effect[] = [];
  #running = false;
  #idle: Promise<void> = Promise.resolve();
  #failed = false;

  /** `carryOut` does everything but stores and must not throw for reasons outside the program; `onFatal` is told once. */
  constructor(
    write: (writes: readonly StoreWrite[]) => Promise<void>,
    carryOut: (effect: Exclude<Effect, { readonly type: "store" }>) => void,
    onFatal: (error: unknown) => void,
  ) {
    this.#write = write;
    this.#carryOut = carryOut;
    this.#onFatal = onFatal;
  }

  get isFull(): boolean {
    return this.#waiting.length >= EFFECTS_WAITING_MAX;
  }

  push(effects: readonly Effect[]): void {
    if (effects.length === 0 || this.#failed) return;
    this.#waiting.push(...effects);
    if (!this.#running) this.#idle = this.#run();
  }

  /** Resolves when everything so far is carried out. */
  async idle(): Promise<void> {
    while (this.#running) await this.#idle;
  }

  /** Without a store to wait for it is done when it returns. */
  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#waiting.length > 0 && !this.#failed) {
        const batch = this.#waiting;
        this.#waiting = [];
        const writes: StoreWrite[] = [];
        for (const effect of batch) if (effect.type === "store") writes.push(...effect.writes);
        let from = 0;
        if (writes.length > 0) {
          const firstStore = batch.findIndex(({ type }) => type === "store");
          this.#perform(batch.slice(0, firstStore));
          from = firstStore;
          await this.#write(writes);
        }
        this.#perform(batch.slice(from));
      }
    } catch (error) {
      this.#failed = true;
      this.#onFatal(error);
    } finally {
      this.#running = false;
    }
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) if (effect.type !== "store") this.#carryOut(effect);
  }
}
