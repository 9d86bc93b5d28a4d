/** Floats stored one after the other: what a program could see of NaNs among them is canonical, whatever the machine makes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { METER_EXPORT, meterModule } from "../../../../sandbox/wasm/meter/index.ts";
import { craft, F64, I32, signed } from "../support/assembler.ts";

const CANONICAL = 0x7ff8_0000_0000_0000n;
/** A NaN that only comes from a program's own bits. */
const PAYLOAD = 0x7ff4_0000_0000_0123n;
const ONE = 0x3ff0_0000_0000_0000n;

const at = (address: number): number[] => [0x41, ...signed(address)];
const f64 = (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
const f32 = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
const load = (address: number, offset = 0): number[] => [...at(address), 0x2b, 3, offset];
const store = (address: number, value: readonly number[], offset = 0): number[] => [
  ...at(address),
  ...value,
  0x39,
  3,
  offset,
];
const storeBits = (address: number, bits: bigint): number[] => [...at(address), 0x42, ...signed(bits), 0x37, 3, 0];
const plus = (a: readonly number[], b: readonly number[]): number[] => [...a, ...b, 0xa0];
/** On many processors a NaN whose sign is set. */
const NAN = [...f64(-1), 0x9f];
const INFINITE = plus(f64(Infinity), f64(1));
const MINUS_INFINITE = plus(f64(-Infinity), f64(1));

const bits = (value: readonly number[]): number[] => [...value, 0xbd];
const copy = (address: number, value: readonly number[]): number[] => [...at(address), ...value, 0x37, 3, 0];
const put = (address: number, value: readonly number[]): number[] => [...at(address), ...value, 0x38, 2, 0];

interface Left {
  readonly trapped: boolean;
  readonly bits: (address: number) => bigint;
}

function run(code: readonly number[]): Left {
  const module = craft({ functions: [{ locals: [2, 2, I32, 2, F64], code }] });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(module).bytes));
  (exports[METER_EXPORT.fuel] as WebAssembly.Global).value = 1_000_000n;
  (exports[METER_EXPORT.stack] as WebAssembly.Global).value = 1_000_000n;
  let trapped = false;
  try {
    (exports["_start"] as unknown as () => void)();
  } catch (error) {
    assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
    trapped = true;
  }
  const view = new DataView((exports["memory"] as WebAssembly.Memory).buffer);
  return { trapped, bits: (address) => view.getBigUint64(address, true) };
}

function expectBits(code: readonly number[], expected: Readonly<Record<number, bigint>>): void {
  const { trapped, bits } = run(code);
  assert.ok(!trapped);
  for (const [address, wanted] of Object.entries(expected))
    assert.equal(bits(Number(address)).toString(16), wanted.toString(16), `at ${address}`);
}

const number = (value: number): bigint => new DataView(Float64Array.of(value).buffer).getBigUint64(0, true);
const sum = (a: number, b: number): number[] => plus(f64(a), f64(b));

test("meter: stores in a row: the first, the last and all of them may be NaNs", () => {
  expectBits([...store(0, NAN), ...store(8, sum(1, 2))], { 0: CANONICAL, 8: number(3) });
  expectBits([...store(0, sum(1, 2)), ...store(8, NAN)], { 0: number(3), 8: CANONICAL });
  expectBits([...store(0, NAN, 16), ...store(8, NAN), ...store(0, NAN)], { 0: CANONICAL, 8: CANONICAL, 16: CANONICAL });
});

test("meter: stores in a row: infinities that only together make a NaN stay what they are", () => {
  expectBits([...store(0, INFINITE), ...store(8, MINUS_INFINITE), ...store(16, sum(1, 2))], {
    0: number(Infinity),
    8: number(-Infinity),
    16: number(3),
  });
});

test("meter: stores in a row: a NaN that is loaded between them and goes into another", () => {
  expectBits([...store(0, NAN), ...store(8, plus(load(0), f64(1))), ...store(16, plus(load(8), load(0)))], {
    0: CANONICAL,
    8: CANONICAL,
    16: CANONICAL,
  });
});

test("meter: stores in a row: a NaN that is stored over, and one over a number", () => {
  expectBits([...store(0, NAN), ...store(8, sum(1, 2)), ...store(0, sum(2, 2))], { 0: number(4), 8: number(3) });
  expectBits([...store(0, NAN), ...store(8, sum(1, 2)), ...store(0, f64(1))], { 0: ONE, 8: number(3) });
  expectBits([...store(0, sum(1, 2)), ...store(8, NAN), ...store(0, NAN)], { 0: CANONICAL, 8: CANONICAL });
});

test("meter: stores in a row: bits that are only moved stay what they are", () => {
  const before = storeBits(32, PAYLOAD);
  expectBits([...before, ...store(0, NAN), ...store(8, load(32)), ...store(16, NAN)], {
    0: CANONICAL,
    8: PAYLOAD,
    16: CANONICAL,
    32: PAYLOAD,
  });
  // A NaN of the machine's that is moved is canonical before.
  expectBits([...store(0, NAN), ...store(8, NAN), ...store(16, load(0))], {
    0: CANONICAL,
    8: CANONICAL,
    16: CANONICAL,
  });
});

test("meter: stores in a row: whatever looks at bits between them sees canonical ones", () => {
  const watchers: readonly (readonly [number[], bigint])[] = [
    [copy(24, bits(load(0))), CANONICAL],
    [copy(24, [...load(0), 0x21, 2, 0x20, 2, 0xbd]), CANONICAL],
    [copy(24, [...at(0), 0x29, 3, 0]), CANONICAL],
    [store(24, [...f64(1), ...load(0), 0xa6]), ONE],
    [copy(24, [...load(0), 0xfd, 20, 0xfd, 29, 0]), CANONICAL],
    [[...at(24), ...at(0), ...at(8), 0xfc, 10, 0, 0], CANONICAL],
  ];
  for (const [watch, seen] of watchers)
    expectBits([...store(0, NAN), ...store(8, NAN), ...watch, ...store(16, NAN)], {
      0: CANONICAL,
      16: CANONICAL,
      24: seen,
    });
});

test("meter: stores in a row: addresses that change between them", () => {
  const next = [0x20, 0, 0x41, 8, 0x6a, 0x22, 0];
  const push = (value: readonly number[]): number[] => [...next, ...value, 0x39, 3, 0];
  const through = plus([0x20, 0, 0x2b, 3, 0], f64(1));
  expectBits([...push(NAN), ...push(through), ...push(through), ...push(sum(1, 2))], {
    8: CANONICAL,
    16: number(1),
    24: number(1),
    32: number(3),
  });
});

test("meter: stores in a row: single floats", () => {
  const nan = [...f32(-1), 0x91];
  const some = [...f32(1), ...f32(2), 0x92];
  expectBits([...put(0, nan), ...put(4, some), ...put(8, some), ...put(12, nan)], {
    0: 0x4040_0000_7fc0_0000n,
    8: 0x7fc0_0000_4040_0000n,
  });
  // Both widths, each other's neighbours.
  expectBits([...put(0, nan), ...store(8, NAN), ...put(4, nan), ...store(16, NAN)], {
    0: 0x7fc0_0000_7fc0_0000n,
    8: CANONICAL,
    16: CANONICAL,
  });
});

test("meter: stores in a row: more of them than are looked at together", () => {
  const many = Array.from({ length: 70 }, (_, i) => i * 8);
  expectBits(
    many.flatMap((address) => store(address, address % 24 === 0 ? NAN : sum(1, 2))),
    Object.fromEntries(many.map((address) => [address, address % 24 === 0 ? CANONICAL : number(3)])),
  );
});

test("meter: stores in a row: one that lies askew to a NaN's: trapped, and only then", () => {
  const askew = (value: readonly number[]): number[] => [...store(0, value), ...store(16, plus(load(4), f64(1)))];
  assert.ok(run(askew(NAN)).trapped);
  assert.ok(!run(askew(sum(1, 2))).trapped);
  assert.ok(!run([...store(0, NAN), ...store(0, f64(1), 4), ...store(16, sum(1, 2))]).trapped);
});
