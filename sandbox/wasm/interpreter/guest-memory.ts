/** Checked access to an instance's linear memory. Every address comes from the program and may be anything. */

/** Longer paths than this are refused (`PATH_MAX` of Linux). */
const PATH_BYTES_MAX = 4_096;

const utf8 = new TextDecoder("utf-8");
const encoder = new TextEncoder();

/** An address outside the memory: the run ends as if the program itself had read out of bounds. */
export class BadAddressError extends Error {
  override readonly name = "BadAddressError";
}

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get size(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Growing detaches the old buffer, whoever grew it. */
  #refresh(): void {
    if (this.#bytes.buffer === this.#memory.buffer) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }

  /** A view, valid until the program runs again. @throws BadAddressError */
  bytes(address: number, length: number): Uint8Array {
    this.#refresh();
    const start = address >>> 0;
    const count = length >>> 0;
    if (start + count > this.#bytes.length) throw new BadAddressError("address out of bounds");
    return this.#bytes.subarray(start, start + count);
  }

  /** The whole of it, as a view. */
  all(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  u8(address: number): number {
    this.#check(address, 1);
    return this.#view.getUint8(address >>> 0);
  }

  u32(address: number): number {
    this.#check(address, 4);
    return this.#view.getUint32(address >>> 0, true);
  }

  i32(address: number): number {
    return this.u32(address) | 0;
  }

  i64(address: number): bigint {
    this.#check(address, 8);
    return this.#view.getBigInt64(address >>> 0, true);
  }

  setU8(address: number, value: number): void {
    this.#check(address, 1);
    this.#view.setUint8(address >>> 0, value);
  }

  setU16(address: number, value: number): void {
    this.#check(address, 2);
    this.#view.setUint16(address >>> 0, value, true);
  }

  setU32(address: number, value: number): void {
    this.#check(address, 4);
    this.#view.setUint32(address >>> 0, value, true);
  }

  setI64(address: number, value: bigint): void {
    this.#check(address, 8);
    this.#view.setBigInt64(address >>> 0, value, true);
  }

  /** A NUL-terminated path; undefined when it is longer than `PATH_BYTES_MAX`. */
  path(address: number): string | undefined {
    this.#refresh();
    const start = address >>> 0;
    if (start >= this.#bytes.length) throw new BadAddressError("address out of bounds");
    const window = this.#bytes.subarray(start, start + PATH_BYTES_MAX);
    const end = window.indexOf(0);
    return end < 0 ? undefined : utf8.decode(window.subarray(0, end));
  }

  /** Writes `text` and a NUL; the caller has made room. */
  setText(address: number, text: string): void {
    const encoded = encoder.encode(text);
    this.bytes(address, encoded.length + 1).set(encoded);
    this.setU8(address + encoded.length, 0);
  }

  #check(address: number, length: number): void {
    this.#refresh();
    if ((address >>> 0) + length > this.#bytes.length) throw new BadAddressError("address out of bounds");
  }
}
