/**
 * What the thread that runs programs lets its watcher see, in shared memory: a message for each run would wake two threads for each
 * test of a submission.
 */
const BEGUN = 0;
const LAYOUT_BYTES = 16;
/**
 * What one look adds at most. A watcher that comes much later than this stood still itself, and the run with it: the lid was
 * closed, the process stopped, the virtual machine paused. That time is nobody's.
 */
export const LOOK_MS_MAX = 1_000;

export class RunWatch {
  readonly shared: SharedArrayBuffer;
  readonly #begun: Int32Array;
  /** Cost that the current run may spend at most; 0 while none is under way. */
  readonly #costMax: Float64Array;
  #seen = 0;
  #lastMs = 0;
  #forMs = 0;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(LAYOUT_BYTES)) {
    this.shared = shared;
    this.#begun = new Int32Array(shared, 0, 1);
    this.#costMax = new Float64Array(shared, 8, 1);
  }

  begin(costMax: number): void {
    this.#costMax[0] = costMax;
    Atomics.add(this.#begun, BEGUN, 1);
  }

  /** Nothing runs: whoever is waited for has a guard of their own. */
  idle(): void {
    this.begin(0);
  }

  /** For the watcher, again and again: how long one run has been under way, and what it may cost; undefined while none is. */
  look(nowMs: number): { readonly forMs: number; readonly costMax: number } | undefined {
    const begun = Atomics.load(this.#begun, BEGUN);
    const costMax = this.#costMax[0] ?? 0;
    this.#forMs = begun === this.#seen ? this.#forMs + Math.min(nowMs - this.#lastMs, LOOK_MS_MAX) : 0;
    this.#seen = begun;
    this.#lastMs = nowMs;
    return costMax === 0 ? undefined : { forMs: this.#forMs, costMax };
  }
}
