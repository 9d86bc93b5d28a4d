/**
 * Loops that count: how often they go round is known when they begin, so that all of it can be charged there, and nothing
 * inside of the loop.
 *
 * Recognized is what compilers write: the loop ends with `i += step; br_if (i != bound)`, where nothing else in the loop
 * assigns `i` or `bound`, nothing leaves it elsewhere, and nothing in it runs code of others.
 */
import { skipInstruction } from "./immediates.ts";
import type { ModuleShape } from "./module-shape.ts";
import { OP } from "./opcodes.ts";
import { Reader } from "./reader.ts";

export interface CountedLoop {
  /** What each round costs. */
  readonly region: number;
  /** The local that counts, an i32; indices are the module's own. */
  readonly counter: number;
  /** Not 0, between -2^31 and 2^31; a power of two, or its negative. */
  readonly step: number;
  /** The counter's value that ends the loop: what a local holds, or a constant. */
  readonly bound: { readonly local: number } | { readonly constant: number };
}

/**
 * Whether rounds of straight code do not wait for one another: what a round reads from locals, it has put there itself, or
 * it only goes up or down by a constant. Processors work at several such rounds at once, and native compilers make vectors of them.
 * @param start offset of the first instruction in the loop, `end` of the branch that ends it.
 */
export function independentRounds(shape: ModuleShape, start: number, end: number): boolean {
  const reader = new Reader(shape.bytes, start, end);
  const assigned = new Set<number>();
  const carried = new Set<number>();
  const advancing = new Set<number>();
  // How far `get x; const; add` has been seen, and of which local.
  let progress = 0;
  let of = -1;
  while (!reader.done) {
    const opcode = reader.byte();
    switch (opcode) {
      case OP.block:
      case OP.loop:
      case OP.if:
        return false;
      case OP.localGet:
        of = reader.u32();
        progress = 1;
        if (!assigned.has(of)) carried.add(of);
        continue;
      case OP.localSet:
      case OP.localTee: {
        const local = reader.u32();
        if (progress === 3 && local === of && !assigned.has(local)) advancing.add(local);
        else advancing.delete(local);
        assigned.add(local);
        progress = 0;
        continue;
      }
      case OP.i32Const:
      case OP.i64Const:
        progress = progress === 1 ? 2 : 0;
        break;
      case OP.i32Add:
      case OP.i32Sub:
      case OP.i64Add:
        progress = progress === 2 ? 3 : 0;
        break;
      default:
        progress = 0;
    }
    skipInstruction(reader, opcode, shape);
  }
  return [...carried].every((local) => !assigned.has(local) || advancing.has(local));
}

/** Instructions that the ends of such loops are made of. */
const TAIL_MAX = 6;
const KEPT = 8;

/** Where the last instructions began. */
export class RecentInstructions {
  readonly #offsets = new Int32Array(KEPT);
  #count = 0;

  add(offset: number): void {
    this.#offsets[this.#count++ % KEPT] = offset;
  }

  /** `distance` 1 is the one before the last. */
  offset(distance: number): number {
    return this.#offsets[(this.#count - 1 - distance + KEPT) % KEPT]!;
  }
}

/** One instruction with at most one operand, which is an integer. */
interface Simple {
  readonly opcode: number;
  readonly operand: number;
}

/**
 * Of a loop whose last instruction, a `br_if` to its start, was just read.
 * @param start offset of the first instruction in the loop.
 */
export function countedLoop(
  shape: ModuleShape,
  start: number,
  recent: RecentInstructions,
  region: number,
): CountedLoop | undefined {
  const end = recent.offset(0);
  const tail: Simple[] = [];
  for (let i = 1; i <= TAIL_MAX; i++) {
    const offset = recent.offset(i);
    if (offset < start || (tail.length > 0 && offset >= end)) break;
    const each = readSimple(shape, offset, recent.offset(i - 1));
    if (each === undefined) break;
    tail.push(each);
  }
  const found = matchTail(tail);
  if (found === undefined) return undefined;
  const bound = "local" in found.bound ? found.bound.local : undefined;
  return countAssignments(shape, start, end, found.counter, bound) === 1 ? { ...found, region } : undefined;
}

/** @param tail backwards from the instruction before the branch. */
function matchTail(tail: readonly Simple[]): Omit<CountedLoop, "region"> | undefined {
  const [first, second] = tail;
  if (first?.opcode === OP.localTee) return advancing(tail, 0, { constant: 0 });
  if (first?.opcode !== OP.i32Ne || second === undefined) return undefined;
  const bound = boundOf(second);
  if (bound !== undefined) return advancing(tail, 2, bound);
  const before = tail[5];
  const boundBefore = before && boundOf(before);
  return boundBefore && advancing(tail, 1, boundBefore);
}

function boundOf({ opcode, operand }: Simple): CountedLoop["bound"] | undefined {
  if (opcode === OP.localGet) return { local: operand };
  return opcode === OP.i32Const ? { constant: operand } : undefined;
}

/** `i; step; add; tee i`, backwards from `at`. */
function advancing(
  tail: readonly Simple[],
  at: number,
  bound: CountedLoop["bound"],
): Omit<CountedLoop, "region"> | undefined {
  const [tee, add, step, get] = tail.slice(at, at + 4);
  if (get === undefined || tee?.opcode !== OP.localTee || get.opcode !== OP.localGet) return undefined;
  if (get.operand !== tee.operand || step?.opcode !== OP.i32Const) return undefined;
  if ("local" in bound && bound.local === tee.operand) return undefined;
  if (add?.opcode !== OP.i32Add && add?.opcode !== OP.i32Sub) return undefined;
  const by = add.opcode === OP.i32Add ? step.operand : -step.operand;
  // Neither 0 nor what is its own negative.
  return Number.isInteger(Math.log2(Math.abs(by))) && Math.abs(by) < 2 ** 31
    ? { counter: tee.operand, step: by, bound }
    : undefined;
}

function readSimple(shape: ModuleShape, offset: number, end: number): Simple | undefined {
  const reader = new Reader(shape.bytes, offset, end);
  const opcode = reader.byte();
  switch (opcode) {
    case OP.localGet:
    case OP.localTee:
      return { opcode, operand: reader.u32() };
    case OP.i32Const:
      return { opcode, operand: reader.s33() };
    case OP.i32Ne:
    case OP.i32Add:
    case OP.i32Sub:
      return { opcode, operand: 0 };
    default:
      return undefined;
  }
}

/** How often `counter` is assigned in a part of the code; infinitely often when `bound` is, too. */
function countAssignments(
  shape: ModuleShape,
  start: number,
  end: number,
  counter: number,
  bound: number | undefined,
): number {
  const reader = new Reader(shape.bytes, start, end);
  let count = 0;
  while (!reader.done) {
    const opcode = reader.byte();
    if (opcode !== OP.localSet && opcode !== OP.localTee) {
      skipInstruction(reader, opcode, shape);
      continue;
    }
    const local = reader.u32();
    if (local === bound) return Infinity;
    if (local === counter) count++;
  }
  return count;
}
