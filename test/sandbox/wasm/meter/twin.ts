/**
 * The deliberately simple twin of meter and engine: walks a program's tree, computes what it computes, and adds up the
 * price of every instruction it carries out, one by one. It knows nothing of regions, conventions or binary formats.
 */
import { COST_TABLE } from "../../../../sandbox/wasm/meter/index.ts";
import {
  type Access,
  ADDRESS_MASK,
  countedRange,
  type Float,
  type FloatCode,
  type Int,
  LOCALS,
  type Long,
  MEMORY_PAGES,
  type Program,
  type Statement,
} from "./program.ts";

const PRICE = COST_TABLE.instructions;
/** The module's own maximum. */
const PAGES_MAX = 4;
const PAGE = 65_536;

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

export class Trap extends Error {}
/** The program runs for longer than a test should. */
export class TooLong extends Error {}

/** How a statement is left: normally, to the label that many levels out, or out of the function. */
type Flow =
  | { readonly to: "next" }
  | { readonly to: "label"; readonly depth: number }
  | { readonly to: "caller"; readonly value: bigint };
const NEXT: Flow = { to: "next" };
/** The labels around a statement, innermost first: whether each is a loop's. */
type Labels = readonly boolean[];

interface Locals {
  readonly ints: Map<number, number>;
  readonly longs: Map<number, bigint>;
  readonly floats: Map<number, number>;
}

/** Caches as the documentation has them: 1 MiB and 16 MiB, of which one line of 64 is watched and pays for all. */
export class CacheTwin {
  readonly #looks: ReadonlyMap<Access, boolean>;
  readonly #near = new Map<number, number>();
  readonly #far = new Map<number, number>();

  constructor(looks: ReadonlyMap<Access, boolean>) {
    this.#looks = looks;
  }

  cost(access: Access, address: number): number {
    const chained = this.#looks.get(access);
    return chained === undefined ? 0 : this.look(address, chained);
  }

  look(address: number, chained: boolean): number {
    const hash = Number((BigInt(address >>> 6) * 0x9e37_79b1n) % 2n ** 32n);
    if (hash === 0 || hash >= 2 ** 26) return 0;
    const { beyondNear, beyondFar } = chained ? COST_TABLE.chained : COST_TABLE.scattered;
    if (this.#holds(this.#near, hash, 256)) return 0;
    return 64 * (this.#holds(this.#far, hash, 4096) ? beyondNear : beyondFar);
  }

  /** Puts it there if it is not. */
  #holds(cache: Map<number, number>, hash: number, places: number): boolean {
    const place = Math.floor((hash / 2 ** 26) * places);
    if (cache.get(place) === hash) return true;
    cache.set(place, hash);
    return false;
  }
}

export class Twin {
  cost = 0;
  memory = new DataView(new ArrayBuffer(MEMORY_PAGES * PAGE));
  /** A NaN became visible as bits: unmetered runs may differ there. */
  sawNanBits = false;
  readonly #program: Program;
  readonly #caches: CacheTwin;
  #locals: Locals = { ints: new Map(), longs: new Map(), floats: new Map() };
  #steps = 0;

  /** @param looks accesses that pay for waiting, and whether they are chained. */
  constructor(program: Program, looks: ReadonlyMap<Access, boolean>) {
    this.#program = program;
    this.#caches = new CacheTwin(looks);
  }

  /** @throws Trap, TooLong */
  call(index: number, depth: number, argument: bigint): bigint {
    this.cost += PRICE.entry;
    const callers = this.#locals;
    this.#locals = {
      ints: new Map([[LOCALS.depth, depth]]),
      longs: new Map([[LOCALS.argument, argument]]),
      floats: new Map(),
    };
    const { body, result } = this.#program.functions[index]!;
    const flow = this.#list(body, []);
    const value = flow.to === "caller" ? flow.value : this.#long(result);
    this.#locals = callers;
    return value;
  }

  #pay(price: number): void {
    this.cost += price;
  }

  #list(list: readonly Statement[], labels: Labels): Flow {
    for (const each of list) {
      const flow = this.#statement(each, labels);
      if (flow.to !== "next") return flow;
    }
    return NEXT;
  }

  /** A branch to `depth` that arrives at its target, one level out, goes on after it. */
  #leave(flow: Flow): Flow {
    if (flow.to !== "label") return flow;
    return flow.depth === 0 ? NEXT : { to: "label", depth: flow.depth - 1 };
  }

  #statement(s: Statement, labels: Labels): Flow {
    if (++this.#steps > 50_000) throw new TooLong();
    switch (s.op) {
      case "setInt":
        this.#locals.ints.set(s.local, this.#int(s.value));
        this.#pay(PRICE.local);
        return NEXT;
      case "setLong":
        this.#locals.longs.set(s.local, this.#long(s.value));
        this.#pay(PRICE.local);
        return NEXT;
      case "setFloat":
        this.#locals.floats.set(s.local, this.#float(s.value));
        this.#pay(PRICE.local);
        return NEXT;
      case "storeInt": {
        const at = this.#address(s.address);
        const value = this.#int(s.value);
        this.#pay(PRICE.store + this.#caches.cost(s, at));
        this.memory.setInt32(at, value, true);
        return NEXT;
      }
      case "storeFloat": {
        const at = this.#address(s.address);
        const bits = this.#seen(s.value);
        this.#pay(PRICE.store + this.#caches.cost(s, at));
        this.memory.setBigInt64(at, bits, true);
        return NEXT;
      }
      case "fill": {
        const at = this.#address(s.address);
        const value = this.#int(s.value);
        this.#pay(PRICE.constant + PRICE.bulk + (s.length >> COST_TABLE.bulkShift) * COST_TABLE.bulkUnits);
        if (at + s.length > this.memory.byteLength) throw new Trap();
        for (let i = 0; i < s.length; i++) this.memory.setUint8(at + i, value & 255);
        return NEXT;
      }
      case "grow":
        return this.#grow(s.local, s.pages);
      case "if": {
        const condition = this.#int(s.condition);
        this.#pay(PRICE.branch);
        return this.#leave(this.#list(condition !== 0 ? s.yes : s.no, [false, ...labels]));
      }
      case "block":
        return this.#leave(this.#list(s.body, [false, ...labels]));
      case "repeat":
        return this.#repeat(s, labels);
      case "count":
        return this.#count(s, labels);
      case "branchIf": {
        if (labels.length === 0) return NEXT;
        const condition = this.#int(s.condition);
        const target = Math.min(s.depth, labels.length - 1);
        this.#pay(labels.slice(0, target + 1).includes(true) ? PRICE.loopBranch : PRICE.branch);
        return condition === 0 ? NEXT : { to: "label", depth: target };
      }
      case "branch":
        if (labels.length === 0) return NEXT;
        this.#pay(PRICE.jump);
        return { to: "label", depth: Math.min(s.depth, labels.length - 1) };
      case "switch": {
        if (labels.length === 0) return NEXT;
        const selector = this.#int(s.selector) >>> 0;
        this.#pay(PRICE.switch);
        return { to: "label", depth: Math.min(s.depths[selector] ?? s.depths.at(-1)!, labels.length - 1) };
      }
      case "return": {
        const value = this.#long(s.value);
        return { to: "caller", value };
      }
      case "unreachable":
        throw new Trap();
      case "call":
        return this.#callStatement(s);
    }
  }

  #grow(local: number, pages: number): Flow {
    this.#pay(PRICE.constant + PRICE.call + pages * COST_TABLE.growPage + PRICE.local);
    const old = this.memory.byteLength / PAGE;
    if (old + pages > PAGES_MAX) this.#locals.ints.set(local, -1);
    else {
      const grown = new DataView(new ArrayBuffer((old + pages) * PAGE));
      new Uint8Array(grown.buffer).set(new Uint8Array(this.memory.buffer));
      this.memory = grown;
      this.#locals.ints.set(local, old);
    }
    return NEXT;
  }

  #repeat(s: Statement & { readonly op: "repeat" }, labels: Labels): Flow {
    const { ints } = this.#locals;
    this.#pay(PRICE.constant + PRICE.local + PRICE.loop);
    ints.set(s.counter, s.times);
    for (;;) {
      if (++this.#steps > 50_000) throw new TooLong();
      this.#pay(PRICE.iteration + PRICE.local + PRICE.compare + PRICE.loopBranch);
      const left = ints.get(s.counter) ?? 0;
      if (left === 0) return NEXT;
      this.#pay(PRICE.local + PRICE.constant + PRICE.integer + PRICE.local);
      ints.set(s.counter, left - 1);
      // Two labels: the loop's, which continues, and the block's around it, which leaves.
      const flow = this.#list(s.body, [true, false, ...labels]);
      if (flow.to === "next") this.#pay(PRICE.jump);
      else if (flow.to === "caller") return flow;
      else if (flow.depth > 0) return this.#leave({ to: "label", depth: flow.depth - 1 });
    }
  }

  #count(s: Statement & { readonly op: "count" }, labels: Labels): Flow {
    const { ints } = this.#locals;
    const [counter, bound] = [LOCALS.counted[s.counter]!, LOCALS.bounds[s.counter]!];
    const { first, last } = countedRange(s);
    this.#pay(2 * (PRICE.constant + PRICE.local) + PRICE.loop);
    ints.set(counter, first);
    ints.set(bound, last);
    for (;;) {
      if (++this.#steps > 50_000) throw new TooLong();
      this.#pay(PRICE.iteration);
      // One label, which continues.
      const flow = this.#list(s.body, [true, ...labels]);
      if (flow.to === "caller") return flow;
      if (flow.to === "label") {
        if (flow.depth > 0) return { to: "label", depth: flow.depth - 1 };
        continue;
      }
      const next = ((ints.get(counter) ?? 0) + s.step) | 0;
      ints.set(counter, next);
      this.#pay(PRICE.local + PRICE.constant + PRICE.integer + PRICE.local + PRICE.loopBranch);
      if (s.end !== "zero") this.#pay(PRICE.compare + (s.end === "constant" ? PRICE.constant : PRICE.local));
      if (next === (s.end === "zero" ? 0 : s.end === "constant" ? last : (ints.get(bound) ?? 0))) return NEXT;
    }
  }

  #callStatement(s: Statement & { readonly op: "call" }): Flow {
    const depth = this.#locals.ints.get(LOCALS.depth) ?? 0;
    this.#pay(PRICE.local + PRICE.branch);
    if (depth === 0) return NEXT;
    this.#pay(PRICE.local + PRICE.constant + PRICE.integer);
    const argument = this.#long(s.argument);
    this.#pay(s.indirect ? PRICE.constant + PRICE.callIndirect : PRICE.call);
    if (s.indirect && s.callee > 1) throw new Trap();
    const value = this.call(s.callee, (depth - 1) | 0, argument);
    this.#pay(PRICE.local);
    this.#locals.longs.set(LOCALS.longs[1], value);
    return NEXT;
  }

  #address(e: Int): number {
    const value = this.#int(e);
    this.#pay(PRICE.constant + PRICE.integer);
    return value & ADDRESS_MASK;
  }

  /** The bits that a program sees of `e`: a NaN that comes straight from memory keeps its own, any other is canonical. */
  #seen(e: Float): bigint {
    if (e.op !== "load") return this.#bits(this.#float(e));
    return this.memory.getBigInt64(this.#loaded(e), true);
  }

  #loaded(e: (Int | Float) & { readonly op: "load" }): number {
    const at = this.#address(e.address);
    this.#pay(PRICE.load + this.#caches.cost(e, at));
    return at;
  }

  #bits(value: number): bigint {
    if (Number.isNaN(value)) {
      this.sawNanBits = true;
      return 0x7ff8_0000_0000_0000n;
    }
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigInt64(0);
  }

  #int(e: Int): number {
    switch (e.op) {
      case "const":
        this.#pay(PRICE.constant);
        return e.value;
      case "get":
        this.#pay(PRICE.local);
        return this.#locals.ints.get(e.local) ?? 0;
      case "i32":
        return this.#intBinary(e);
      case "less": {
        const [a, b] = [this.#float(e.a), this.#float(e.b)];
        this.#pay(PRICE.floatCompare);
        return a < b ? 1 : 0;
      }
      case "load":
        return this.memory.getInt32(this.#loaded(e), true);
      case "wrap": {
        const value = this.#long(e.a);
        this.#pay(PRICE.local);
        return Number(BigInt.asIntN(32, value));
      }
      case "choose": {
        const [a, b, condition] = [this.#int(e.a), this.#int(e.b), this.#int(e.condition)];
        this.#pay(PRICE.select);
        return condition !== 0 ? a : b;
      }
    }
  }

  #intBinary({ code, a: left, b: right }: Int & { readonly op: "i32" }): number {
    const [a, b] = [this.#int(left), this.#int(right)];
    switch (code) {
      case "mul":
        this.#pay(PRICE.multiply);
        return Math.imul(a, b);
      case "divS":
        this.#pay(right.op === "const" ? PRICE.divide32Constant : PRICE.divide32);
        if (b === 0 || (a === -(2 ** 31) && b === -1)) throw new Trap();
        return (a / b) | 0;
      case "remU":
        this.#pay(right.op === "const" ? PRICE.divide32Constant : PRICE.divide32);
        if (b === 0) throw new Trap();
        return ((a >>> 0) % (b >>> 0)) | 0;
      case "eq":
        this.#pay(PRICE.compare);
        return a === b ? 1 : 0;
      case "ltS":
        this.#pay(PRICE.compare);
        return a < b ? 1 : 0;
      case "add":
      case "sub":
      case "and":
      case "xor":
      case "shl":
        this.#pay(PRICE.integer);
        return { add: (a + b) | 0, sub: (a - b) | 0, and: a & b, xor: a ^ b, shl: a << b }[code];
    }
  }

  #long(e: Long): bigint {
    switch (e.op) {
      case "const":
        this.#pay(PRICE.constant);
        return e.value;
      case "get":
        this.#pay(PRICE.local);
        return this.#locals.longs.get(e.local) ?? 0n;
      case "i64":
        return this.#longBinary(e);
      case "extend": {
        const value = this.#int(e.a);
        this.#pay(PRICE.integer);
        return BigInt(value);
      }
      case "bits": {
        const bits = this.#seen(e.a);
        this.#pay(PRICE.integer);
        return bits;
      }
    }
  }

  #longBinary({ code, a: left, b: right }: Long & { readonly op: "i64" }): bigint {
    const [a, b] = [this.#long(left), this.#long(right)];
    switch (code) {
      case "mul":
        this.#pay(PRICE.multiply);
        return wrap(a * b);
      case "divS":
        this.#pay(right.op === "const" ? PRICE.divide64Constant : PRICE.divide64);
        if (b === 0n || (a === -(2n ** 63n) && b === -1n)) throw new Trap();
        return wrap(a / b);
      case "add":
      case "sub":
      case "xor":
      case "shrU":
        this.#pay(PRICE.integer);
        return wrap({ add: a + b, sub: a - b, xor: a ^ b, shrU: BigInt.asUintN(64, a) >> (b & 63n) }[code]);
    }
  }

  #float(e: Float): number {
    switch (e.op) {
      case "const":
        this.#pay(PRICE.constant);
        return e.value;
      case "get":
        this.#pay(PRICE.local);
        return this.#locals.floats.get(e.local) ?? 0;
      case "f64": {
        const [a, b] = [this.#float(e.a), this.#float(e.b)];
        this.#pay(e.code === "div" ? PRICE.floatDivide : PRICE.float);
        return combine(e.code, a, b);
      }
      case "sqrt": {
        const value = this.#float(e.a);
        this.#pay(PRICE.floatDivide);
        return Math.sqrt(value);
      }
      case "copysign": {
        const a = this.#float(e.a);
        // A NaN that came out of arithmetic counts as positive.
        const negative = this.#seen(e.b) < 0n;
        this.#pay(PRICE.float);
        return negative ? -Math.abs(a) : Math.abs(a);
      }
      case "load":
        return this.memory.getFloat64(this.#loaded(e), true);
    }
  }
}

function combine(code: FloatCode, a: number, b: number): number {
  switch (code) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return a / b;
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
  }
}
