/** How a running program reaches its input and output. Input is pulled, output is pushed; both may block the thread. */
export interface ProgramIo {
  /** 1 to `max` bytes, or none at the end of the input. */
  read(max: number): Uint8Array;
  write(fd: 1 | 2, bytes: Uint8Array): void;
}

/** Thrown by `ProgramIo` when two connected programs wait for each other: ends the submission (`trapped`, reason `deadlock`). */
export class DeadlockError extends Error {
  override readonly name = "DeadlockError";
  constructor() {
    super("deadlock");
  }
}

/** Grows by doubling up to its bound; what does not fit any more is cut. */
export class BoundedOutput {
  readonly #bytesMax: number;
  #buffer = new Uint8Array(4_096);
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @returns false when not all of it fitted. */
  append(bytes: Uint8Array): boolean {
    const room = this.#bytesMax - this.#length;
    const part = bytes.length <= room ? bytes : bytes.subarray(0, room);
    const needed = this.#length + part.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(part, this.#length);
    this.#length = needed;
    return part.length === bytes.length;
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}
