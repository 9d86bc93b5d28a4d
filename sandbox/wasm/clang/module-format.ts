/** WebAssembly's binary format, as far as reading and writing the compiler's own module needs it (core specification 2.0, §5). */

export const HEADER_BYTES = 8;
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
} as const;
export type SectionName = keyof typeof SECTION;

const IMPORTED_FUNCTION = 0;
/** For table 0, at an offset, by indexes. */
const PLAIN_SEGMENT = 0;
const END = 0x0b;

export class Cursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError("module cut short");
    return value;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  skipLeb(): void {
    while (this.byte() >= 0x80);
  }

  /** A vector of one-byte items: how many there were. */
  skipBytes(): number {
    const count = this.u32();
    this.at += count;
    return count;
  }
}

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const out: number[] = [];
  let left = value;
  do {
    const byte = left & 0x7f;
    left >>>= 7;
    out.push(left === 0 ? byte : byte | 0x80);
  } while (left !== 0);
  return out;
}

/** Signed LEB128 of a number that is not negative. */
export function signedLeb(value: number): number[] {
  const out = leb(value);
  const last = out.pop() ?? 0;
  return last < 0x40 ? [...out, last] : [...out, last | 0x80, 0];
}

/** Where a section's content lies in the module. */
export interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export function sectionsOf(module: Uint8Array): readonly Section[] {
  const cursor = new Cursor(module, HEADER_BYTES);
  const sections: Section[] = [];
  while (cursor.at < module.length) {
    const id = cursor.byte();
    const size = cursor.u32();
    sections.push({ id, start: cursor.at, end: cursor.at + size });
    cursor.skip(size);
  }
  return sections;
}

/** @throws RangeError when there is no such section. */
export function cursorAt(module: Uint8Array, section: SectionName): Cursor {
  const found = sectionsOf(module).find(({ id }) => id === SECTION[section]);
  if (found === undefined) throw new RangeError(`module without a section of ${section}s`);
  return new Cursor(module, found.start);
}

/** @throws RangeError when anything else is imported. */
export function importedFunctions(module: Uint8Array): number {
  const cursor = cursorAt(module, "import");
  const count = cursor.u32();
  for (let i = 0; i < count; i++) {
    cursor.skipBytes();
    cursor.skipBytes();
    if (cursor.byte() !== IMPORTED_FUNCTION) throw new RangeError("module that imports more than functions");
    cursor.skipLeb();
  }
  return count;
}

/** Indexes of functions that the table begins with, and so may be called through it. @throws RangeError on other segments. */
export function tableFunctions(module: Uint8Array): ReadonlySet<number> {
  const found = new Set<number>();
  if (!sectionsOf(module).some(({ id }) => id === SECTION.element)) return found;
  const cursor = cursorAt(module, "element");
  for (let segments = cursor.u32(); segments > 0; segments--) {
    if (cursor.u32() !== PLAIN_SEGMENT) throw new RangeError("module with unusual element segments");
    // i32.const, offset
    cursor.skip(1);
    cursor.skipLeb();
    if (cursor.byte() !== END) throw new RangeError("module with a computed place in its table");
    for (let count = cursor.u32(); count > 0; count--) found.add(cursor.u32());
  }
  return found;
}
