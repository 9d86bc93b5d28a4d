/** Puts the metered module together: every section of the original, with the meter's own items after the module's. */
import { FunctionAnalyzer } from "./analysis.ts";
import { stackNeeds } from "./call-graph.ts";
import { COST_TABLE, type CostTable } from "./cost-table.ts";
import { type EmissionContext, FunctionEmitter, growFunction, importWrapper } from "./emission.ts";
import { beyondBound, malformed, unsupported } from "./errors.ts";
import { type ModuleShape, readHeapType, readModuleShape, readValueType, SECTION } from "./module-shape.ts";
import { OP } from "./opcodes.ts";
import { type FunctionPlan, PlanBuffer } from "./plan.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** What the host finds in a metered module's exports, beside the module's own. */
export const METER_EXPORT = {
  /** i64, mutable: cost units left. Negative means out of fuel; the host may charge by lowering it. */
  fuel: "dikast.fuel",
  /** i64, mutable: bytes of call stack left; negative after a trap means that the stack was exhausted. */
  stack: "dikast.stack",
  /** i32, mutable: how many pages memory may have. */
  pagesMax: "dikast.pages-max",
  /** i32, mutable: a `STOP` reason. */
  stop: "dikast.stop",
  /** The memory, if the module has one, under a name that the module cannot choose. */
  memory: "dikast.memory",
  /** The start function, if any: to be called by the host once fuel is set. */
  start: "dikast.start",
} as const;

/** Part of the judge profile: goes up whenever the same module would be rewritten to count differently. */
export const METER_VERSION = 1;

const RESERVED_PREFIX = "dikast.";
/** Sixteen times Pyodide's module would do; bounds memory and time of metering. */
export const MODULE_BYTES_MAX = 192 * 1024 * 1024;
const METER_GLOBALS = 4;

export interface MeterOptions {
  readonly costs?: CostTable;
  /** Custom sections to keep, by name; the others (names, debug data) are dropped. */
  readonly keepCustomSections?: readonly string[];
}

export interface MeteredModule {
  readonly bytes: Uint8Array;
  /** The memory as the module declares it, in pages of 64 KiB. */
  readonly memory: { readonly minimum: number; readonly maximum: number | undefined } | undefined;
  readonly hasStart: boolean;
}

/**
 * Rewrites a module so that it counts its cost, its stack and its memory, and stops at the limits that the host sets.
 *
 * The host instantiates the result, sets the globals of `METER_EXPORT`, and calls what it likes; a run out of fuel or
 * stack ends in a trap (`WebAssembly.RuntimeError`), which no code inside of the module can catch.
 * @throws MeterError when the module is invalid or uses what is not allowed (threads, relaxed SIMD, 64-bit memory,
 *   several memories, garbage-collected types, names that start with `dikast.`).
 */
export function meterModule(bytes: Uint8Array, options: MeterOptions = {}): MeteredModule {
  const costs = options.costs ?? COST_TABLE;
  if (bytes.length > MODULE_BYTES_MAX) beyondBound("module size");
  const shape = readModuleShape(bytes);
  if (shape.exportNames.some((name) => name.startsWith(RESERVED_PREFIX))) unsupported("an export with a reserved name");

  const plans = new PlanBuffer();
  const functions = analyzeFunctions(shape, plans, costs);
  // After our own reading, which names what is not allowed more clearly than the engine does.
  if (!WebAssembly.validate(bytes)) malformed("it does not validate");

  const types = new TypeAdditions(shape);
  const needs = stackNeeds(functions, shape.importedFunctionCount);
  const firstAdded = shape.functionTypes.length;
  const hasMemory = shape.memory !== undefined;
  const context: EmissionContext = {
    shape,
    plans,
    costs,
    indices: {
      fuelGlobal: shape.globalCount,
      stackGlobal: shape.globalCount + 1,
      pagesMaxGlobal: shape.globalCount + 2,
      stopGlobal: shape.globalCount + 3,
      growFunction: firstAdded,
      firstWrapper: firstAdded + (hasMemory ? 1 : 0),
    },
    blockTypeOf: (typeIndex) => types.resultsOnly(typeIndex),
    tracked: (index) => needs[index - shape.importedFunctionCount] === Infinity,
  };

  const added: { typeIndex: number; body: Uint8Array }[] = [];
  if (hasMemory) added.push({ typeIndex: types.grow(), body: growFunction(context) });
  for (let i = 0; i < shape.importedFunctionCount; i++) {
    const typeIndex = shape.functionTypes[i]!;
    added.push({ typeIndex, body: importWrapper(shape.types[typeIndex]!, i, context) });
  }
  const code = codeSection(functions, added, context);

  const sections = new Map<number, Uint8Array>();
  for (const [id, { start, end }] of shape.sections) sections.set(id, bytes.subarray(start, end));
  const redirect = (index: number): number => {
    if (index >= shape.functionTypes.length) malformed("function index");
    return index < shape.importedFunctionCount ? context.indices.firstWrapper + index : index;
  };
  sections.set(SECTION.type, types.section(sections.get(SECTION.type)));
  sections.set(
    SECTION.function,
    appendToVector(sections.get(SECTION.function), added.length, (out) => {
      for (const { typeIndex } of added) out.u32(typeIndex);
    }),
  );
  sections.set(SECTION.global, globalSection(sections.get(SECTION.global), redirect));
  sections.set(SECTION.export, exportSection(shape, sections.get(SECTION.export), context, redirect));
  const elements = sections.get(SECTION.element);
  if (elements !== undefined) sections.set(SECTION.element, elementSection(elements, redirect));
  sections.set(SECTION.code, code);
  sections.delete(SECTION.start);

  const out = new Writer(bytes.length * 2);
  out.raw(bytes.subarray(0, 8));
  const kept = new Set(options.keepCustomSections ?? []);
  for (const custom of shape.customSections) {
    if (!kept.has(custom.name)) continue;
    const content = new Writer(custom.content.length + 64);
    content.name(custom.name);
    content.raw(custom.content);
    out.section(SECTION.custom, content.view());
  }
  for (const id of SECTION_ORDER) {
    const content = sections.get(id);
    if (content !== undefined) out.section(id, content);
  }
  return {
    bytes: out.finish(),
    memory: shape.memory && { minimum: shape.memory.minimum, maximum: shape.memory.maximum },
    hasStart: shape.startFunction !== undefined,
  };
}

const SECTION_ORDER = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];

function analyzeFunctions(shape: ModuleShape, plans: PlanBuffer, costs: CostTable): FunctionPlan[] {
  const analyzer = new FunctionAnalyzer({ shape, plans, costs });
  const section = shape.sections.get(SECTION.code);
  const defined = shape.functionTypes.length - shape.importedFunctionCount;
  if (section === undefined) {
    if (defined !== 0) malformed("functions without code");
    return [];
  }
  const reader = new Reader(shape.bytes, section.start, section.end);
  if (reader.count() !== defined) malformed("functions and bodies differ in number");
  const functions: FunctionPlan[] = [];
  for (let i = 0; i < defined; i++) {
    const size = reader.u32();
    const start = reader.offset;
    reader.skip(size);
    functions.push(analyzer.analyze(shape.functionTypes[shape.importedFunctionCount + i]!, start, reader.offset));
  }
  return functions;
}

function codeSection(
  functions: readonly FunctionPlan[],
  added: readonly { readonly body: Uint8Array }[],
  context: EmissionContext,
): Uint8Array {
  const out = new Writer(context.shape.bytes.length * 2);
  const emitter = new FunctionEmitter(context);
  out.u32(functions.length + added.length);
  functions.forEach((plan, i) => out.block(emitter.emit(context.shape.importedFunctionCount + i, plan)));
  for (const { body } of added) out.block(body);
  return out.view();
}

/** Function types that the meter adds: one per kind of block result, and the grow function's. */
class TypeAdditions {
  readonly #shape: ModuleShape;
  readonly #added: Uint8Array[] = [];
  readonly #byOriginal = new Map<number, number>();

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

  grow(): number {
    const i32 = Uint8Array.of(0x7f);
    return this.#add([i32], [i32]);
  }

  section(original: Uint8Array | undefined): Uint8Array {
    return appendToVector(original, this.#added.length, (out) => {
      for (const type of this.#added) out.raw(type);
    });
  }
}

/** A section that is a vector, with more items at its end. */
function appendToVector(section: Uint8Array | undefined, more: number, write: (out: Writer) => void): Uint8Array {
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
function copyConstantExpression(reader: Reader, out: Writer, redirect: (index: number) => number): void {
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

function globalSection(section: Uint8Array | undefined, redirect: (index: number) => number): Uint8Array {
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

const EXTERNAL = { function: 0, memory: 2, global: 3 } as const;

function exportSection(
  shape: ModuleShape,
  section: Uint8Array | undefined,
  { indices }: EmissionContext,
  redirect: (index: number) => number,
): Uint8Array {
  const reader = new Reader(section ?? Uint8Array.of(0));
  const ours: [name: string, kind: number, index: number][] = [
    [METER_EXPORT.fuel, EXTERNAL.global, indices.fuelGlobal],
    [METER_EXPORT.stack, EXTERNAL.global, indices.stackGlobal],
    [METER_EXPORT.pagesMax, EXTERNAL.global, indices.pagesMaxGlobal],
    [METER_EXPORT.stop, EXTERNAL.global, indices.stopGlobal],
  ];
  if (shape.memory !== undefined) ours.push([METER_EXPORT.memory, EXTERNAL.memory, 0]);
  if (shape.startFunction !== undefined)
    ours.push([METER_EXPORT.start, EXTERNAL.function, redirect(shape.startFunction)]);
  const out = new Writer(reader.bytes.length + 256);
  const count = reader.count();
  out.u32(count + ours.length);
  for (let i = 0; i < count; i++) {
    const start = reader.offset;
    reader.skip(reader.u32());
    const kind = reader.byte();
    out.range(reader.bytes, start, reader.offset);
    const index = reader.u32();
    out.u32(kind === EXTERNAL.function ? redirect(index) : index);
  }
  for (const [name, kind, index] of ours) {
    out.name(name);
    out.byte(kind);
    out.u32(index);
  }
  return out.finish();
}

/** Element segments, in all eight forms of §5.5.12. */
function elementSection(section: Uint8Array, redirect: (index: number) => number): Uint8Array {
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
