/** Puts the metered module together: every section of the original, with the meter's own items after the module's. */
import { type AnalysisContext, FunctionAnalyzer } from "./analysis.ts";
import { stackNeeds } from "./call-graph.ts";
import { COST_TABLE, type CostTable } from "./cost-table.ts";
import { canonicalFunction, growFunction, importWrapper } from "./added-functions.ts";
import { lookFunction } from "./cache-model.ts";
import { type Convention, conventionOf } from "./conventions.ts";
import { type EmissionContext, FunctionEmitter } from "./emission.ts";
import { beyondBound, malformed, unsupported } from "./errors.ts";
import { inlineRecursion } from "./inlining.ts";
import { type ModuleShape, readModuleShape, SECTION } from "./module-shape.ts";
import { type FunctionPlan, PlanBuffer } from "./plan.ts";
import { Reader } from "./reader.ts";
import {
  type AddedExport,
  elementSection,
  EXTERNAL,
  exportSection,
  globalSection,
  memorySection,
  type Redirect,
  tableSection,
  TypeAdditions,
} from "./sections.ts";
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
export const METER_VERSION = 10;

const RESERVED_PREFIX = "dikast.";
/** Sixteen times Pyodide's module would do; bounds memory and time of metering. */
export const MODULE_BYTES_MAX = 192 * 1024 * 1024;

export interface MeterOptions {
  readonly costs?: CostTable;
  /**
   * Charge accesses that wait for memory by a model of caches (default). The model starts empty with each instance: without
   * it where instances are used again.
   */
  readonly caches?: boolean;
  /** Copy small functions that call themselves into themselves (default). */
  readonly copies?: boolean;
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
export function meterModule(original: Uint8Array, options: MeterOptions = {}): MeteredModule {
  const costs = options.costs ?? COST_TABLE;
  if (original.length > MODULE_BYTES_MAX) beyondBound("module size");
  const valid = WebAssembly.validate(original);
  const bytes = valid && (options.copies ?? true) ? inlineRecursion(original) : original;
  const shape = readModuleShape(bytes);
  if (shape.exportNames.some((name) => name.startsWith(RESERVED_PREFIX))) unsupported("an export with a reserved name");

  const sections = new Map<number, Uint8Array>();
  for (const [id, { start, end }] of shape.sections) sections.set(id, bytes.subarray(start, end));
  const addressTaken = findAddressTaken(shape, sections);
  const plans = new PlanBuffer();
  const functions = analyzeFunctions({ shape, plans, costs, addressTaken, caches: options.caches ?? true });
  // After our own reading, which names what is not allowed more clearly than the engine does.
  if (!valid) malformed("it does not validate");

  const types = new TypeAdditions(shape);
  const context = emissionContext({ shape, plans, costs, functions, types, addressTaken });
  const code = writeCode(functions, types, context);
  const redirect = (index: number): number =>
    index < shape.importedFunctionCount ? context.indices.firstWrapper + index : index;
  const tables = sections.get(SECTION.table);
  if (tables !== undefined) sections.set(SECTION.table, tableSection(tables));
  if (plans.looks) sections.set(SECTION.memory, memorySection(sections.get(SECTION.memory)));
  sections.set(SECTION.function, code.functionSection);
  sections.set(SECTION.global, globalSection(sections.get(SECTION.global), redirect));
  sections.set(SECTION.export, exportSection(sections.get(SECTION.export), addedExports(context, redirect), redirect));
  const elements = sections.get(SECTION.element);
  if (elements !== undefined) sections.set(SECTION.element, elementSection(elements, redirect));
  sections.set(SECTION.code, code.codeSection);
  sections.set(SECTION.type, types.section(sections.get(SECTION.type)));
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
    if (id === SECTION.code) out.section(SECTION.custom, code.hintSection);
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

/** Functions that may be called otherwise than by `call`; those that `return_call` names join them during analysis. */
function findAddressTaken(shape: ModuleShape, sections: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const taken = new Uint8Array(shape.functionTypes.length);
  const mark = (index: number): number => {
    if (index >= taken.length) malformed("function index");
    taken[index] = 1;
    return index;
  };
  globalSection(sections.get(SECTION.global), mark);
  exportSection(sections.get(SECTION.export), [], mark);
  const elements = sections.get(SECTION.element);
  if (elements !== undefined) elementSection(elements, mark);
  if (shape.startFunction !== undefined) mark(shape.startFunction);
  return taken;
}

function analyzeFunctions(context: AnalysisContext): FunctionPlan[] {
  const { shape } = context;
  const analyzer = new FunctionAnalyzer(context);
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
    functions.push(analyzer.analyze(shape.importedFunctionCount + i, start, reader.offset));
  }
  return functions;
}

interface Analyzed {
  readonly shape: ModuleShape;
  readonly plans: PlanBuffer;
  readonly costs: CostTable;
  readonly functions: readonly FunctionPlan[];
  readonly types: TypeAdditions;
  readonly addressTaken: Uint8Array;
}

function emissionContext({ shape, plans, costs, functions, types, addressTaken }: Analyzed): EmissionContext {
  const imported = shape.importedFunctionCount;
  const needs = stackNeeds(functions, imported);
  const conventions = functions.map((plan, i) =>
    conventionOf(plan, shape.types[plan.typeIndex]!, addressTaken[imported + i] === 1),
  );
  const entryCosts = functions.map((plan, i) =>
    conventions[i] === "register" ? plans.regionCosts[plan.entryRegion]! : 0,
  );
  plans.chargeCallers((index) => entryCosts[index - imported]!);
  const firstAdded = shape.functionTypes.length;
  const firstLook = firstAdded + (shape.memory === undefined ? 0 : 1);
  const firstCanonical = firstLook + (plans.looks ? 2 : 0);
  return {
    shape,
    plans,
    costs,
    indices: {
      fuelGlobal: shape.globalCount,
      stackGlobal: shape.globalCount + 1,
      pagesMaxGlobal: shape.globalCount + 2,
      stopGlobal: shape.globalCount + 3,
      growFunction: firstAdded,
      firstLook,
      firstCanonical,
      firstWrapper: firstCanonical + plans.canonicalHelpers.length,
    },
    blockTypeOf: (typeIndex) => types.resultsOnly(typeIndex),
    tracked: (index) => index < imported || needs[index - imported] === Infinity,
    chargedByCallers: (index) => entryCosts[index - imported]!,
    convention: (index): Convention => conventions[index - imported] ?? "memory",
  };
}

interface WrittenCode {
  readonly functionSection: Uint8Array;
  readonly codeSection: Uint8Array;
  /** Which branches are unlikely, as the branch hinting proposal lays it down. */
  readonly hintSection: Uint8Array;
}

function writeCode(functions: readonly FunctionPlan[], types: TypeAdditions, context: EmissionContext): WrittenCode {
  const { shape } = context;
  const typeIndices = new Writer(functions.length * 2 + 256);
  const code = new Writer(shape.bytes.length * 2);
  const hints = new Writer();
  const emitter = new FunctionEmitter(context);
  const added: { readonly typeIndex: number; readonly body: Uint8Array }[] = [];
  if (shape.memory !== undefined) added.push({ typeIndex: types.grow(), body: growFunction(context) });
  if (context.plans.looks)
    for (const costs of [context.costs.scattered, context.costs.chained])
      added.push({ typeIndex: types.look(), body: lookFunction(costs) });
  for (const helper of context.plans.canonicalHelpers)
    added.push({ typeIndex: types.canonical(helper.stores + helper.others), body: canonicalFunction(helper) });
  for (let i = 0; i < shape.importedFunctionCount; i++) {
    const typeIndex = shape.functionTypes[i]!;
    added.push({ typeIndex, body: importWrapper(shape.types[typeIndex]!, i, context) });
  }
  typeIndices.u32(functions.length + added.length);
  code.u32(functions.length + added.length);
  let hinted = 0;
  functions.forEach((plan, i) => {
    const index = shape.importedFunctionCount + i;
    const inRegisters = context.convention(index) === "register";
    typeIndices.u32(inRegisters ? types.register(plan.typeIndex, context.tracked(index)) : plan.typeIndex);
    code.block(emitter.emit(index, plan));
    const { unlikelyBranches } = emitter;
    if (unlikelyBranches.length === 0) return;
    hinted++;
    hints.u32(index);
    hints.u32(unlikelyBranches.length);
    // Each hint is one byte long: 0, unlikely.
    for (const offset of unlikelyBranches) {
      hints.u32(offset);
      hints.ops(1, 0);
    }
  });
  for (const { typeIndex, body } of added) {
    typeIndices.u32(typeIndex);
    code.block(body);
  }
  const hintSection = new Writer(hints.length + 64);
  hintSection.name("metadata.code.branch_hint");
  hintSection.u32(hinted);
  hintSection.raw(hints.view());
  return {
    functionSection: typeIndices.finish(),
    codeSection: code.view(),
    hintSection: hintSection.finish(),
  };
}

function addedExports({ shape, indices }: EmissionContext, redirect: Redirect): readonly AddedExport[] {
  const added: AddedExport[] = [
    { name: METER_EXPORT.fuel, kind: EXTERNAL.global, index: indices.fuelGlobal },
    { name: METER_EXPORT.stack, kind: EXTERNAL.global, index: indices.stackGlobal },
    { name: METER_EXPORT.pagesMax, kind: EXTERNAL.global, index: indices.pagesMaxGlobal },
    { name: METER_EXPORT.stop, kind: EXTERNAL.global, index: indices.stopGlobal },
  ];
  if (shape.memory !== undefined) added.push({ name: METER_EXPORT.memory, kind: EXTERNAL.memory, index: 0 });
  if (shape.startFunction !== undefined)
    added.push({ name: METER_EXPORT.start, kind: EXTERNAL.function, index: redirect(shape.startFunction) });
  return added;
}
