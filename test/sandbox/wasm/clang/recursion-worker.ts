/** Recursion of small modules as the compiler's module is changed, in a thread whose stack has room for it. */
import { parentPort } from "node:worker_threads";
import { packedSites, unpackedSites } from "../../../../sandbox/wasm/clang/counting-sites.ts";
import { instrument, MEMORY_IMPORT, STEPS_EXPORT } from "../../../../sandbox/wasm/clang/instrument.ts";
import { craft, I32, signed } from "../support/assembler.ts";

const SELF = 2;
const DIRECTLY = [0x10, SELF];
const THROUGH_TABLE = [0x41, 0, 0x11, 1, 0];

/** Frames of 16 bytes to which nothing is written. */
const STACK_BYTES = 8 * 1024 * 1024;
const PUSH = [0x23, 0, 0x41, 16, 0x6b, 0x24, 0];
const POP = [0x23, 0, 0x41, 16, 0x6a, 0x24, 0];

/** A function calls itself so many times. */
function recurse(via: readonly number[], times: number, frame: readonly number[] = []): string {
  // (if (local.get 0) (then (call (i32.sub (local.get 0) (i32.const 1)))))
  const recursion = [
    ...frame,
    0x20,
    0,
    0x04,
    0x40,
    0x20,
    0,
    0x41,
    1,
    0x6b,
    ...via,
    0x0b,
    ...(frame.length === 0 ? [] : POP),
  ];
  const module = craft({
    types: [
      [[], []],
      [[I32], []],
    ],
    imports: [["host", 0]],
    globals: [[I32, 1, 0x41, ...signed(STACK_BYTES), 0x0b]],
    table: [1, 0x70, 0, 1],
    elements: [[0, 0x41, 0, 0x0b, 1, SELF]],
    functions: [{ code: [0x41, ...signed(times), 0x10, SELF] }, { type: 1, code: recursion }],
  });
  const { bytes } = instrument(module, unpackedSites(packedSites(module)));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    wasi_snapshot_preview1: { host: () => undefined },
    [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: new WebAssembly.Memory({ initial: 1, maximum: 1 }) },
  });
  (exports[STEPS_EXPORT] as WebAssembly.Global).value = 1n << 40n;
  const start = exports["_start"] as () => void;
  const ends: string[] = [];
  // Returning gives back all of the depth.
  for (const run of [start, start]) {
    try {
      run();
      ends.push("returned");
    } catch (error) {
      ends.push(error instanceof WebAssembly.RuntimeError ? "trap" : String(error));
    }
  }
  return ends.join();
}

parentPort?.postMessage(
  [300_000, 1_000_000].flatMap((times) => [
    recurse(DIRECTLY, times),
    recurse(THROUGH_TABLE, times),
    recurse(DIRECTLY, times, PUSH),
  ]),
);
