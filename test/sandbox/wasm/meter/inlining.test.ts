/** Functions that hold copies of themselves do what they did without them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { METER_EXPORT, meterModule } from "../../../../sandbox/wasm/meter/index.ts";
import { inlineRecursion } from "../../../../sandbox/wasm/meter/inlining.ts";
import { craft, F64, I32, I64, signed, unsigned } from "../support/assembler.ts";
import { encodeProgram, program } from "./program.ts";

const GET = 0x20;
const SET = 0x21;
const IF_EMPTY = [0x04, 0x40];
const END = 0x0b;
const RETURN = 0x0f;
const CALL = 0x10;
const constant = (value: number): number[] => [0x41, ...signed(value)];

interface Recursive {
  readonly params: readonly number[];
  readonly result?: number;
  readonly locals?: readonly number[];
  readonly code: readonly number[];
}

/** `_start(n)` is the function that calls itself: number 0. */
function recursive({ params, result, locals = [0], code }: Recursive): Uint8Array {
  return craft({ types: [[params, result === undefined ? [] : [result]]], functions: [{ locals, code }] });
}

type Numbers = (...values: readonly (number | bigint)[]) => number | bigint | undefined;

function start(bytes: Uint8Array): { readonly call: Numbers; readonly exports: WebAssembly.Exports } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return { call: exports["_start"] as unknown as Numbers, exports };
}

function grown(original: Uint8Array): Uint8Array {
  const copied = inlineRecursion(original);
  assert.ok(copied.length > original.length, "nothing was copied");
  return copied;
}

/** n < 2 ? n : f(n − 1) + f(n − 2), left by `return`, by a branch to the function's own label, and by its end. */
const FIBONACCI = {
  params: [I32],
  result: I32,
  code: [
    [GET, 0, 0x45, ...IF_EMPTY, ...constant(0), RETURN, END],
    [...constant(1), GET, 0, ...constant(1), 0x46, 0x0d, 0, 0x1a],
    [GET, 0, ...constant(1), 0x6b, CALL, 0, GET, 0, ...constant(2), 0x6b, CALL, 0, 0x6a],
  ].flat(),
};

test("inlining: a function that calls itself twice: the same results, and its calls become a fraction", () => {
  const original = recursive(FIBONACCI);
  const plain = start(original).call;
  const copied = start(grown(original)).call;
  for (let n = 0; n < 20; n++) assert.equal(copied(n), plain(n), `f(${n})`);
});

test("inlining: locals that a copy has not set yet: zero each time it begins", () => {
  // f(n): s += n; g = s + (a call's result): a copy that kept what its last round left in `s` would return more.
  const original = recursive({
    params: [I32],
    result: I64,
    locals: [2, 1, I64, 1, F64],
    code: [
      [GET, 1, GET, 0, 0xad, 0x7c, SET, 1, GET, 2, 0x44, ...doubleBytes(0.5), 0xa0, SET, 2],
      [GET, 0, ...IF_EMPTY, GET, 1, GET, 0, ...constant(1), 0x6b, CALL, 0, 0x7c, SET, 1],
      [GET, 1, GET, 0, ...constant(1), 0x6b, CALL, 0, 0x7c, SET, 1, END],
      [GET, 1, GET, 2, 0x44, ...doubleBytes(0.5), 0x61, 0xad, 0x7c],
    ].flat(),
  });
  const plain = start(original).call;
  const copied = start(grown(original)).call;
  assert.equal(plain(0), 1n);
  for (let n = 0; n < 10; n++) assert.equal(copied(n), plain(n), `f(${n})`);
});

function doubleBytes(value: number): readonly number[] {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}

test("inlining: parameters in their order, no result, branches through tables: the same in memory", () => {
  // f(n, at): switch (n) { case 0: return; case 1: memory[at] = 7; return; default: f(n − 1, at + 4); memory[at] = n }
  const original = recursive({
    params: [I32, I32],
    code: [
      [0x02, 0x40, 0x02, 0x40, GET, 0, 0x0e, 2, 2, 1, 0, END],
      [GET, 0, ...constant(1), 0x6b, GET, 1, ...constant(4), 0x6a, CALL, 0],
      [GET, 1, GET, 0, 0x36, 2, 0, RETURN, END],
      [GET, 1, ...constant(7), 0x36, 2, 0],
    ].flat(),
  });
  const plain = start(original);
  const copied = start(grown(original));
  plain.call(50, 8);
  copied.call(50, 8);
  const memory = memoryOf(plain.exports);
  assert.ok(memory.equals(memoryOf(copied.exports)));
  assert.equal(memory.readInt32LE(8), 50);
});

function memoryOf(exports: WebAssembly.Exports): Buffer {
  return Buffer.from((exports["memory"] as WebAssembly.Memory).buffer);
}

test("inlining: without end: stops at the end of the stack, counted with the locals of its copies", () => {
  // f(n) = f(n + 1) + 1, which no tail call could be made of.
  const original = recursive({
    params: [I32],
    result: I32,
    code: [GET, 0, ...constant(1), 0x6a, CALL, 0, ...constant(1), 0x6a],
  });
  const stackOf = (copies: boolean): bigint => {
    const { call, exports } = start(meterModule(original, { copies }).bytes);
    (exports[METER_EXPORT.fuel] as WebAssembly.Global).value = 10n ** 12n;
    const stack = exports[METER_EXPORT.stack] as WebAssembly.Global;
    stack.value = 1_000_000n;
    assert.throws(() => call(0), WebAssembly.RuntimeError);
    return stack.value as bigint;
  };
  for (const copies of [true, false]) assert.ok(stackOf(copies) < 0n, `copies: ${copies}`);
});

test("inlining: handlers, tail calls, too much code or too many locals: left as they are", () => {
  const call = [GET, 0, CALL, 0];
  const left: readonly Recursive[] = [
    { params: [I32], result: I32, code: [GET, 0, 0x12, 0] },
    { params: [I32], result: I32, code: [0x1f, I32, 0, ...call, END] },
    { params: [I32], result: I32, code: [...Array.from({ length: 150 }, () => [GET, 0, 0x1a]).flat(), ...call] },
    { params: [I32], result: I32, locals: [1, 60, I32], code: call },
    { params: [I32], result: I32, code: [GET, 0] },
  ];
  for (const each of left) {
    const original = recursive(each);
    assert.ok(WebAssembly.validate(original));
    assert.equal(inlineRecursion(original), original);
  }
});

test("inlining: thousands of functions that call themselves: what is added is bounded", () => {
  const functions = Array.from({ length: 5_000 }, (_, index) => ({
    code: [...FIBONACCI.code.slice(0, -12), GET, 0, ...constant(1), 0x6b, CALL, ...unsigned(index)],
  }));
  const original = craft({ types: [[[I32], [I32]]], functions });
  const copied = grown(original);
  assert.ok(WebAssembly.validate(copied));
  assert.ok(copied.length - original.length < 200_000, `${copied.length - original.length} bytes`);
});

const RUNS = 300;
const FUEL = 10n ** 10n;

test("inlining: random programs: results, traps and memory are the same with and without copies", () => {
  let copied = 0;
  fc.assert(
    fc.property(program, (each) => {
      const { bytes } = encodeProgram(each);
      const run = (copies: boolean): readonly unknown[] => {
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(bytes, { copies }).bytes));
        (exports[METER_EXPORT.fuel] as WebAssembly.Global).value = FUEL;
        (exports[METER_EXPORT.stack] as WebAssembly.Global).value = 100_000n;
        (exports[METER_EXPORT.pagesMax] as WebAssembly.Global).value = 100;
        let ending: unknown;
        try {
          ending = (exports["run"] as unknown as Numbers)(3, 12_345n);
        } catch (error) {
          assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
          ending = "trap";
        }
        const left = (exports[METER_EXPORT.fuel] as WebAssembly.Global).value as bigint;
        return [left < 0n, ending, memoryOf(exports)];
      };
      const [outOfFuel, ...plain] = run(false);
      const [outOfFuelToo, ...withCopies] = run(true);
      fc.pre(outOfFuel !== true && outOfFuelToo !== true);
      if (inlineRecursion(bytes) !== bytes) copied++;
      assert.deepEqual(withCopies, plain);
    }),
    { numRuns: RUNS },
  );
  assert.ok(copied > RUNS / 20, `only ${copied} programs have copies`);
});
