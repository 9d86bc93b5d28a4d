/**
 * Where the compiler's module can take long without calling any of its functions: headers of loops, and instructions that
 * move as much memory as they are told. And what of its functions matters: those that neither loop nor call take no time to
 * speak of and are not counted; a loop whose every round begins with a call of any other needs no count of its own; where
 * functions can call themselves without end, their depth is counted, or whether there is still room on the module's own stack:
 * not every function writes to what it takes there.
 */
import { Cursor, cursorAt, importedFunctions, leb, tableFunctions } from "./module-format.ts";
import { type FunctionShape, unboundedRecursion } from "./recursion.ts";

export type SiteKind = "loop" | "copy" | "fill" | FunctionKind;
/** What is told of a function as a whole. */
export type FunctionKind = "recursion" | "leaf" | "frame";

export interface Site {
  readonly kind: SiteKind;
  /** Of a loop or function: where its first instruction is. Of an instruction: where it begins. */
  readonly at: number;
}

/** Of what the site's replacement replaces. */
export const REPLACED_BYTES: Readonly<Record<SiteKind, number>> = {
  loop: 0,
  copy: 4,
  fill: 3,
  recursion: 0,
  leaf: 0,
  frame: 0,
};

const KINDS: readonly SiteKind[] = ["loop", "copy", "fill", "recursion", "leaf", "frame"];
const KIND_BITS = 3;

const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  globalGet: 0x23,
  globalSet: 0x24,
  firstLoad: 0x28,
  lastStore: 0x3e,
  memorySize: 0x3f,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  lastNumeric: 0xc4,
  prefix: 0xfc,
} as const;
/** Of two bytes, without immediates: conversions that saturate. */
const LAST_CONVERSION = 7;
const MEMORY_COPY = 10;
const MEMORY_FILL = 11;
/** The pointer to the module's own stack is its only global. */
export const STACK_POINTER = 0;
/** `nop`, `drop`, `select`. */
const PLAIN: ReadonlySet<number> = new Set([0x01, 0x1a, 0x1b]);

/**
 * All sites in their order, packed to a fifth of a megabyte. Reads each of the module's instructions: about a second.
 * @throws RangeError when the module has instructions that the compiler's does not have.
 */
export function packedSites(module: Uint8Array): Uint8Array {
  const bodies = bodiesOf(module);
  const recursive = unboundedRecursion(bodies);
  const packed: number[] = [];
  let last = 0;
  const put = ({ kind, at }: Pick<Site, "kind" | "at">): void => {
    packed.push(...leb(((at - last) << KIND_BITS) | KINDS.indexOf(kind)));
    last = at;
  };
  bodies.forEach(({ at, sites, isLeaf, hasFrame }, index) => {
    if (isLeaf) put({ kind: "leaf", at });
    else if (hasFrame) put({ kind: "frame", at });
    else if (recursive.has(index)) put({ kind: "recursion", at });
    for (const site of sites) if (site.firstCall === undefined || bodies[site.firstCall]?.isLeaf === true) put(site);
  });
  return Uint8Array.from(packed);
}

interface Body extends FunctionShape {
  /** Where its first instruction is. */
  readonly at: number;
  readonly sites: readonly PossibleSite[];
  readonly isLeaf: boolean;
}

interface PossibleSite extends Site {
  /** Of a loop: a function of the module's own that each of its rounds calls before all else. */
  readonly firstCall?: number;
}

function bodiesOf(module: Uint8Array): readonly Body[] {
  if (cursorAt(module, "global").u32() !== 1) throw new RangeError("module with more than its stack's pointer");
  const imported = importedFunctions(module);
  const inTable = tableFunctions(module);
  const types = cursorAt(module, "function");
  types.u32();
  const cursor = cursorAt(module, "code");
  return Array.from({ length: cursor.u32() }, (_, index) => {
    const size = cursor.u32();
    const end = cursor.at + size;
    skipLocals(cursor);
    const at = cursor.at;
    const found = readBody(cursor, end, imported);
    return { at, type: types.u32(), inTable: inTable.has(imported + index), ...found };
  });
}

export function unpackedSites(packed: Uint8Array): readonly Site[] {
  const cursor = new Cursor(packed, 0);
  const sites: Site[] = [];
  let at = 0;
  while (cursor.at < packed.length) {
    const value = cursor.u32();
    at += value >>> KIND_BITS;
    sites.push({ kind: KINDS[value & ((1 << KIND_BITS) - 1)] as SiteKind, at });
  }
  return sites;
}

/** The declarations that a function's body begins with. */
export function skipLocals(cursor: Cursor): void {
  for (let groups = cursor.u32(); groups > 0; groups--) {
    cursor.skipLeb();
    cursor.skip(1);
  }
}

function readBody(
  cursor: Cursor,
  end: number,
  imported: number,
): Pick<Body, "sites" | "hasFrame" | "calls" | "callsIndirectly" | "isLeaf"> {
  const sites: PossibleSite[] = [];
  const calls = new Set<number>();
  const callsIndirectly = new Set<number>();
  let hasFrame = false;
  /** Done whenever the function is called. */
  let isPrologue = true;
  /** Bodies of loops that began since the last branch or call: what comes next is done in each of their rounds. */
  let begun: number[] = [];
  const count = (firstCall?: number): void => {
    for (const at of begun)
      sites.push(firstCall === undefined ? { kind: "loop", at } : { kind: "loop", at, firstCall });
    if (begun.length > 0) begun = [];
  };
  while (cursor.at < end) {
    const at = cursor.at;
    const opcode = cursor.byte();
    if (opcode <= OP.callIndirect && opcode !== OP.block) isPrologue = false;
    switch (opcode) {
      case OP.loop:
        cursor.skipLeb();
        begun.push(cursor.at);
        break;
      case OP.block:
        cursor.skipLeb();
        break;
      case OP.call: {
        const callee = cursor.u32() - imported;
        if (callee < 0) break;
        calls.add(callee);
        count(callee);
        break;
      }
      case OP.callIndirect:
        callsIndirectly.add(cursor.u32());
        cursor.skipLeb();
        // Whatever that is.
        count();
        break;
      case OP.unreachable:
      case OP.else:
      case OP.end:
      case OP.return:
        count();
        break;
      case OP.if:
      case OP.br:
      case OP.brIf:
        cursor.skipLeb();
        count();
        break;
      case OP.brTable:
        for (let targets = cursor.u32(); targets >= 0; targets--) cursor.skipLeb();
        count();
        break;
      case OP.globalSet:
        // Some take room on some of their ways only.
        if (cursor.u32() === STACK_POINTER && isPrologue) hasFrame = true;
        break;
      case OP.f32Const:
        cursor.skip(4);
        break;
      case OP.f64Const:
        cursor.skip(8);
        break;
      case OP.prefix: {
        const moved = skipPrefixed(cursor);
        if (moved === undefined) break;
        // In the order of their places.
        count();
        sites.push({ kind: moved, at });
        break;
      }
      default:
        skipImmediate(cursor, opcode);
    }
  }
  const isLeaf = calls.size === 0 && callsIndirectly.size === 0 && !sites.some(({ kind }) => kind === "loop");
  return { sites, hasFrame, calls: [...calls], callsIndirectly: [...callsIndirectly], isLeaf };
}

function skipPrefixed(cursor: Cursor): "copy" | "fill" | undefined {
  const opcode = cursor.u32();
  if (opcode <= LAST_CONVERSION) return undefined;
  if (opcode === MEMORY_COPY) {
    cursor.skip(2);
    return "copy";
  }
  if (opcode !== MEMORY_FILL) throw new RangeError(`an instruction that the compiler does not have: 0xfc ${opcode}`);
  cursor.skip(1);
  return "fill";
}

function skipImmediate(cursor: Cursor, opcode: number): void {
  const isVariable = opcode >= OP.localGet && opcode <= OP.globalGet;
  if (isVariable || (opcode >= OP.memorySize && opcode <= OP.i64Const)) cursor.skipLeb();
  else if (opcode >= OP.firstLoad && opcode <= OP.lastStore) {
    cursor.skipLeb();
    cursor.skipLeb();
  } else if (!(opcode > OP.f64Const && opcode <= OP.lastNumeric) && !PLAIN.has(opcode))
    throw new RangeError(`an instruction that the compiler does not have: 0x${opcode.toString(16)}`);
}
