/**
 * Finds the loads of a function that may wait for memory: those whose addresses do not follow from a loop's counter.
 *
 * A count of instructions cannot see caches, and a look at every load would cost too much. What walks through memory in
 * order hardly ever waits, since processors fetch ahead; so only the others are worth a look. They are found by what each
 * address was made of, without regard to branches: a guess decides about prices alone, never about safety, and it is the
 * same guess on every machine.
 */
import { skipDead } from "./dead-code.ts";
import { malformed, unsupported } from "./errors.ts";
import { readBlockType, refuse, skipImmediate, skipInstruction, skipNumericImmediate } from "./immediates.ts";
import type { ModuleShape } from "./module-shape.ts";
import { IMM, NUMERIC_TABLE, OP, PLAIN, VECTOR, VECTOR_TABLE } from "./opcodes.ts";
import { combined, converted, fetched, MADE, smallConstant } from "./provenance.ts";
import { Reader } from "./reader.ts";

/** How a load finds its address. */
export const ACCESS = {
  /** From data or arithmetic of this round of the loop: several such loads can wait at the same time. */
  scattered: 0,
  /** From what an earlier such load brought: one waits for the other. */
  chained: 1,
} as const;
export const ACCESS_BITS = 1;

const PASSES_MAX = 3;
/** Deeper loops count as part of the one around them; bounds the work for hostile modules. */
const LOOPS_MAX = 64;
const NO_ROOT = 0;

interface Frame {
  readonly opcode: number;
  readonly height: number;
  readonly resultCount: number;
  readonly serial: number;
  /** Offset of its first instruction. */
  readonly start: number;
  /** The join of what its arms leave on the stack. */
  result: number;
  readonly loop: Loop | undefined;
}

interface Loop {
  readonly serial: number;
  readonly depth: number;
  /** Join of everything assigned inside, by local; from the pass before. */
  readonly assigned: Map<number, number>;
  /** What was assigned so far in this pass, as seen by code that follows. */
  readonly current: Map<number, number>;
  /** Roots of what is read before it is assigned, if it is: by local. */
  readonly carried: Map<number, number>;
}

export class LocalityAnalyzer {
  readonly #shape: ModuleShape;
  #reader: Reader = new Reader(new Uint8Array(0));
  /** What the values on the operand stack were made of. */
  #stack = new Uint8Array(256);
  #height = 0;
  /** Which value each was computed from, if by arithmetic alone: a number of its own for whatever was loaded or handed over. */
  #roots = new Uint32Array(256);
  #frames: Frame[] = [];
  #loops: Loop[] = [];
  #loopCount = 0;
  /** What was assigned outside of loops. */
  #topLevel = new Uint8Array(0);
  #serial = 0;
  /** By loop in code order. */
  #known: Map<number, number>[] = [];
  #changed = false;
  #paramCount = 0;
  /** The instruction before put this on the stack. */
  #constant: number | undefined;
  #rootOf: Uint32Array = new Uint32Array(0);
  #lastRoot = 0;
  /** By root: the frame in which an access that follows from it was found. */
  #seen: Map<number, Frame> = new Map();
  #found: number[] = [];
  /** Offset of the last branch. */
  #lastBranch = -1;

  constructor(shape: ModuleShape) {
    this.#shape = shape;
  }

  /** Pairs of offset and `ACCESS` of the loads to look at, in code order; the code is `[start, end)`. */
  find(start: number, end: number, paramCount: number, localCount: number): readonly number[] {
    this.#paramCount = paramCount;
    this.#known = [];
    for (let pass = 1; ; pass++) {
      this.#changed = false;
      this.#pass(start, end, localCount);
      if (!this.#changed || this.#known.length === 0 || pass === PASSES_MAX) return this.#found;
    }
  }

  #pass(start: number, end: number, localCount: number): void {
    this.#reader = new Reader(this.#shape.bytes, start, end);
    this.#height = 0;
    this.#frames = [];
    this.#loops = [];
    this.#loopCount = 0;
    this.#serial = 0;
    if (this.#rootOf.length < localCount) {
      this.#rootOf = new Uint32Array(localCount);
      this.#topLevel = new Uint8Array(localCount);
    }
    this.#topLevel.fill(MADE.handed, 0, this.#paramCount);
    this.#topLevel.fill(MADE.constant, this.#paramCount, localCount);
    for (let local = 0; local < localCount; local++) this.#rootOf[local] = local + 1;
    this.#lastRoot = localCount;
    this.#seen = new Map();
    this.#found = [];
    this.#lastBranch = -1;
    this.#frames.push(this.#frame(OP.block, 0, undefined));
    while (this.#frames.length > 0) this.#instruction();
  }

  #frame(opcode: number, resultCount: number, loop: Loop | undefined): Frame {
    const { offset: start } = this.#reader;
    return { opcode, height: this.#height, resultCount, serial: this.#serial++, start, result: MADE.constant, loop };
  }

  #pushValue(made: number, root = NO_ROOT): void {
    const at = this.#height++;
    if (at === this.#stack.length) {
      const [stack, roots] = [new Uint8Array(at * 2), new Uint32Array(at * 2)];
      stack.set(this.#stack);
      roots.set(this.#roots);
      [this.#stack, this.#roots] = [stack, roots];
    }
    this.#stack[at] = made;
    this.#roots[at] = root;
  }

  get #topRoot(): number {
    return this.#height === 0 ? NO_ROOT : this.#roots[this.#height - 1]!;
  }

  #pop(): number {
    return this.#height === 0 ? MADE.constant : this.#stack[--this.#height]!;
  }

  #drop(count: number): void {
    this.#height = Math.max(0, this.#height - count);
  }

  #instruction(): void {
    const reader = this.#reader;
    const offset = reader.offset;
    const opcode = reader.byte();
    const factor = this.#constant;
    this.#constant = undefined;
    if (opcode >= 0x28 && opcode <= 0x3e) return this.#access(opcode, offset);
    const shape = PLAIN.immediate[opcode]!;
    if (shape === IMM.special) return this.#special(opcode);
    if (opcode === OP.prefixNumeric || opcode === OP.prefixVector) return this.#prefixed(opcode, offset);
    if (shape === IMM.refused) refuse(opcode);
    switch (opcode) {
      case OP.localGet: {
        return this.#get(reader.u32());
      }
      case OP.localSet:
        return this.#assign(reader.u32(), this.#topRoot, this.#pop());
      case OP.localTee: {
        const local = reader.u32();
        const root = this.#topRoot;
        const made = this.#pop();
        this.#assign(local, root, made);
        return this.#pushValue(made, this.#rootOf[local]);
      }
      case OP.i32Const:
      case OP.i64Const:
        this.#constant = smallConstant(reader);
        return this.#pushValue(MADE.constant);
      case OP.select:
      case OP.selectTyped: {
        skipImmediate(reader, shape);
        this.#pop();
        const made = Math.max(this.#pop(), this.#pop());
        return this.#pushValue(made >= MADE.counted ? Math.max(made, MADE.mixed) : made);
      }
      default:
    }
    skipImmediate(reader, shape);
    const effect = PLAIN.stack[opcode]!;
    if (effect === 1) return this.#pushValue(MADE.invariant);
    if (effect === -1 && opcode !== OP.drop) {
      const rightRoot = this.#topRoot;
      const right = this.#pop();
      const leftRoot = this.#topRoot;
      const left = this.#pop();
      return this.#pushValue(combined(opcode, left, right, factor), left >= right ? leftRoot : rightRoot);
    }
    if (effect === 0 && opcode > OP.f64Const) {
      const root = this.#topRoot;
      return this.#pushValue(converted(opcode, this.#pop()), root);
    }
    this.#drop(-effect);
  }

  /** A load or a store; a store's address lies below its value. */
  #access(opcode: number, offset: number): void {
    const reader = this.#reader;
    reader.skipLeb();
    reader.skipLeb();
    const stores = opcode >= 0x36;
    if (stores) this.#pop();
    const root = this.#topRoot;
    const address = this.#pop();
    this.#look(address, root, offset);
    if (!stores) this.#pushValue(fetched(opcode, address));
  }

  #look(address: number, root: number, offset: number): void {
    if (address < MADE.mixed) return;
    if (root !== NO_ROOT) {
      // Several accesses that follow from one value wait at the same time, if at all.
      const frame = this.#seen.get(root);
      if (frame !== undefined && this.#frames.includes(frame)) return;
      this.#seen.set(root, this.#certainFrame());
    }
    this.#found.push(offset, address >= MADE.handed ? ACCESS.chained : ACCESS.scattered);
  }

  /** The outermost frame of which it is certain that whoever enters it comes by here. */
  #certainFrame(): Frame {
    let at = this.#frames.length - 1;
    for (; at > 0; at--) {
      const { opcode, start } = this.#frames[at]!;
      if ((opcode !== OP.block && opcode !== OP.loop) || this.#lastBranch >= start) break;
    }
    return this.#frames[at]!;
  }

  #prefixed(opcode: number, offset: number): void {
    const reader = this.#reader;
    const number = reader.u32();
    const numeric = opcode === OP.prefixNumeric;
    const table = numeric ? NUMERIC_TABLE : VECTOR_TABLE;
    const immediate = table.immediate[number] ?? IMM.refused;
    if (!numeric && number >= VECTOR.relaxedFrom) unsupported("relaxed SIMD");
    if (!numeric && immediate === IMM.memarg && table.stack[number] === 0) {
      skipImmediate(reader, immediate);
      const root = this.#topRoot;
      const address = this.#pop();
      this.#look(address, root, offset);
      return this.#pushValue(MADE.loaded);
    }
    if (numeric) skipNumericImmediate(reader, number);
    else skipImmediate(reader, immediate);
    const effect = table.stack[number]!;
    if (effect > 0) return this.#pushValue(MADE.invariant);
    this.#drop(-effect);
    if (effect >= -2 && this.#height > 0 && immediate !== IMM.special && immediate !== IMM.memarg) {
      this.#pop();
      this.#pushValue(MADE.mixed);
    }
  }

  #get(local: number): void {
    const root = this.#rootOf[local] ?? NO_ROOT;
    const loop = this.#loops.at(-1);
    if (loop === undefined) return this.#pushValue(this.#topLevel[local] ?? MADE.constant, root);
    const current = loop.current.get(local);
    if (current !== undefined) return this.#pushValue(current, root);
    // From before the loop, or from the round before: another value each time.
    let carried = loop.carried.get(local);
    if (carried === undefined) loop.carried.set(local, (carried = ++this.#lastRoot));
    const before = loop.assigned.get(local);
    if (before === undefined) return this.#pushValue(MADE.invariant, root);
    if (before >= MADE.loaded) return this.#pushValue(MADE.chained, carried);
    this.#pushValue(before >= MADE.divided ? MADE.mixed : Math.max(before, MADE.counted), carried);
  }

  #assign(local: number, root: number, made: number): void {
    if (local < this.#rootOf.length) this.#rootOf[local] = root === NO_ROOT ? ++this.#lastRoot : root;
    const loop = this.#loops.at(-1);
    if (loop === undefined) {
      this.#topLevel[local] = made;
      return;
    }
    // In a branch: what was assigned before may still be there.
    const certain = this.#frames.at(-1)!.loop === loop;
    const before = loop.current.get(local);
    loop.current.set(local, certain || before === undefined ? made : Math.max(before, made));
    this.#join(loop, local, made);
  }

  #join(loop: Loop, local: number, made: number): void {
    const before = loop.assigned.get(local);
    if (before !== undefined && before >= made) return;
    loop.assigned.set(local, made);
    // Another pass is for what was read before it was assigned, and would now be taken for something else.
    if (loop.carried.has(local) && (before === undefined || made >= MADE.divided)) this.#changed = true;
  }

  #openLoop(resultCount: number): void {
    const serial = this.#serial;
    if (this.#loops.length >= LOOPS_MAX) {
      this.#frames.push(this.#frame(OP.block, resultCount, undefined));
      return;
    }
    const index = this.#loopCount++;
    const assigned = this.#known[index] ?? new Map<number, number>();
    this.#known[index] = assigned;
    const loop: Loop = { serial, depth: this.#loops.length, assigned, current: new Map(), carried: new Map() };
    this.#loops.push(loop);
    this.#frames.push(this.#frame(OP.loop, resultCount, loop));
  }

  #closeLoop(loop: Loop): void {
    this.#loops.pop();
    const outer = this.#loops.at(-1);
    for (const [local, made] of loop.assigned) {
      if (outer === undefined) {
        this.#topLevel[local] = made;
        continue;
      }
      outer.current.set(local, made);
      this.#join(outer, local, made);
    }
  }

  #special(opcode: number): void {
    const reader = this.#reader;
    switch (opcode) {
      case OP.block:
      case OP.try:
      case OP.loop:
      case OP.if:
      case OP.tryTable: {
        if (opcode === OP.if) this.#pop();
        const { paramCount, resultCount } = readBlockType(reader, this.#shape);
        if (opcode === OP.tryTable)
          for (let clauses = reader.count(); clauses > 0; clauses--) {
            if (reader.byte() < 2) reader.u32();
            reader.u32();
          }
        this.#drop(paramCount);
        if (opcode === OP.loop) this.#openLoop(resultCount);
        else this.#frames.push(this.#frame(opcode, resultCount, undefined));
        for (let i = 0; i < paramCount; i++) this.#pushValue(MADE.mixed);
        return;
      }
      case OP.else:
      case OP.catch:
      case OP.catchAll: {
        if (opcode === OP.catch) reader.u32();
        const frame = this.#frames.at(-1);
        if (frame === undefined) malformed("unbalanced blocks");
        this.#leave(frame);
        // Parameters of the block or the exception's values: whatever is taken from an empty stack is a constant.
        return;
      }
      case OP.delegate:
      case OP.end: {
        if (opcode === OP.delegate) reader.u32();
        const frame = this.#frames.pop();
        if (frame === undefined) malformed("unbalanced blocks");
        this.#leave(frame);
        if (frame.loop !== undefined) this.#closeLoop(frame.loop);
        for (let i = 0; i < frame.resultCount; i++) this.#pushValue(frame.result);
        return;
      }
      case OP.br:
      case OP.brTable:
      case OP.return:
      case OP.unreachable:
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
      case OP.returnCall:
      case OP.returnCallIndirect:
        this.#lastBranch = reader.offset;
        skipInstruction(reader, opcode, this.#shape);
        return this.#skipDead();
      case OP.brIf:
        this.#lastBranch = reader.offset;
        reader.u32();
        this.#pop();
        return;
      case OP.call:
        return this.#called(this.#shape.functionTypes[reader.u32()]);
      case OP.callIndirect: {
        const type = reader.u32();
        reader.u32();
        this.#pop();
        return this.#called(type);
      }
      case OP.globalGet:
        reader.u32();
        return this.#pushValue(MADE.invariant);
      case OP.globalSet:
        reader.u32();
        this.#pop();
        return;
      case OP.memoryGrow:
        reader.u32();
        return;
      case OP.refFunc:
        reader.u32();
        return this.#pushValue(MADE.invariant);
      default:
        skipInstruction(reader, opcode, this.#shape);
    }
  }

  #called(typeIndex: number | undefined): void {
    const type = typeIndex === undefined ? undefined : this.#shape.types[typeIndex];
    if (type === undefined) malformed("function index");
    this.#drop(type.params.length);
    for (let i = 0; i < type.results.length; i++) this.#pushValue(MADE.handed);
  }

  /** The end of an arm: what it leaves joins what others do. */
  #leave(frame: Frame): void {
    if (this.#height > frame.height && frame.resultCount > 0)
      frame.result = Math.max(frame.result, this.#stack[this.#height - 1]!);
    this.#height = Math.min(this.#height, frame.height);
  }

  #skipDead(): void {
    this.#height = Math.min(this.#height, this.#frames.at(-1)?.height ?? 0);
    skipDead(this.#reader, this.#shape);
  }
}
