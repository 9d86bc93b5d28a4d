/** What the compiler's module is counted by, on modules small enough to count by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { packedSites, unpackedSites } from "../../../../sandbox/wasm/clang/counting-sites.ts";
import { instrument, MEMORY_IMPORT, STEPS_EXPORT } from "../../../../sandbox/wasm/clang/instrument.ts";
import { craft, I32, signed, unsigned } from "../support/assembler.ts";

const CALL = 4;
const ROUND = 1;

const GLOBALS = [[I32, 1, 0x41, 0, 0x0b]];
const IMPORTS = [["host", 0]] as const;
const HOST = 0;
/** Calls the next one. */
const OTHER = 2;
const LEAF = 3;
const call = (index: number): number[] => [0x10, ...unsigned(index)];
/** Loops over `body` until local 0 has been counted down from `rounds`. */
const loop = (rounds: number, body: readonly number[], first: readonly number[] = []): number[] =>
  [
    [0x41, ...signed(rounds), 0x21, 0],
    [0x03, 0x40, ...first],
    // br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))
    [...body, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b],
  ].flat();
const ONE_LOCAL = [1, 1, I32];
const ENDLESS = [0x03, 0x40, 0x0c, 0, 0x0b];
const move = (second: number, bytes: number, instruction: readonly number[], to = 0): number[] =>
  [[0x41, to], [0x41, ...signed(second)], [0x41, ...signed(bytes)], instruction].flat();
const COPY = [0xfc, 10, 0, 0];
const FILL = [0xfc, 11, 0];

function run(code: readonly number[], budget: number): { readonly spent: number; readonly trapped: boolean } {
  const functions = [{ locals: ONE_LOCAL, code }, { code: call(LEAF) }, { code: [] }];
  const module = craft({ imports: IMPORTS, globals: GLOBALS, functions });
  const { bytes, memoryPagesMin } = instrument(module, unpackedSites(packedSites(module)));
  assert.equal(memoryPagesMin, 1);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    wasi_snapshot_preview1: { host: () => undefined },
    [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory },
  });
  const left = exports[STEPS_EXPORT] as WebAssembly.Global;
  left.value = BigInt(budget);
  let trapped = false;
  try {
    (exports["_start"] as () => void)();
  } catch (error) {
    assert.ok(error instanceof WebAssembly.RuntimeError);
    trapped = true;
  }
  return { spent: budget - Number(left.value as bigint), trapped };
}

const CASES: readonly (readonly [id: string, code: readonly number[], steps: number])[] = [
  ["a function that neither loops nor calls", [], 0],
  ["a call", call(OTHER), 2 * CALL],
  ["a call of a function that neither loops nor calls", call(LEAF), CALL],
  ["a loop without calls", loop(100, []), CALL + 100 * ROUND],
  ["a loop in a loop", loop(10, [0x03, 0x40, 0x0b]), CALL + 20 * ROUND],
  ["a loop that begins with a call: only the calls", loop(100, [], call(OTHER)), CALL + 100 * CALL],
  ["a loop that begins with a call of such a function", loop(100, [], call(LEAF)), CALL + 100 * ROUND],
  ["a loop that begins with a call of the host", loop(100, [], call(HOST)), CALL + 100 * ROUND],
  // (if (i32.const 0) (then call))
  ["a loop that may call", loop(100, [0x41, 0, 0x04, 0x40, ...call(OTHER), 0x0b]), CALL + 100 * ROUND],
  ["a loop that calls after a branch", loop(100, call(OTHER), [0x41, 0, 0x0d, 1]), CALL + 100 * (ROUND + CALL)],
  ["memory copied", move(1000, 6400, COPY), 100],
  ["memory filled", move(7, 65_536, FILL), 1024],
  ["little memory copied", move(8, 8, COPY), 0],
];

for (const [id, code, steps] of CASES) {
  test(`clang: counting: ${id}: so many steps, and no end with exactly these`, () => {
    assert.deepEqual(run(code, 100_000), { spent: steps, trapped: false });
    assert.deepEqual(run(code, steps), { spent: steps, trapped: false });
    if (steps > 0) assert.equal(run(code, steps - 1).trapped, true);
  });
}

test("clang: counting: an endless loop without calls: ends when its budget does", () => {
  assert.deepEqual(run(ENDLESS, 50_000), { spent: 50_001, trapped: true });
});

test("clang: counting: what is copied and filled: lies where it should", () => {
  const module = craft({
    imports: IMPORTS,
    globals: GLOBALS,
    functions: [{ code: [...move(7, 3, FILL), ...move(1, 4, COPY, 10)] }],
  });
  const { bytes } = instrument(module, unpackedSites(packedSites(module)));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    wasi_snapshot_preview1: { host: () => undefined },
    [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory },
  });
  (exports[STEPS_EXPORT] as WebAssembly.Global).value = 1000n;
  (exports["_start"] as () => void)();
  assert.deepEqual([...new Uint8Array(memory.buffer, 0, 15)], [7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0, 0, 0]);
});

test("clang: counting: an instruction that the compiler does not have: refused", () => {
  const module = craft({ imports: IMPORTS, globals: GLOBALS, functions: [{ code: [0xfe, 0x03, 0] }] });
  assert.throws(() => packedSites(module), RangeError);
});
