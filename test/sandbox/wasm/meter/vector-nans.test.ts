/** NaNs in vectors: canonical wherever a program could see their bits, whatever the machine makes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { METER_EXPORT, meterModule } from "../../../../sandbox/wasm/meter/index.ts";
import { craft, I64 } from "../support/assembler.ts";

const CANONICAL_F64 = 0x7ff8_0000_0000_0000n;
const CANONICAL_F32 = 0x7fc0_0000_7fc0_0000n;

const f64 = (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer), 0xfd, 20];
const f32 = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer), 0xfd, 19];
/** `f64x2` and `f32x4` arithmetic. */
const D = { add: [0xfd, 0xf0, 1], mul: [0xfd, 0xf2, 1], sqrt: [0xfd, 0xef, 1], pmin: [0xfd, 0xf6, 1] } as const;
const S = { add: [0xfd, 0xe4, 1], mul: [0xfd, 0xe6, 1] } as const;
const DEMOTE = [0xfd, 94];
const PROMOTE = [0xfd, 95];

const CASES: readonly (readonly [title: string, code: readonly number[], bits: bigint])[] = [
  ["a product", [...f64(Infinity), ...f64(0), ...D.mul], CANONICAL_F64],
  ["a product that goes into a sum", [...f64(1), ...f64(Infinity), ...f64(0), ...D.mul, ...D.add], CANONICAL_F64],
  ["a root of a product", [...f64(Infinity), ...f64(0), ...D.mul, ...D.sqrt], CANONICAL_F64],
  ["a root that a choice hands on", [...f64(-1), ...D.sqrt, ...f64(1), ...D.pmin], CANONICAL_F64],
  ["a choice of a root, on top", [...f64(1), ...f64(-1), ...D.sqrt, ...D.pmin], 0x3ff0_0000_0000_0000n],
  [
    "single: a product that goes into a sum",
    [...f32(1), ...f32(Infinity), ...f32(0), ...S.mul, ...S.add],
    CANONICAL_F32,
  ],
  // Arithmetic on lanes of another width sees bits.
  ["a root's bits, added as single floats", [...f32(0), ...f64(-1), ...D.sqrt, ...S.add], 0x7fc0_0000_0000_0000n],
  ["made narrower", [...f64(-1), ...D.sqrt, ...DEMOTE], CANONICAL_F32],
  ["made wider", [...f32(Infinity), ...f32(0), ...S.mul, ...PROMOTE], CANONICAL_F64],
];

for (const [title, code, bits] of CASES)
  test(`meter: vector NaNs: ${title}: canonical`, () => {
    const original = craft({
      types: [[[], [I64]]],
      // i64x2.extract_lane 0
      functions: [{ code: [...code, 0xfd, 29, 0] }],
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(original).bytes));
    (exports[METER_EXPORT.fuel] as WebAssembly.Global).value = 1_000_000n;
    (exports[METER_EXPORT.stack] as WebAssembly.Global).value = 1_000_000n;
    const seen = BigInt.asUintN(64, (exports["_start"] as unknown as () => bigint)());
    assert.equal(seen.toString(16), bits.toString(16));
  });
