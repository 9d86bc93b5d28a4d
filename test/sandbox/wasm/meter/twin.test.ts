/** The rewritten module against its twin and against itself without the meter, on random programs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { COST_TABLE, METER_EXPORT, meterModule } from "../../../../sandbox/wasm/meter/index.ts";
import { ACCESS, LocalityAnalyzer } from "../../../../sandbox/wasm/meter/locality.ts";
import { readModuleShape, SECTION } from "../../../../sandbox/wasm/meter/module-shape.ts";
import { Reader } from "../../../../sandbox/wasm/meter/reader.ts";
import { type Access, type Encoded, encodeProgram, program, type Program } from "./program.ts";
import { TooLong, Trap, Twin } from "./twin.ts";

const RUNS = 400;
/** Every instruction at its price, whatever it stands in. */
const ALONE = { ...COST_TABLE, steadyPercent: 100 };
const DEPTH = 3;
const ARGUMENT = 12_345n;
const PLENTY = 10n ** 15n;
const PARAMS = 2;
const LOCALS_COUNT = 20;
/** Accesses that were looked at, in all programs. */
let looked = 0;

type Ending = { readonly trapped: true } | { readonly trapped: false; readonly value: bigint };

interface Observed {
  readonly ending: Ending;
  readonly memory: Uint8Array;
  readonly fuel: bigint;
}

function execute(bytes: Uint8Array, fuel: bigint | undefined): Observed {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
  const fuelGlobal = exports[METER_EXPORT.fuel] as WebAssembly.Global;
  if (fuel !== undefined) {
    fuelGlobal.value = fuel;
    (exports[METER_EXPORT.stack] as WebAssembly.Global).value = 100_000n;
    (exports[METER_EXPORT.pagesMax] as WebAssembly.Global).value = 100;
  }
  const run = exports["run"] as unknown as (depth: number, argument: bigint) => bigint;
  let ending: Ending;
  try {
    ending = { trapped: false, value: run(DEPTH, ARGUMENT) };
  } catch (error) {
    assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
    ending = { trapped: true };
  }
  const { buffer } = exports["memory"] as WebAssembly.Memory;
  return { ending, memory: new Uint8Array(buffer), fuel: fuel === undefined ? 0n : fuelGlobal.value };
}

/** Which accesses the meter looks at is its own choice; that it does so, and what they pay, is the twin's to check. */
function looksOf({ bytes, accesses }: Encoded): ReadonlyMap<Access, boolean> {
  const shape = readModuleShape(bytes);
  const analyzer = new LocalityAnalyzer(shape);
  const { start, end } = shape.sections.get(SECTION.code)!;
  const reader = new Reader(bytes, start, end);
  const looks = new Map<Access, boolean>();
  for (let count = reader.count(); count > 0; count--) {
    const size = reader.u32();
    const bodyEnd = reader.offset + size;
    for (let groups = reader.count(); groups > 0; groups--) {
      reader.u32();
      reader.byte();
    }
    const found = analyzer.find(reader.offset, bodyEnd, PARAMS, LOCALS_COUNT);
    for (let i = 0; i < found.length; i += 2) looks.set(accesses.get(found[i]!)!, found[i + 1] === ACCESS.chained);
    reader.offset = bodyEnd;
  }
  return looks;
}

function predict(each: Program, encoded: Encoded): { readonly ending: Ending; readonly twin: Twin } | undefined {
  const looks = looksOf(encoded);
  looked += looks.size;
  const twin = new Twin(each, looks);
  try {
    return { ending: { trapped: false, value: twin.call(0, DEPTH, ARGUMENT) }, twin };
  } catch (error) {
    if (error instanceof Trap) return { ending: { trapped: true }, twin };
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

test("meter: random programs: results, traps, memory and cost are the twin's", () => {
  let ended = 0;
  fc.assert(
    fc.property(program, (each) => {
      const encoded = encodeProgram(each);
      const predicted = predict(each, encoded);
      fc.pre(predicted !== undefined);
      const { ending, twin } = predicted;
      const original = encoded.bytes;
      const metered = meterModule(original, { costs: ALONE, copies: false }).bytes;
      const run = execute(metered, PLENTY);
      assert.deepEqual(run.ending, ending);
      // A trap may leave NaNs behind that were not looked at yet; nobody reads them.
      if (!ending.trapped || !twin.sawNanBits)
        assert.ok(Buffer.from(run.memory).equals(new Uint8Array(twin.memory.buffer)), "memory differs from the twin's");
      if (!twin.sawNanBits) {
        const plain = execute(original, undefined);
        assert.deepEqual(plain.ending, ending);
        assert.ok(Buffer.from(plain.memory).equals(run.memory), "memory differs from the unmetered run's");
      }
      if (ending.trapped) return;
      ended++;
      assert.equal(PLENTY - run.fuel, BigInt(twin.cost));
      // Exactly enough is enough; one unit less is not.
      assert.deepEqual(execute(metered, BigInt(twin.cost)).ending, ending);
      assert.ok(execute(metered, BigInt(twin.cost) - 1n).fuel < 0n);
    }),
    { numRuns: RUNS },
  );
  assert.ok(ended > RUNS / 4, `only ${ended} programs ended without a trap`);
  assert.ok(looked > RUNS / 4, `only ${looked} accesses were looked at`);
});
