/**
 * Makes a trusted interpreter's module lighter to instantiate: exports that nobody uses cost a wrapper each, and data
 * that a snapshot overwrites need not be copied first. Not for modules of contestants: it validates nothing.
 *
 * WebAssembly core specification 2.0, §5.5.
 */

const SECTION = { custom: 0, export: 7, data: 11, dataCount: 12 } as const;
const HEADER_BYTES = 8;

export interface Slimming {
  readonly keepExport: (name: string) => boolean;
  /** Leaves out all data segments; only for modules without passive ones. */
  readonly dropData: boolean;
}

/** @throws RangeError when the module is cut short. */
export function slim(module: Uint8Array, slimming: Slimming): Uint8Array {
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  const cursor = new Cursor(module, HEADER_BYTES);
  while (cursor.offset < module.length) {
    const start = cursor.offset;
    const id = cursor.byte();
    const size = cursor.u32();
    const end = cursor.offset + size;
    const isData = id === SECTION.data || id === SECTION.dataCount;
    if (id === SECTION.export) parts.push(...exportSection(cursor, slimming.keepExport));
    else if (id !== SECTION.custom && !(isData && slimming.dropData)) parts.push(module.subarray(start, end));
    cursor.offset = end;
  }
  return Buffer.concat(parts);
}

function exportSection(cursor: Cursor, keep: (name: string) => boolean): Uint8Array[] {
  const kept: Uint8Array[] = [];
  for (let left = cursor.u32(); left > 0; left -= 1) {
    const start = cursor.offset;
    const name = cursor.name();
    cursor.byte();
    cursor.u32();
    if (keep(name)) kept.push(cursor.module.subarray(start, cursor.offset));
  }
  const body = Buffer.concat([leb128(kept.length), ...kept]);
  return [Uint8Array.of(SECTION.export), leb128(body.length), body];
}

class Cursor {
  readonly module: Uint8Array;
  offset: number;

  constructor(module: Uint8Array, offset: number) {
    this.module = module;
    this.offset = offset;
  }

  byte(): number {
    const value = this.module[this.offset];
    if (value === undefined) throw new RangeError("module cut short");
    this.offset += 1;
    return value;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  name(): string {
    const length = this.u32();
    const bytes = this.module.subarray(this.offset, this.offset + length);
    this.offset += length;
    return new TextDecoder().decode(bytes);
  }
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 127;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
