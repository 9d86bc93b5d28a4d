/** Sections that the meter writes anew: with its own items after the module's, and functions redirected. */
import { unsupported } from "./errors.ts";
import { type ModuleShape, readHeapType, readLimits, readValueType, TABLE_ENTRIES_MAX } from "./module-shape.ts";
import { OP } from "./opcodes.ts";
import { Reader } from "./reader.ts";
import { TYPE } from "./snippets.ts";
import { Writer } from "./writer.ts";

/** From a function's index to the one that is named in its place. */
export type Redirect = (functionIndex: number) => number;

/** fuel, stack, pages-max, stop. */
export const METER_GLOBALS = 4;

/** Function types that the meter adds: one per kind of block result, and the grow function's. */
export class TypeAdditions {
  readonly #shape: ModuleShape;
  readonly #added: Uint8Array[] = [];
  readonly #byOriginal = new Map<number, number>();
  readonly #registers = new Map<number, number>();

  constructor(shape: ModuleShape) {
    this.#shape = shape;
  }

  #add(params: readonly Uint8Array[], results: readonly Uint8Array[]): number {
    const out = new Writer(16);
    out.byte(0x60);
    for (const vector of [params, results]) {
      out.u32(vector.length);
      for (const type of vector) out.raw(type);
    }
    this.#added.push(out.finish());
    return this.#shape.types.length + this.#added.length - 1;
  }

  /** A type without parameters and with the results of type `typeIndex`. */
  resultsOnly(typeIndex: number): number {
    const known = this.#byOriginal.get(typeIndex);
    if (known !== undefined) return known;
    const index = this.#add([], this.#shape.types[typeIndex]!.results);
    this.#byOriginal.set(typeIndex, index);
    return index;
  }

  /** Type `typeIndex` with fuel as a last parameter and result, and the stack as one more parameter if it is counted. */
  register(typeIndex: number, tracked: boolean): number {
    const key = typeIndex * 2 + (tracked ? 1 : 0);
    const known = this.#registers.get(key);
    if (known !== undefined) return known;
    const { params, results } = this.#shape.types[typeIndex]!;
    const i64 = Uint8Array.of(TYPE.i64);
    const index = this.#add([...params, i64, ...(tracked ? [i64] : [])], [...results, i64]);
    this.#registers.set(key, index);
    return index;
  }

  grow(): number {
    const i32 = Uint8Array.of(0x7f);
    return this.#add([i32], [i32]);
  }

  /** Of the functions that make what lies at addresses canonical. */
  canonical(addresses: number): number {
    return this.#add(
      Array.from({ length: addresses }, () => Uint8Array.of(TYPE.i32)),
      [],
    );
  }

  /** Of the functions that look lines up. */
  look(): number {
    const [i32, i64] = [Uint8Array.of(TYPE.i32), Uint8Array.of(TYPE.i64)];
    return this.#add([i32, i64], [i64]);
  }

  section(original: Uint8Array | undefined): Uint8Array {
    return appendToVector(original, this.#added.length, (out) => {
      for (const type of this.#added) out.raw(type);
    });
  }
}

/** A section that is a vector, with more items at its end. */
export function appendToVector(
  section: Uint8Array | undefined,
  more: number,
  write: (out: Writer) => void,
): Uint8Array {
  const out = new Writer((section?.length ?? 0) + 256);
  if (section === undefined) out.u32(more);
  else {
    const reader = new Reader(section);
    out.u32(reader.u32() + more);
    out.raw(section.subarray(reader.offset));
  }
  write(out);
  return out.finish();
}

/** Copies a constant expression; functions it names are redirected. */
function copyConstantExpression(reader: Reader, out: Writer, redirect: Redirect): void {
  for (;;) {
    const start = reader.offset;
    const opcode = reader.byte();
    switch (opcode) {
      case OP.end:
        out.byte(opcode);
        return;
      case OP.refFunc:
        out.byte(opcode);
        out.u32(redirect(reader.u32()));
        continue;
      case OP.i32Const:
      case OP.i64Const:
      case OP.globalGet:
        reader.skipLeb();
        break;
      case OP.f32Const:
        reader.skip(4);
        break;
      case OP.f64Const:
        reader.skip(8);
        break;
      case OP.refNull:
        readHeapType(reader);
        break;
      case OP.prefixVector:
        reader.u32();
        reader.skip(16);
        break;
      // Extended constant expressions: add, sub, mul of both integer types.
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case OP.i64Add:
      case OP.i64Sub:
      case OP.i64Mul:
        break;
      default:
        unsupported(`constant instruction 0x${opcode.toString(16)}`);
    }
    out.range(reader.bytes, start, reader.offset);
  }
}

/** With one more memory of one page. */
export function memorySection(section: Uint8Array | undefined): Uint8Array {
  return appendToVector(section, 1, (out) => out.ops(1, 1, 1));
}

export function globalSection(section: Uint8Array | undefined, redirect: Redirect): Uint8Array {
  const reader = new Reader(section ?? Uint8Array.of(0));
  const out = new Writer(reader.bytes.length + 64);
  const count = reader.count();
  out.u32(count + METER_GLOBALS);
  for (let i = 0; i < count; i++) {
    const start = reader.offset;
    readValueType(reader);
    reader.byte();
    out.range(reader.bytes, start, reader.offset);
    copyConstantExpression(reader, out, redirect);
  }
  // fuel, stack: mutable i64; pages-max, stop: mutable i32.
  for (let i = 0; i < 2; i++) out.ops(0x7e, 1, OP.i64Const, 0, OP.end);
  for (let i = 0; i < 2; i++) out.ops(0x7f, 1, OP.i32Const, 0, OP.end);
  return out.finish();
}

export const EXTERNAL = { function: 0, memory: 2, global: 3 } as const;

export interface AddedExport {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export function exportSection(
  section: Uint8Array | undefined,
  added: readonly AddedExport[],
  redirect: Redirect,
): Uint8Array {
  const reader = new Reader(section ?? Uint8Array.of(0));
  const out = new Writer(reader.bytes.length + 256);
  const count = reader.count();
  out.u32(count + added.length);
  for (let i = 0; i < count; i++) {
    const start = reader.offset;
    reader.skip(reader.u32());
    const kind = reader.byte();
    out.range(reader.bytes, start, reader.offset);
    const index = reader.u32();
    out.u32(kind === EXTERNAL.function ? redirect(index) : index);
  }
  for (const { name, kind, index } of added) {
    out.name(name);
    out.byte(kind);
    out.u32(index);
  }
  return out.finish();
}

/** Tables, with a maximum that bounds what the engine may hold for them: no memory limit sees it. */
export function tableSection(section: Uint8Array): Uint8Array {
  const reader = new Reader(section);
  const out = new Writer(section.length + 64);
  const count = reader.count();
  out.u32(count);
  for (let i = 0; i < count; i++) {
    out.raw(readValueType(reader));
    const { minimum, maximum } = readLimits(reader);
    out.byte(1);
    out.u32(minimum);
    out.u32(Math.min(maximum ?? TABLE_ENTRIES_MAX, TABLE_ENTRIES_MAX));
  }
  return out.finish();
}

/** Element segments, in all eight forms of §5.5.12. */
export function elementSection(section: Uint8Array, redirect: Redirect): Uint8Array {
  const reader = new Reader(section);
  const out = new Writer(section.length * 2);
  const count = reader.count();
  out.u32(count);
  for (let i = 0; i < count; i++) {
    const flags = reader.u32();
    if (flags > 7) unsupported("element segment");
    const passive = (flags & 1) !== 0;
    const explicit = (flags & 2) !== 0;
    const expressions = (flags & 4) !== 0;
    out.u32(flags);
    if (!passive) {
      if (explicit) out.u32(reader.u32());
      copyConstantExpression(reader, out, redirect);
    }
    if (passive || explicit) {
      const start = reader.offset;
      if (expressions) readValueType(reader);
      else reader.byte();
      out.range(section, start, reader.offset);
    }
    const items = reader.count();
    out.u32(items);
    for (let item = 0; item < items; item++)
      if (expressions) copyConstantExpression(reader, out, redirect);
      else out.u32(redirect(reader.u32()));
  }
  return out.finish();
}
