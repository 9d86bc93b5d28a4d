/**
 * Makes the compiler's own module stoppable and bounded, the same on every machine: function entries, rounds of loops and
 * moved memory are counted as steps against a budget (so that "the compile took too long" is a property of the source, not
 * of the machine), and the memory is handed in, so that its maximum is the compile's limit. Recursion is ended by the module's
 * own stack, or where it takes no room there by a count of its depth, long before the engine's stack ends, which is not the
 * same everywhere. Only for the trusted compiler: it assumes a valid module with one memory of its own.
 *
 * WebAssembly core specification 2.0, §5.5.
 */
import {
  type FunctionKind,
  REPLACED_BYTES,
  type Site,
  type SiteKind,
  skipLocals,
  STACK_POINTER,
} from "./counting-sites.ts";
import {
  Cursor,
  cursorAt,
  HEADER_BYTES,
  importedFunctions,
  leb,
  SECTION,
  sectionsOf,
  signedLeb,
} from "./module-format.ts";

/** Of what is counted and how: machine code and results of one version serve no other. */
export const INSTRUMENT_VERSION = 6;

/** Names under which the host finds what was added. */
export const STEPS_EXPORT = "dikast:steps";
export const MEMORY_IMPORT = { module: "dikast", name: "memory" } as const;

/** On average 25 ns pass between two calls, and 6 ns are what a round of a loop without calls takes at most times. */
const STEPS_PER_CALL = 4;
const STEPS_PER_ROUND = 1;
/** 64 bytes. */
const MOVED_BYTES_PER_STEP_LOG2 = 6;

/** Of calls at a time of functions that recurse without room on the module's stack; a frame of V8 has some hundred bytes. */
const DEPTH_MAX = 400_000;

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
  const functions = functionsOf(module, sites);
  const moved = functions.filter(({ kind }) => kind === "recursion");
  const added = addedCode(module);
  const typesOfAdded = [added.typeIndex, added.typeIndex, ...moved.map(({ type }) => leb(type))];
  const additions: Readonly<Record<number, readonly [count: number, bytes: readonly number[]]>> = {
    [SECTION.type]: [1, added.type],
    [SECTION.import]: [1, [...name(MEMORY_IMPORT.module), ...name(MEMORY_IMPORT.name), 2, ...memory.limits]],
    [SECTION.function]: [typesOfAdded.length, typesOfAdded.flat()],
    // (global (mut i64) (i64.const 0)), (global (mut i32) (i32.const DEPTH_MAX))
    [SECTION.global]: [2, [0x7e, 1, 0x42, 0, 0x0b, 0x7f, 1, 0x41, ...signedLeb(DEPTH_MAX), 0x0b]],
    [SECTION.export]: [1, [...name(STEPS_EXPORT), 3, ...added.stepsLeft]],
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
    } else if (id === SECTION.code) section(id, countedCode(module, functions, added));
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

type InnerSite = Site & { readonly kind: Exclude<SiteKind, FunctionKind> };

const isInner = (site: Site): site is InnerSite => !["recursion", "leaf", "frame"].includes(site.kind);

interface OwnFunction {
  readonly type: number;
  /** Its declarations of locals begin here, its instructions, and what comes after it. */
  readonly start: number;
  readonly code: number;
  readonly end: number;
  readonly kind: FunctionKind | undefined;
  readonly sites: readonly InnerSite[];
}

function functionsOf(module: Uint8Array, sites: readonly Site[]): readonly OwnFunction[] {
  const types = cursorAt(module, "function");
  types.u32();
  const cursor = cursorAt(module, "code");
  let next = 0;
  return Array.from({ length: cursor.u32() }, () => {
    const size = cursor.u32();
    const start = cursor.at;
    const end = start + size;
    skipLocals(cursor);
    const code = cursor.at;
    cursor.at = end;
    const first = next;
    while ((sites[next]?.at ?? Infinity) < end) next++;
    const all = sites.slice(first, next);
    const kind = all.find((site) => !isInner(site))?.kind as FunctionKind | undefined;
    return { type: types.u32(), start, code, end, kind, sites: all.filter(isInner) };
  });
}

interface AddedCode {
  /** (func (param i32 i32 i32)) */
  readonly type: readonly number[];
  readonly typeIndex: readonly number[];
  /** Index of the global. */
  readonly stepsLeft: readonly number[];
  readonly atEntry: Readonly<Record<FunctionKind | "plain", Uint8Array>>;
  /** Takes the place of the site's instruction, or comes before the loop's first. */
  readonly atSite: Readonly<Record<Exclude<SiteKind, FunctionKind>, Uint8Array>>;
  /** Bodies of the functions that charge for moved memory. */
  readonly movers: readonly (readonly number[])[];
  /** Bodies that call a function that was moved behind all others, and count how deep they are. */
  readonly guard: (type: number, index: number) => readonly number[];
}

function addedCode(module: Uint8Array): AddedCode {
  const globals = cursorAt(module, "global").u32();
  const stepsLeft = leb(globals);
  const get = [0x23, ...stepsLeft];
  const set = [0x24, ...stepsLeft];
  const trapIf = [0x04, 0x40, 0x00, 0x0b]; // if, unreachable, end
  const trapIfNegative = [0x42, 0, 0x53, ...trapIf]; // i64.const 0, i64.lt_s
  const trapIfUsedUp = [...get, ...trapIfNegative];
  const take = (steps: number) => [...get, 0x42, 0x80 - steps, 0x7c, ...set]; // i64.const -steps, i64.add
  const spend = (steps: number) => [...take(steps), ...trapIfUsedUp];
  // The stack begins at address 0: what is below wraps around. i64.extend_i32_s
  const roomLeft = [0x23, STACK_POINTER, 0xac];
  const atPlainEntry = Uint8Array.from(spend(STEPS_PER_CALL));
  // local.get 2, i32.const, i32.shr_u, i64.extend_i32_u, i64.sub
  const spendForBytes = [...get, 0x20, 2, 0x41, MOVED_BYTES_PER_STEP_LOG2, 0x76, 0xad, 0x7d, ...set, ...trapIfUsedUp];
  const operands = [0x20, 0, 0x20, 1, 0x20, 2];
  const moving = (instruction: readonly number[]) => [0, ...spendForBytes, ...operands, ...instruction, 0x0b];
  const depthLeft = leb(globals + 1);
  const addToDepthLeft = (by: 0x6a | 0x6b) => [0x23, ...depthLeft, 0x41, 1, by, 0x24, ...depthLeft]; // i32.add, i32.sub
  const descend = [0x23, ...depthLeft, 0x45, ...trapIf, ...addToDepthLeft(0x6b)]; // i32.eqz
  const ascend = addToDepthLeft(0x6a);
  const parameters = parameterCounts(module);
  const imported = importedFunctions(module);
  const copying = imported + cursorAt(module, "function").u32();
  return {
    type: [0x60, 3, 0x7f, 0x7f, 0x7f, 0],
    typeIndex: leb(parameters.length),
    stepsLeft,
    atEntry: {
      plain: atPlainEntry,
      recursion: atPlainEntry,
      frame: Uint8Array.from([...take(STEPS_PER_CALL), ...get, ...roomLeft, 0x84, ...trapIfNegative]), // i64.or
      leaf: new Uint8Array(0),
    },
    atSite: {
      loop: Uint8Array.from(spend(STEPS_PER_ROUND)),
      copy: Uint8Array.of(0x10, ...leb(copying)),
      fill: Uint8Array.of(0x10, ...leb(copying + 1)),
    },
    movers: [moving([0xfc, 10, 0, 0]), moving([0xfc, 11, 0])],
    guard(type, index) {
      const handedOn = Array.from({ length: parameters[type] ?? 0 }, (_, i) => [0x20, ...leb(i)]).flat();
      return [0, ...descend, ...handedOn, 0x10, ...leb(imported + index), ...ascend, 0x0b];
    },
  };
}

/** By the index of the function's type. */
function parameterCounts(module: Uint8Array): readonly number[] {
  const cursor = cursorAt(module, "type");
  return Array.from({ length: cursor.u32() }, () => {
    cursor.byte();
    const count = cursor.skipBytes();
    cursor.skipBytes();
    return count;
  });
}

/** The functions in their order, those that charge for moved memory, and those that are called by a guard in their place. */
function countedCode(module: Uint8Array, functions: readonly OwnFunction[], added: AddedCode): Uint8Array {
  const { atEntry, atSite, movers, guard } = added;
  const moved = functions.filter(({ kind }) => kind === "recursion");
  const sizeOf = (own: OwnFunction): number =>
    own.sites.reduce(
      (sum, { kind }) => sum + atSite[kind].length - REPLACED_BYTES[kind],
      own.end - own.start + atEntry[own.kind ?? "plain"].length,
    );
  const growth = 5 + 40 * movers.length + 60 * moved.length;
  const out = new Uint8Array(functions.reduce((sum, own) => sum + sizeOf(own) + 5, growth));
  let at = 0;
  const put = (bytes: ArrayLike<number>): void => {
    out.set(bytes, at);
    at += bytes.length;
  };
  const putBody = (body: readonly number[]): void => {
    put(leb(body.length));
    put(body);
  };
  const putCounted = (own: OwnFunction): void => {
    put(leb(sizeOf(own)));
    put(module.subarray(own.start, own.code));
    put(atEntry[own.kind ?? "plain"]);
    let from = own.code;
    for (const site of own.sites) {
      put(module.subarray(from, site.at));
      put(atSite[site.kind]);
      from = site.at + REPLACED_BYTES[site.kind];
    }
    put(module.subarray(from, own.end));
  };
  put(leb(functions.length + movers.length + moved.length));
  let index = functions.length + movers.length;
  for (const own of functions)
    if (own.kind === "recursion") putBody(guard(own.type, index++));
    else putCounted(own);
  movers.forEach(putBody);
  moved.forEach(putCounted);
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
