/**
 * The parts of a WebAssembly module that the meter must understand: types, imports, and which function, global, table
 * or memory has which index. Everything it does not understand is refused, so that nothing can hide there.
 */
import { beyondBound, malformed, unsupported } from "./errors.ts";
import { Reader } from "./reader.ts";

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** A value type in the binary format; more than one byte for references to a named heap type. */
export type ValueType = Uint8Array;

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface Limits {
  readonly minimum: number;
  readonly maximum: number | undefined;
}

export interface ModuleShape {
  readonly bytes: Uint8Array;
  /** By section id; absent sections are absent. */
  readonly sections: ReadonlyMap<number, { readonly start: number; readonly end: number }>;
  readonly customSections: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly types: readonly FunctionType[];
  /** Type index of every function, imported ones first. */
  readonly functionTypes: readonly number[];
  readonly importedFunctionCount: number;
  readonly globalCount: number;
  readonly tagTypes: readonly number[];
  readonly memory: (Limits & { readonly imported: boolean }) | undefined;
  readonly exportNames: readonly string[];
  readonly startFunction: number | undefined;
}

/** Enough for Pyodide (30,000 functions) many times over; bounds what parsing allocates. */
const FUNCTIONS_MAX = 1_000_000;
const TYPES_MAX = 1_000_000;
/** V8's own limit is 10 million entries; an entry takes tens of bytes that no memory limit sees. */
export const TABLE_ENTRIES_MAX = 1_000_000;
const TABLES_MAX = 16;
export const PAGES_MAX = 65_536;

const V128 = 0x7b;

export function isVector(type: ValueType): boolean {
  return type[0] === V128;
}

export function readValueType(reader: Reader): ValueType {
  const start = reader.offset;
  const code = reader.byte();
  if (code === 0x63 || code === 0x64) readHeapType(reader);
  else if (!(code >= 0x7b && code <= 0x7f) && code !== 0x70 && code !== 0x6f && code !== 0x69)
    unsupported(`value type 0x${code.toString(16)}`);
  return reader.bytes.subarray(start, reader.offset);
}

export function readHeapType(reader: Reader): void {
  const type = reader.s33();
  // func, extern, exn and their bottom types; or a type index.
  const abstractTypes = [0x70, 0x6f, 0x69, 0x73, 0x72, 0x74].map((code) => code - 0x80);
  if (type < 0 && !abstractTypes.includes(type)) unsupported("garbage-collected types");
}

export function readLimits(reader: Reader): Limits {
  const flags = reader.byte();
  if ((flags & 0x02) !== 0) unsupported("shared memory (threads)");
  if (flags > 0x01) unsupported("64-bit memory or custom page sizes");
  const minimum = reader.u32();
  return { minimum, maximum: flags === 0x01 ? reader.u32() : undefined };
}

function readFunctionType(reader: Reader): FunctionType {
  const form = reader.byte();
  if (form !== 0x60) unsupported("garbage-collected types");
  const vector = (): ValueType[] => Array.from({ length: reader.count() }, () => readValueType(reader));
  return { params: vector(), results: vector() };
}

/**
 * Reads a module's outline. The bytes must have passed `WebAssembly.validate`; what is checked here is what the
 * meter relies on.
 * @throws MeterError
 */
export function readModuleShape(bytes: Uint8Array): ModuleShape {
  const header = new Reader(bytes);
  if (header.take(8).some((byte, i) => byte !== [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0][i])) malformed("no module header");

  const sections = new Map<number, { start: number; end: number }>();
  const customSections: { name: string; content: Uint8Array }[] = [];
  while (!header.done) {
    const id = header.byte();
    const size = header.u32();
    const start = header.offset;
    header.skip(size);
    if (id === SECTION.custom) {
      const custom = new Reader(bytes, start, header.offset);
      customSections.push({ name: custom.name(), content: bytes.subarray(custom.offset, header.offset) });
    } else if (id > SECTION.tag) unsupported(`section ${id}`);
    else if (sections.has(id)) malformed(`section ${id} twice`);
    else sections.set(id, { start, end: header.offset });
  }

  const vectorOf = <T>(id: number, read: (reader: Reader) => T): T[] => {
    const section = sections.get(id);
    if (section === undefined) return [];
    const reader = new Reader(bytes, section.start, section.end);
    const items = Array.from({ length: reader.count() }, () => read(reader));
    if (!reader.done) malformed(`section ${id} has trailing bytes`);
    return items;
  };

  const types = vectorOf(SECTION.type, readFunctionType);
  if (types.length > TYPES_MAX) beyondBound("types");
  const typeIndex = (reader: Reader): number => {
    const index = reader.u32();
    if (index >= types.length) malformed("type index");
    return index;
  };

  const functionTypes: number[] = [];
  const tagTypes: number[] = [];
  let importedGlobals = 0;
  let tables = 0;
  let memory: ModuleShape["memory"];
  const addTable = (reader: Reader): void => {
    // 0x40 announces an initializer expression; nobody's compiler uses it.
    const code = reader.bytes[reader.offset];
    if (code === 0x40) unsupported("tables with initializers");
    readValueType(reader);
    const limits = readLimits(reader);
    if (++tables > TABLES_MAX || limits.minimum > TABLE_ENTRIES_MAX) beyondBound("tables");
  };
  const addMemory = (reader: Reader, imported: boolean): void => {
    if (memory !== undefined) unsupported("several memories");
    const limits = readLimits(reader);
    if (limits.minimum > PAGES_MAX) beyondBound("memory");
    memory = { ...limits, imported };
  };
  const addTag = (reader: Reader): void => {
    reader.byte();
    tagTypes.push(typeIndex(reader));
  };

  vectorOf(SECTION.import, (reader) => {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === 0) functionTypes.push(typeIndex(reader));
    else if (kind === 1) addTable(reader);
    else if (kind === 2) addMemory(reader, true);
    else if (kind === 3) {
      readValueType(reader);
      reader.byte();
      importedGlobals++;
    } else if (kind === 4) addTag(reader);
    else unsupported(`import kind ${kind}`);
  });
  const importedFunctionCount = functionTypes.length;
  vectorOf(SECTION.function, (reader) => functionTypes.push(typeIndex(reader)));
  if (functionTypes.length > FUNCTIONS_MAX) beyondBound("functions");
  vectorOf(SECTION.table, addTable);
  vectorOf(SECTION.memory, (reader) => addMemory(reader, false));
  vectorOf(SECTION.tag, addTag);
  const globalSection = sections.get(SECTION.global);
  const definedGlobals =
    globalSection === undefined ? 0 : new Reader(bytes, globalSection.start, globalSection.end).count();
  const exportNames = vectorOf(SECTION.export, (reader) => {
    const name = reader.name();
    reader.byte();
    reader.u32();
    return name;
  });
  const startSection = sections.get(SECTION.start);

  return {
    bytes,
    sections,
    customSections,
    types,
    functionTypes,
    importedFunctionCount,
    globalCount: importedGlobals + definedGlobals,
    tagTypes,
    memory,
    exportNames,
    startFunction:
      startSection === undefined ? undefined : new Reader(bytes, startSection.start, startSection.end).u32(),
  };
}
