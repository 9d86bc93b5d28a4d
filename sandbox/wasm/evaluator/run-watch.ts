/**
 * What the thread that runs programs lets its watcher see, in shared memory: a message for each run would wake two threads for each
 * test of a submission.
 */
const BEGUN = 0;
const LAYOUT_BYTES = 16;

export class RunWatch {
  readonly shared: SharedArrayBuffer;
  readonly #begun: Int32Array;
  /** Cost that the current run may spend at most; 0 while none is under way. */
  readonly #costMax: Float64Array;
  #seen = 0;
  #sinceMs = 0;

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

  /** For the watcher, now and then: how long one run has been under way, and what it may cost; undefined while none is. */
  look(nowMs: number): { readonly forMs: number; readonly costMax: number } | undefined {
    const begun = Atomics.load(this.#begun, BEGUN);
    const costMax = this.#costMax[0] ?? 0;
    if (begun !== this.#seen) {
      this.#seen = begun;
      this.#sinceMs = nowMs;
    }
    return costMax === 0 ? undefined : { forMs: nowMs - this.#sinceMs, costMax };
  }
}
