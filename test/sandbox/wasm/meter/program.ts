/** Small random programs: their shape, how they are generated, and how they become a WebAssembly module. */
import * as fc from "fast-check";

/** Expressions; the letter says the type: i32, i64 (`l`), f64 (`d`). */
export type Int =
  | { readonly op: "const"; readonly value: number }
  | { readonly op: "get"; readonly local: number }
  | { readonly op: "i32"; readonly code: IntCode; readonly a: Int; readonly b: Int }
  | { readonly op: "less"; readonly a: Float; readonly b: Float }
  | { readonly op: "load"; readonly address: Int }
  | { readonly op: "wrap"; readonly a: Long }
  | { readonly op: "choose"; readonly a: Int; readonly b: Int; readonly condition: Int };
export type Long =
  | { readonly op: "const"; readonly value: bigint }
  | { readonly op: "get"; readonly local: number }
  | { readonly op: "i64"; readonly code: LongCode; readonly a: Long; readonly b: Long }
  | { readonly op: "extend"; readonly a: Int }
  | { readonly op: "bits"; readonly a: Float };
export type Float =
  | { readonly op: "const"; readonly value: number }
  | { readonly op: "get"; readonly local: number }
  | { readonly op: "f64"; readonly code: FloatCode; readonly a: Float; readonly b: Float }
  | { readonly op: "sqrt"; readonly a: Float }
  | { readonly op: "copysign"; readonly a: Float; readonly b: Float }
  | { readonly op: "load"; readonly address: Int };

export type Statement =
  | { readonly op: "setInt"; readonly local: number; readonly value: Int }
  | { readonly op: "setLong"; readonly local: number; readonly value: Long }
  | { readonly op: "setFloat"; readonly local: number; readonly value: Float }
  | { readonly op: "storeInt"; readonly address: Int; readonly value: Int }
  | { readonly op: "storeFloat"; readonly address: Int; readonly value: Float }
  | { readonly op: "fill"; readonly address: Int; readonly value: Int; readonly length: number }
  | { readonly op: "grow"; readonly local: number; readonly pages: number }
  | {
      readonly op: "if";
      readonly condition: Int;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | { readonly op: "block"; readonly body: readonly Statement[] }
  | { readonly op: "repeat"; readonly counter: number; readonly times: number; readonly body: readonly Statement[] }
  /** Counts from `from` in steps until it is `rounds` steps on, and tests this after its body, in one of the ways of `CountedEnd`. */
  | {
      readonly op: "count";
      readonly counter: number;
      readonly from: number;
      readonly step: number;
      readonly rounds: number;
      readonly end: CountedEnd;
      readonly body: readonly Statement[];
    }
  /** Branches out of `depth` enclosing statements, or as many as there are; a loop's label continues it. */
  | { readonly op: "branchIf"; readonly depth: number; readonly condition: Int }
  | { readonly op: "branch"; readonly depth: number }
  | { readonly op: "switch"; readonly depths: readonly number[]; readonly selector: Int }
  | { readonly op: "return"; readonly value: Long }
  | { readonly op: "unreachable" }
  /** Calls function `callee` with one less depth, if any is left. */
  | { readonly op: "call"; readonly callee: number; readonly indirect: boolean; readonly argument: Long };

/** `i += step` is tested against a constant, against a local before or behind it, or against nothing, when it ends with 0. */
export type CountedEnd = "constant" | "before" | "behind" | "zero";

export interface Func {
  readonly body: readonly Statement[];
  readonly result: Long;
}
export interface Program {
  readonly functions: readonly Func[];
}

export const INT_CODES = {
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  divS: 0x6d,
  remU: 0x70,
  and: 0x71,
  xor: 0x73,
  shl: 0x74,
  eq: 0x46,
  ltS: 0x48,
} as const;
export const LONG_CODES = { add: 0x7c, sub: 0x7d, mul: 0x7e, divS: 0x7f, xor: 0x85, shrU: 0x88 } as const;
export const FLOAT_CODES = { add: 0xa0, sub: 0xa1, mul: 0xa2, div: 0xa3, min: 0xa4, max: 0xa5 } as const;
export type IntCode = keyof typeof INT_CODES;
export type LongCode = keyof typeof LONG_CODES;
export type FloatCode = keyof typeof FLOAT_CODES;

/** Locals: depth (i32) and argument (i64) are parameters; then i32s, i64s, f64s, and counters of loops. */
export const LOCALS = {
  depth: 0,
  argument: 1,
  ints: [2, 3],
  longs: [1, 4, 5],
  floats: [6, 7],
  counters: [8, 9, 10, 11],
  /** The bounds of counted loops, and what they count. */
  bounds: [12, 13, 14, 15],
  counted: [16, 17, 18, 19],
} as const;
export const MEMORY_PAGES = 1;
/** Addresses are masked, so that most accesses are in bounds. */
export const ADDRESS_MASK = 0xfff8;

const keysOf = <K extends string>(record: Readonly<Record<K, number>>): K[] => Object.keys(record) as K[];
const DEPTH = { maxDepth: 4, depthIdentifier: "expression" } as const;

const { int, long, float } = fc.letrec<{ int: Int; long: Long; float: Float }>((tie) => ({
  int: fc.oneof(
    DEPTH,
    fc.record({ op: fc.constant("const" as const), value: fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 })) }),
    fc.record({ op: fc.constant("get" as const), local: fc.constantFrom(0, ...LOCALS.ints) }),
    fc.record({
      op: fc.constant("i32" as const),
      code: fc.constantFrom(...keysOf(INT_CODES)),
      a: tie("int"),
      b: tie("int"),
    }),
    fc.record({ op: fc.constant("less" as const), a: tie("float"), b: tie("float") }),
    fc.record({ op: fc.constant("load" as const), address: tie("int") }),
    fc.record({ op: fc.constant("wrap" as const), a: tie("long") }),
    fc.record({ op: fc.constant("choose" as const), a: tie("int"), b: tie("int"), condition: tie("int") }),
  ),
  long: fc.oneof(
    DEPTH,
    fc.record({ op: fc.constant("const" as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
    fc.record({ op: fc.constant("get" as const), local: fc.constantFrom(...LOCALS.longs) }),
    fc.record({
      op: fc.constant("i64" as const),
      code: fc.constantFrom(...keysOf(LONG_CODES)),
      a: tie("long"),
      b: tie("long"),
    }),
    fc.record({ op: fc.constant("extend" as const), a: tie("int") }),
    fc.record({ op: fc.constant("bits" as const), a: tie("float") }),
  ),
  float: fc.oneof(
    DEPTH,
    fc.record({
      op: fc.constant("const" as const),
      value: fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, Infinity)),
    }),
    fc.record({ op: fc.constant("get" as const), local: fc.constantFrom(...LOCALS.floats) }),
    fc.record({
      op: fc.constant("f64" as const),
      code: fc.constantFrom(...keysOf(FLOAT_CODES)),
      a: tie("float"),
      b: tie("float"),
    }),
    fc.record({ op: fc.constant("sqrt" as const), a: tie("float") }),
    fc.record({ op: fc.constant("copysign" as const), a: tie("float"), b: tie("float") }),
    fc.record({ op: fc.constant("load" as const), address: tie("int") }),
  ),
}));

/** Few addresses, and floats that are often NaNs: stored in a row, they are looked at together. */
const nearby: fc.Arbitrary<Int> = fc.record({
  op: fc.constant("const" as const),
  value: fc.nat({ max: 7 }).map((index) => index * 8),
});
const near: fc.Arbitrary<Float> = fc.oneof(
  fc.record({ op: fc.constant("load" as const), address: nearby }),
  fc.record({ op: fc.constant("get" as const), local: fc.constantFrom(...LOCALS.floats) }),
  fc.record({ op: fc.constant("const" as const), value: fc.constantFrom(0, -1, 1, Infinity, -Infinity, 1e308) }),
);
const nearSum: fc.Arbitrary<Float> = fc.record({
  op: fc.constant("f64" as const),
  code: fc.constantFrom("add" as const, "sub" as const, "mul" as const),
  a: near,
  b: near,
});
const row: fc.Arbitrary<Statement> = fc.record({
  op: fc.constant("block" as const),
  body: fc.array(
    fc.oneof(
      { arbitrary: fc.record({ op: fc.constant("storeFloat" as const), address: nearby, value: nearSum }), weight: 4 },
      { arbitrary: fc.record({ op: fc.constant("storeFloat" as const), address: nearby, value: near }), weight: 1 },
      {
        arbitrary: fc.record({
          op: fc.constant("storeFloat" as const),
          address: nearby,
          value: fc.record({ op: fc.constant("sqrt" as const), a: near }),
        }),
        weight: 1,
      },
      {
        arbitrary: fc.record({
          op: fc.constant("setFloat" as const),
          local: fc.constantFrom(...LOCALS.floats),
          value: nearSum,
        }),
        weight: 1,
      },
      {
        arbitrary: fc.record({
          op: fc.constant("setLong" as const),
          local: fc.constantFrom(...LOCALS.longs),
          value: fc.record({ op: fc.constant("bits" as const), a: near }),
        }),
        weight: 1,
      },
    ),
    { minLength: 2, maxLength: 8 },
  ),
});

const FUNCTIONS = 4;
const depth = fc.nat({ max: 4 });

function statements(nesting: number): fc.Arbitrary<readonly Statement[]> {
  const simple: fc.Arbitrary<Statement>[] = [
    fc.record({ op: fc.constant("setInt" as const), local: fc.constantFrom(...LOCALS.ints), value: int }),
    fc.record({ op: fc.constant("setLong" as const), local: fc.constantFrom(...LOCALS.longs), value: long }),
    fc.record({ op: fc.constant("setFloat" as const), local: fc.constantFrom(...LOCALS.floats), value: float }),
    fc.record({ op: fc.constant("storeInt" as const), address: int, value: int }),
    fc.record({ op: fc.constant("storeFloat" as const), address: int, value: float }),
    fc.record({ op: fc.constant("fill" as const), address: int, value: int, length: fc.nat({ max: 300 }) }),
    fc.record({ op: fc.constant("grow" as const), local: fc.constantFrom(...LOCALS.ints), pages: fc.nat({ max: 2 }) }),
    fc.record({ op: fc.constant("branchIf" as const), depth, condition: int }),
    fc.record({
      op: fc.constant("switch" as const),
      depths: fc.array(depth, { minLength: 1, maxLength: 3 }),
      selector: int,
    }),
    fc.record({ op: fc.constant("branch" as const), depth }),
    fc.record({ op: fc.constant("return" as const), value: long }),
    fc.record({ op: fc.constant("unreachable" as const) }),
    fc.record({
      op: fc.constant("call" as const),
      callee: fc.nat({ max: FUNCTIONS - 1 }),
      indirect: fc.boolean(),
      argument: long,
    }),
  ];
  const calm = fc.oneof(...simple.slice(0, 8), simple[12]!, row);
  const abrupt = fc.oneof(...simple.slice(8, 12));
  const plain = fc.oneof({ arbitrary: calm, weight: 12 }, { arbitrary: abrupt, weight: 1 });
  if (nesting === 0) return fc.array(plain, { maxLength: 3 });
  const inner = statements(nesting - 1);
  const counter = LOCALS.counters[nesting - 1]!;
  const nested: fc.Arbitrary<Statement> = fc.oneof(
    fc.record({ op: fc.constant("if" as const), condition: int, yes: inner, no: inner }),
    fc.record({ op: fc.constant("block" as const), body: inner }),
    fc.record({
      op: fc.constant("repeat" as const),
      counter: fc.constant(counter),
      times: fc.integer({ min: 1, max: 4 }),
      body: inner,
    }),
    fc.record({
      op: fc.constant("count" as const),
      counter: fc.constant(nesting - 1),
      from: fc.oneof(fc.integer(), fc.constant(0)),
      step: fc.constantFrom(1, 2, 8, -1, -4, 3, -(2 ** 31)),
      rounds: fc.integer({ min: 1, max: 5 }),
      end: fc.constantFrom("constant" as const, "before" as const, "behind" as const, "zero" as const),
      body: inner,
    }),
  );
  return fc.array(fc.oneof({ arbitrary: plain, weight: 2 }, { arbitrary: nested, weight: 1 }), { maxLength: 4 });
}

export const program: fc.Arbitrary<Program> = fc.record({
  functions: fc.array(fc.record({ body: statements(3), result: long }), { minLength: FUNCTIONS, maxLength: FUNCTIONS }),
});

// --- encoding ---

/** Loads and stores, as nodes of the tree. */
export type Access =
  | ((Int | Float) & { readonly op: "load" })
  | (Statement & { readonly op: "storeInt" | "storeFloat" });
/** Stands in code, before the byte of an access's opcode, for a note of where it lies. */
const MARK = 0x100;
/** Accesses in the order in which their opcodes are written. */
let written: Access[] = [];
function marked(access: Access, opcode: number): number {
  written.push(access);
  return MARK | opcode;
}

function leb(value: bigint | number): number[] {
  const out: number[] = [];
  for (let rest = BigInt(value); ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) return [...out, low];
    out.push(low | 0x80);
  }
}
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
const joined = (...parts: readonly (readonly number[])[]): number[] => parts.flat();
const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
const f64 = (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
const address = (a: Int): number[] => [...encodeInt(a), 0x41, ...leb(ADDRESS_MASK), 0x71];

function encodeInt(e: Int): number[] {
  switch (e.op) {
    case "const":
      return [0x41, ...leb(e.value)];
    case "get":
      return [0x20, e.local];
    case "i32":
      return [...encodeInt(e.a), ...encodeInt(e.b), INT_CODES[e.code]];
    case "less":
      return [...encodeFloat(e.a), ...encodeFloat(e.b), 0x63];
    case "load":
      return [...address(e.address), marked(e, 0x28), 2, 0];
    case "wrap":
      return [...encodeLong(e.a), 0xa7];
    case "choose":
      return [...encodeInt(e.a), ...encodeInt(e.b), ...encodeInt(e.condition), 0x1b];
  }
}
function encodeLong(e: Long): number[] {
  switch (e.op) {
    case "const":
      return [0x42, ...leb(e.value)];
    case "get":
      return [0x20, e.local];
    case "i64":
      return [...encodeLong(e.a), ...encodeLong(e.b), LONG_CODES[e.code]];
    case "extend":
      return [...encodeInt(e.a), 0xac];
    case "bits":
      return [...encodeFloat(e.a), 0xbd];
  }
}
function encodeFloat(e: Float): number[] {
  switch (e.op) {
    case "const":
      return f64(e.value);
    case "get":
      return [0x20, e.local];
    case "f64":
      return [...encodeFloat(e.a), ...encodeFloat(e.b), FLOAT_CODES[e.code]];
    case "sqrt":
      return [...encodeFloat(e.a), 0x9f];
    case "copysign":
      return [...encodeFloat(e.a), ...encodeFloat(e.b), 0xa6];
    case "load":
      return [...address(e.address), marked(e, 0x2b), 3, 0];
  }
}

const EMPTY = 0x40;

/** What a counted loop's counter begins with, and with which value it ends. */
export function countedRange({ from, step, rounds, end }: Statement & { readonly op: "count" }): {
  readonly first: number;
  readonly last: number;
} {
  const last = end === "zero" ? 0 : (from + Math.imul(step, rounds)) | 0;
  return { first: (last - Math.imul(step, rounds)) | 0, last };
}

/** @param labels how many labels enclose the statement; the outermost one is the function's, which takes its result. */
function encodeStatement(s: Statement, labels: number): number[] {
  const body = (list: readonly Statement[]): number[] => list.flatMap((each) => encodeStatement(each, labels + 1));
  const label = (wanted: number): number => Math.min(wanted, labels - 1);
  switch (s.op) {
    case "setInt":
      return [...encodeInt(s.value), 0x21, s.local];
    case "setLong":
      return [...encodeLong(s.value), 0x21, s.local];
    case "setFloat":
      return [...encodeFloat(s.value), 0x21, s.local];
    case "storeInt":
      return [...address(s.address), ...encodeInt(s.value), marked(s, 0x36), 2, 0];
    case "storeFloat":
      return [...address(s.address), ...encodeFloat(s.value), marked(s, 0x39), 3, 0];
    case "fill":
      return [...address(s.address), ...encodeInt(s.value), 0x41, ...leb(s.length), 0xfc, 11, 0];
    case "grow":
      return [0x41, ...leb(s.pages), 0x40, 0, 0x21, s.local];
    case "if":
      return [...encodeInt(s.condition), 0x04, EMPTY, ...body(s.yes), 0x05, ...body(s.no), 0x0b];
    case "block":
      return [0x02, EMPTY, ...body(s.body), 0x0b];
    case "repeat":
      // counter = times; loop { if (counter == 0) leave; counter--; body; continue }
      return joined(
        [0x41, ...leb(s.times), 0x21, s.counter, 0x02, EMPTY, 0x03, EMPTY],
        [0x20, s.counter, 0x45, 0x0d, 1],
        [0x20, s.counter, 0x41, 1, 0x6b, 0x21, s.counter],
        s.body.flatMap((each) => encodeStatement(each, labels + 2)),
        [0x0c, 0, 0x0b, 0x0b],
      );
    case "count": {
      const [counter, bound] = [LOCALS.counted[s.counter]!, LOCALS.bounds[s.counter]!];
      const { first, last } = countedRange(s);
      const advance = [0x20, counter, 0x41, ...leb(s.step), 0x6a, 0x22, counter];
      const test = {
        constant: [...advance, 0x41, ...leb(last), 0x47],
        behind: [...advance, 0x20, bound, 0x47],
        before: [0x20, bound, ...advance, 0x47],
        zero: advance,
      }[s.end];
      return joined(
        [0x41, ...leb(first), 0x21, counter, 0x41, ...leb(last), 0x21, bound],
        [0x03, EMPTY],
        body(s.body),
        test,
        [0x0d, 0, 0x0b],
      );
    }
    case "branchIf":
      return labels === 0 ? [] : [...encodeInt(s.condition), 0x0d, label(s.depth)];
    case "branch":
      return labels === 0 ? [] : [0x0c, label(s.depth)];
    case "switch":
      return labels === 0 ? [] : [...encodeInt(s.selector), 0x0e, s.depths.length - 1, ...s.depths.map(label)];
    case "return":
      return [...encodeLong(s.value), 0x0f];
    case "unreachable":
      return [0x00];
    case "call":
      return joined(
        [0x20, LOCALS.depth, 0x04, EMPTY],
        [0x20, LOCALS.depth, 0x41, 1, 0x6b, ...encodeLong(s.argument)],
        s.indirect ? [0x41, s.callee, 0x11, 0, 0] : [0x10, s.callee],
        [0x21, LOCALS.longs[1], 0x0b],
      );
  }
}

const I32 = 0x7f;
const I64 = 0x7e;
const F64 = 0x7c;

export interface Encoded {
  readonly bytes: Uint8Array;
  /** By the offset of its opcode. */
  readonly accesses: ReadonlyMap<number, Access>;
}

/** Function 0 is exported as `run`, the memory as `memory`; functions 0 and 1 are in the table. */
export function encodeProgram({ functions }: Program): Encoded {
  written = [];
  const bodies = functions.map(({ body, result }) => {
    const code = joined(
      [4, 2, I32, 2, I64, 2, F64, 3 * LOCALS.counters.length, I32],
      body.flatMap((each) => encodeStatement(each, 0)),
      encodeLong(result),
      [0x0b],
    );
    return [...unsigned(code.length), ...code];
  });
  const code = joined(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, [1, 0x60, 2, I32, I64, 1, I64]),
    section(3, [functions.length, ...functions.map(() => 0)]),
    section(4, [1, 0x70, 0, functions.length]),
    section(5, [1, 1, MEMORY_PAGES, 4]),
    section(7, [2, ...text("run"), 0, 0, ...text("memory"), 2, 0]),
    // Indirect calls of functions 2 and 3 find nothing and trap.
    section(9, [1, 0, 0x41, 0, 0x0b, 2, 0, 1]),
    section(10, [functions.length, ...bodies.flat()]),
  );
  const offsets = code.flatMap((byte, offset) => (byte < MARK ? [] : [offset]));
  return {
    bytes: Uint8Array.from(code, (byte) => byte & 0xff),
    accesses: new Map(offsets.map((offset, i) => [offset, written[i]!])),
  };
}
