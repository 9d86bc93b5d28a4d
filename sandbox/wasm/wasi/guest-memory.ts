/**
 * The program's memory as the system interface sees it. Every access is checked: a pointer beyond the memory is the
 * program's fault (`EFAULT`), whatever it holds.
 */

/** Thrown by accesses out of bounds; the dispatcher answers EFAULT. */
export class BadPointer extends Error {
  override readonly name = "BadPointer";
}

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  // Growing detaches the buffer: the views are made anew when its identity changes.
  #buffer: ArrayBuffer;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
  }

  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  #refresh(): void {
    const buffer = this.#memory.buffer;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** Pointers come as signed 32-bit integers; the result is checked, and the views are those of the memory as it is now. */
  #check(pointer: number, length: number): number {
    this.#refresh();
    const start = pointer >>> 0;
    if (start + length > this.#bytes.length) throw new BadPointer();
    return start;
  }

  /** A view that is valid until the program runs again. */
  bytes(pointer: number, length: number): Uint8Array {
    const start = this.#check(pointer, length >>> 0);
    return this.#bytes.subarray(start, start + (length >>> 0));
  }

  u8(pointer: number): number {
    const start = this.#check(pointer, 1);
    return this.#bytes[start]!;
  }
  u16(pointer: number): number {
    const start = this.#check(pointer, 2);
    return this.#view.getUint16(start, true);
  }
  u32(pointer: number): number {
    const start = this.#check(pointer, 4);
    return this.#view.getUint32(start, true);
  }
  u64(pointer: number): bigint {
    const start = this.#check(pointer, 8);
    return this.#view.getBigUint64(start, true);
  }

  setU8(pointer: number, value: number): void {
    const start = this.#check(pointer, 1);
    this.#bytes[start] = value;
  }
  setU16(pointer: number, value: number): void {
    const start = this.#check(pointer, 2);
    this.#view.setUint16(start, value, true);
  }
  setU32(pointer: number, value: number): void {
    const start = this.#check(pointer, 4);
    this.#view.setUint32(start, value, true);
  }
  setU64(pointer: number, value: bigint): void {
    const start = this.#check(pointer, 8);
    this.#view.setBigUint64(start, value, true);
  }
  write(pointer: number, bytes: Uint8Array): void {
    const start = this.#check(pointer, bytes.length);
    this.#bytes.set(bytes, start);
  }
}
