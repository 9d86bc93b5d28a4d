/** What waiting for memory costs: the metered module against the twin's caches, on memory larger than these. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { METER_EXPORT, meterModule } from "../../../../sandbox/wasm/meter/index.ts";
import { craft, I32, signed, text, unsigned } from "../support/assembler.ts";
import { CacheTwin } from "./twin.ts";

const PAGES = 512;
const LINES = (PAGES * 65_536) / 64;
const MASK = PAGES * 65_536 - 4;
const FUEL = 10n ** 15n;
const ROUNDS = 200_000;
const SEED = 88_675_123;

/** x ^= x << 13, x ^= x >>> 17, x ^= x << 5 */
const SHUFFLE = [
  [13, 0x74],
  [17, 0x76],
  [5, 0x74],
].flatMap(([by, shift]) => [0x20, 1, 0x20, 1, 0x41, by!, shift!, 0x73, 0x21, 1]);
const ADDRESS = [0x20, 1, 0x41, ...signed(MASK), 0x71];
const DECREMENT = [0x20, 0, 0x41, 1, 0x6b, 0x22, 0];
const repeat = (body: readonly number[]): number[] => [
  0x03,
  0x40,
  ...body,
  // if (--rounds) continue
  ...DECREMENT,
  0x0d,
  0,
  0x0b,
];
const FUNCTIONS = {
  scattered: [...SHUFFLE, ...ADDRESS, 0x28, 2, 0, 0x1a],
  stores: [...SHUFFLE, ...ADDRESS, 0x20, 0, 0x36, 2, 0],
  // at = *at
  chained: [0x20, 1, 0x28, 2, 0, 0x21, 1],
  // *at, at += 64
  inOrder: [0x20, 1, 0x28, 2, 0, 0x1a, 0x20, 1, 0x41, ...signed(64), 0x6a, 0x21, 1],
} as const;
type Name = keyof typeof FUNCTIONS;

const ORIGINAL = craft({
  types: [[[I32, I32], []]],
  functions: Object.values(FUNCTIONS).map((body) => ({ code: repeat(body) })),
  memory: [1, 0, ...unsigned(PAGES)],
  exports: Object.keys(FUNCTIONS).map((name, index) => [...text(name), 0, index]),
});

function cost(name: Name, start: number, caches: boolean, prepare?: (words: Int32Array) => void): number {
  const { bytes } = meterModule(ORIGINAL, { caches });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const fuel = exports[METER_EXPORT.fuel] as WebAssembly.Global;
  fuel.value = FUEL;
  (exports[METER_EXPORT.stack] as WebAssembly.Global).value = 1_000_000n;
  prepare?.(new Int32Array((exports["memory"] as WebAssembly.Memory).buffer));
  (exports[name] as unknown as (rounds: number, start: number) => void)(ROUNDS, start);
  return Number(FUEL - fuel.value);
}

/** A full cycle: an odd number of lines. */
function step(line: number): number {
  return (line + 104_729) % LINES;
}

function prepareChain(words: Int32Array): void {
  for (let line = 0; line < LINES; line++) words[line * 16] = step(line) * 64;
}

function* chain(): Generator<number> {
  for (let line = 1, round = 0; round < ROUNDS; round++, line = step(line)) yield line * 64;
}

function* shuffled(): Generator<number> {
  for (let x = SEED, round = 0; round < ROUNDS; round++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    yield x & MASK;
  }
}

function expected(addresses: Iterable<number>, chained: boolean): number {
  const caches = new CacheTwin(new Map());
  let sum = 0;
  for (const address of addresses) sum += caches.look(address, chained);
  return sum;
}

for (const name of ["scattered", "stores"] as const)
  test(`meter: ${name} all over 32 MiB: pay what the twin's caches say`, () => {
    const waits = cost(name, SEED, true) - cost(name, SEED, false);
    assert.equal(waits, expected(shuffled(), false));
    assert.ok(waits > 1000 * ROUNDS);
  });

test("meter: a chain of pointers through 32 MiB: pays what the twin's caches say", () => {
  assert.equal(
    cost("chained", 64, true, prepareChain) - cost("chained", 64, false, prepareChain),
    expected(chain(), true),
  );
});

test("meter: memory read in order: costs no more than the instructions", () => {
  assert.equal(cost("inOrder", 0, true), cost("inOrder", 0, false));
});

test("meter: the same module twice: each instance starts with empty caches", () => {
  assert.equal(cost("scattered", SEED, true), cost("scattered", SEED, true));
});
