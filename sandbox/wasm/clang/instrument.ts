/**
 * Makes the compiler's own module stoppable and bounded, the same on every machine: function entries, rounds of loops and
 * moved memory are counted as steps against a budget (so that "the compile took too long" is a property of the source, not
 * of the machine), and the memory is handed in, so that its maximum is the compile's limit. Only for the trusted compiler:
 * it assumes a valid module with one memory of its own.
 *
 * WebAssembly core specification 2.0, §5.5.
 */
import { REPLACED_BYTES, type Site, type SiteKind, skipLocals } from "./counting-sites.ts";
import { Cursor, cursorAt, HEADER_BYTES, importedFunctions, leb, SECTION, sectionsOf } from "./module-format.ts";

/** Of what is counted and how: machine code and results of one version serve no other. */
export const INSTRUMENT_VERSION = 2;

/** Names under which the host finds what was added. */
export const STEPS_EXPORT = "dikast:steps";
export const MEMORY_IMPORT = { module: "dikast", name: "memory" } as const;

/** On average 25 ns pass between two calls, and 6 ns are what a round of a loop without calls takes at most times. */
const STEPS_PER_CALL = 4;
const STEPS_PER_ROUND = 1;
/** 64 bytes. */
const MOVED_BYTES_PER_STEP_LOG2 = 6;

export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  /** Pages the module needs at the start. */
  readonly memoryPagesMin: number;
}

function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...leb(bytes.length), ...bytes];
}

/**
 * @param sites of this module.
 * @throws RangeError when the module is not what is expected of the compiler.
 */
export function instrument(module: Uint8Array, sites: readonly Site[]): InstrumentedModule {
  const memory = memoryOf(module);
  const added = addedCode(module);
  const additions: Readonly<Record<number, readonly [count: number, bytes: readonly number[]]>> = {
    [SECTION.type]: [1, added.type],
    [SECTION.import]: [1, [...name(MEMORY_IMPORT.module), ...name(MEMORY_IMPORT.name), 2, ...memory.limits]],
    [SECTION.function]: [2, [...added.typeIndex, ...added.typeIndex]],
    // (global (mut i64) (i64.const 0))
    [SECTION.global]: [1, [0x7e, 1, 0x42, 0, 0x0b]],
    [SECTION.export]: [1, [...name(STEPS_EXPORT), 3, ...added.global]],
  };
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  const section = (id: number, ...bodies: Uint8Array[]) => {
    const size = bodies.reduce((sum, body) => sum + body.length, 0);
    parts.push(Uint8Array.of(id, ...leb(size)), ...bodies);
  };
  for (const { id, start, end } of sectionsOf(module)) {
    const addition = additions[id];
    if (addition !== undefined) {
      const cursor = new Cursor(module, start);
      const count = cursor.u32() + addition[0];
      section(id, Uint8Array.from(leb(count)), module.subarray(cursor.at, end), Uint8Array.from(addition[1]));
    } else if (id === SECTION.code) section(id, countSteps(module.subarray(0, end), start, sites, added));
    else if (id !== SECTION.memory && id !== SECTION.custom) section(id, module.subarray(start, end));
  }
  return { bytes: concat(parts), memoryPagesMin: memory.min };
}

function memoryOf(module: Uint8Array): { min: number; limits: number[] } {
  const cursor = cursorAt(module, "memory");
  if (cursor.u32() !== 1) throw new RangeError("module with several memories");
  cursor.byte();
  const min = cursor.u32();
  // The host's memory may have any maximum up to the architecture's.
  return { min, limits: [1, ...leb(min), ...leb(65_536)] };
}

interface AddedCode {
  /** (func (param i32 i32 i32)) */
  readonly type: readonly number[];
  readonly typeIndex: readonly number[];
  /** Index of the global that holds what is left. */
  readonly global: readonly number[];
  readonly atFunctionEntry: Uint8Array;
  /** Takes the place of the site's instruction, or comes before the loop's first. */
  readonly atSite: Readonly<Record<SiteKind, Uint8Array>>;
  /** Bodies of the functions that charge for moved memory. */
  readonly functions: readonly (readonly number[])[];
}

function addedCode(module: Uint8Array): AddedCode {
  const global = leb(cursorAt(module, "global").u32());
  const get = [0x23, ...global];
  const set = [0x24, ...global];
  const trapIfUsedUp = [...get, 0x42, 0, 0x53, 0x04, 0x40, 0x00, 0x0b]; // i64.const 0, i64.lt_s, if, unreachable, end
  const spend = (steps: number) => [...get, 0x42, 0x80 - steps, 0x7c, ...set, ...trapIfUsedUp]; // i64.const -steps, i64.add
  // local.get 2, i32.const, i32.shr_u, i64.extend_i32_u, i64.sub
  const spendForBytes = [...get, 0x20, 2, 0x41, MOVED_BYTES_PER_STEP_LOG2, 0x76, 0xad, 0x7d, ...set, ...trapIfUsedUp];
  const operands = [0x20, 0, 0x20, 1, 0x20, 2];
  const moving = (instruction: readonly number[]) => [0, ...spendForBytes, ...operands, ...instruction, 0x0b];
  const copying = importedFunctions(module) + cursorAt(module, "function").u32();
  return {
    type: [0x60, 3, 0x7f, 0x7f, 0x7f, 0],
    typeIndex: leb(cursorAt(module, "type").u32()),
    global,
    atFunctionEntry: Uint8Array.from(spend(STEPS_PER_CALL)),
    atSite: {
      loop: Uint8Array.from(spend(STEPS_PER_ROUND)),
      copy: Uint8Array.of(0x10, ...leb(copying)),
      fill: Uint8Array.of(0x10, ...leb(copying + 1)),
    },
    functions: [moving([0xfc, 10, 0, 0]), moving([0xfc, 11, 0])],
  };
}

function countSteps(module: Uint8Array, codeStart: number, sites: readonly Site[], added: AddedCode): Uint8Array {
  const cursor = new Cursor(module, codeStart);
  const count = cursor.u32();
  const { atFunctionEntry, atSite, functions } = added;
  const growth = count * (atFunctionEntry.length + 5) + sites.length * atSite.loop.length + 200;
  const out = new Uint8Array(module.length - codeStart + growth);
  let at = 0;
  const put = (bytes: ArrayLike<number>) => {
    out.set(bytes, at);
    at += bytes.length;
  };
  put(leb(count + functions.length));
  let next = 0;
  for (let i = 0; i < count; i++) {
    const size = cursor.u32();
    const start = cursor.at;
    const end = start + size;
    skipLocals(cursor);
    let newSize = size + atFunctionEntry.length;
    let last = next;
    for (let site = sites[last]; site !== undefined && site.at < end; site = sites[++last])
      newSize += atSite[site.kind].length - REPLACED_BYTES[site.kind];
    put(leb(newSize));
    put(module.subarray(start, cursor.at));
    put(atFunctionEntry);
    let from = cursor.at;
    for (; next < last; next++) {
      const site = sites[next] as Site;
      put(module.subarray(from, site.at));
      put(atSite[site.kind]);
      from = site.at + REPLACED_BYTES[site.kind];
    }
    put(module.subarray(from, end));
    cursor.at = end;
  }
  for (const body of functions) {
    put(leb(body.length));
    put(body);
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
