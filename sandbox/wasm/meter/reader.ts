/** A bounds-checked cursor over a WebAssembly binary (core specification 3.0, chapter 5). */
import { malformed } from "./errors.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    if (offset > end || end > bytes.length) malformed("a section reaches beyond the module");
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    if (this.offset >= this.end) malformed("unexpected end");
    return this.bytes[this.offset++]!;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    byte = this.byte();
    if (byte > 0x0f) malformed("integer too large");
    return value + byte * 0x1000_0000;
  }

  /** Skips one LEB128 integer of at most 64 bits. */
  skipLeb(): void {
    for (let i = 0; i < 10; i++) if (this.byte() < 0x80) return;
    malformed("integer too long");
  }

  /** Signed LEB128 of at most 33 bits (block types, heap types). */
  s33(): number {
    let value = 0;
    for (let shift = 0, scale = 1; shift < 35; shift += 7, scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return (byte & 0x40) !== 0 ? value - scale * 128 : value;
    }
    return malformed("integer too long");
  }

  skip(count: number): void {
    if (count > this.end - this.offset) malformed("unexpected end");
    this.offset += count;
  }

  /** The next `count` bytes, as a view. */
  take(count: number): Uint8Array {
    const start = this.offset;
    this.skip(count);
    return this.bytes.subarray(start, this.offset);
  }

  name(): string {
    try {
      return UTF8.decode(this.take(this.u32()));
    } catch (error) {
      if (error instanceof TypeError) malformed("a name is not UTF-8");
      throw error;
    }
  }

  /** A vector's length; every element takes at least one byte, which bounds what a forged length can allocate. */
  count(): number {
    const count = this.u32();
    if (count > this.end - this.offset) malformed("a vector is longer than its section");
    return count;
  }
}
