/**
 * Makes the compiler's own module stoppable and bounded, the same on every machine: each function entry counts one call
 * against a budget (so that "the compile took too long" is a property of the source, not of the machine), and the memory
 * is handed in, so that its maximum is the compile's limit. Only for the trusted compiler: it assumes a valid module with
 * one memory of its own.
 *
 * WebAssembly core specification 2.0, §5.5.
 */

const SECTION = { custom: 0, import: 2, memory: 5, global: 6, export: 7, code: 10 } as const;
const HEADER_BYTES = 8;

/** Names under which the host finds what was added. */
export const CALLS_EXPORT = "dikast:calls";
export const MEMORY_IMPORT = { module: "dikast", name: "memory" } as const;

export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  /** Pages the module needs at the start. */
  readonly memoryPagesMin: number;
}

class Cursor {
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
}

function leb(value: number): number[] {
  const out: number[] = [];
  let left = value;
  do {
    const byte = left & 0x7f;
    left >>>= 7;
    out.push(left === 0 ? byte : byte | 0x80);
  } while (left !== 0);
  return out;
}

function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...leb(bytes.length), ...bytes];
}

/** @throws RangeError when the module is not what is expected of the compiler. */
export function instrument(module: Uint8Array): InstrumentedModule {
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  const cursor = new Cursor(module, HEADER_BYTES);
  let hasImports = false;
  let globals = 0;
  const section = (id: number, ...bodies: Uint8Array[]) => {
    const size = bodies.reduce((sum, body) => sum + body.length, 0);
    parts.push(Uint8Array.of(id, ...leb(size)), ...bodies);
  };
  const memory = memoryOf(module);
  while (cursor.at < module.length) {
    const id = cursor.byte();
    const size = cursor.u32();
    const start = cursor.at;
    const end = start + size;
    if (id === SECTION.import) {
      const count = cursor.u32();
      hasImports = true;
      section(
        id,
        Uint8Array.from(leb(count + 1)),
        module.subarray(cursor.at, end),
        Uint8Array.of(...name(MEMORY_IMPORT.module), ...name(MEMORY_IMPORT.name), 2, ...memory.limits),
      );
    } else if (id === SECTION.global) {
      globals = cursor.u32();
      // (global (mut i64) (i64.const 0))
      section(
        id,
        Uint8Array.from(leb(globals + 1)),
        module.subarray(cursor.at, end),
        Uint8Array.of(0x7e, 1, 0x42, 0, 0x0b),
      );
    } else if (id === SECTION.export) {
      const count = cursor.u32();
      section(
        id,
        Uint8Array.from(leb(count + 1)),
        module.subarray(cursor.at, end),
        Uint8Array.of(...name(CALLS_EXPORT), 3, ...leb(globals)),
      );
    } else if (id === SECTION.code) {
      section(id, countCalls(module.subarray(start, end), globals));
    } else if (id !== SECTION.memory && id !== SECTION.custom) {
      section(id, module.subarray(start, end));
    }
    cursor.at = end;
  }
  if (!hasImports || globals === 0) throw new RangeError("module without imports or globals");
  return { bytes: concat(parts), memoryPagesMin: memory.min };
}

function memoryOf(module: Uint8Array): { min: number; limits: number[] } {
  const cursor = new Cursor(module, HEADER_BYTES);
  while (cursor.at < module.length) {
    const id = cursor.byte();
    const size = cursor.u32();
    const end = cursor.at + size;
    if (id === SECTION.memory) {
      if (cursor.u32() !== 1) throw new RangeError("module with several memories");
      cursor.byte();
      const min = cursor.u32();
      // The host's memory may have any maximum up to the architecture's.
      return { min, limits: [1, ...leb(min), ...leb(65_536)] };
    }
    cursor.at = end;
  }
  throw new RangeError("module without a memory");
}

/** Puts `calls -= 1; if (calls < 0) trap` before every function's first instruction. */
function countCalls(code: Uint8Array, global: number): Uint8Array {
  const g = leb(global);
  const decrement = [0x23, ...g, 0x42, 0x7f, 0x7c, 0x24, ...g]; // global.get, i64.const -1, i64.add, global.set
  const isUsedUp = [0x23, ...g, 0x42, 0, 0x53]; // global.get, i64.const 0, i64.lt_s
  const trapIf = [0x04, 0x40, 0x00, 0x0b]; // if, unreachable, end
  const prelude = Uint8Array.of(...decrement, ...isUsedUp, ...trapIf);
  const cursor = new Cursor(code, 0);
  const count = cursor.u32();
  const out = new Uint8Array(code.length + count * (prelude.length + 5));
  let at = 0;
  const put = (bytes: ArrayLike<number>) => {
    out.set(bytes, at);
    at += bytes.length;
  };
  put(leb(count));
  for (let i = 0; i < count; i++) {
    const size = cursor.u32();
    const start = cursor.at;
    const end = start + size;
    for (let groups = cursor.u32(); groups > 0; groups--) {
      cursor.u32();
      cursor.byte();
    }
    put(leb(size + prelude.length));
    put(code.subarray(start, cursor.at));
    put(prelude);
    put(code.subarray(cursor.at, end));
    cursor.at = end;
  }
  return out.subarray(0, at);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
