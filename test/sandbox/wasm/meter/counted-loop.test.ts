/** Loops that count are charged before they begin: whether they were is seen in what they leave in memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COST_TABLE, type CostTable, METER_EXPORT, meterModule } from "../../../../sandbox/wasm/meter/index.ts";
import { craft, I32, signed } from "../support/assembler.ts";

const FUEL = 100_000_000n;
const GET = 0x20;
const COUNTER = 0;
const BOUND = 1;
const OTHER = 2;
const set = (value: number, local: number): number[] => [0x41, ...signed(value), 0x21, local];

interface Counted {
  readonly first: number;
  readonly step: number;
  readonly bound: number;
  readonly body?: readonly number[];
  /** Compares what is on the stack, the counter and its bound. */
  readonly compare?: number;
  readonly costs?: CostTable;
}

/** i32.ne, i32.lt_s */
const NE = 0x47;
const LT_S = 0x48;

/** `i = first; do { memory[0]++; body } while ((i += step) != bound)`. */
function run({ first, step, bound, body = [], compare = NE, costs = COST_TABLE }: Counted): {
  readonly rounds: number;
  readonly fuel: bigint;
} {
  const module = craft({
    functions: [
      {
        locals: [1, 3, I32],
        code: [
          set(first, COUNTER),
          set(bound, BOUND),
          [0x03, 0x40, 0x41, 0, 0x41, 0, 0x28, 2, 0, 0x41, 1, 0x6a, 0x36, 2, 0],
          body,
          [GET, COUNTER, 0x41, ...signed(step), 0x6a, 0x22, COUNTER, GET, BOUND, compare, 0x0d, 0, 0x0b],
        ].flat(),
      },
    ],
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(module, { costs }).bytes));
  const fuel = exports[METER_EXPORT.fuel] as WebAssembly.Global;
  fuel.value = FUEL;
  (exports[METER_EXPORT.stack] as WebAssembly.Global).value = 1_000_000n;
  try {
    (exports["_start"] as unknown as () => void)();
  } catch (error) {
    assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
  }
  const { buffer } = exports["memory"] as WebAssembly.Memory;
  return { rounds: new DataView(buffer).getInt32(0, true), fuel: fuel.value as bigint };
}

test("meter: a counted loop that fuel does not suffice for: ends before it begins", () => {
  const { rounds, fuel } = run({ first: 0, step: 1, bound: 2_000_000_000 });
  assert.equal(rounds, 0);
  assert.ok(fuel < 0n);
});

test("meter: a counted loop that fuel suffices for: runs, in either direction and around the end of the numbers", () => {
  assert.equal(run({ first: 0, step: 4, bound: 4000 }).rounds, 1000);
  assert.equal(run({ first: 0, step: -2, bound: -2000 }).rounds, 1000);
  assert.equal(run({ first: 2 ** 31 - 10, step: 2, bound: -(2 ** 31) + 10 }).rounds, 10);
  assert.equal(run({ first: 5, step: 1, bound: 6 }).rounds, 1);
  // 2^32 / 2^28 rounds until the counter is what it was.
  assert.equal(run({ first: 7, step: 2 ** 28, bound: 7 }).rounds, 16);
});

test("meter: a counted loop whose steps miss its end: never begins", () => {
  const { rounds, fuel } = run({ first: 0, step: 2, bound: 1001 });
  assert.equal(rounds, 0);
  assert.ok(fuel < 0n);
});

/** Each makes it a loop like any other, charged round by round: fuel for some of them is used. */
const UNCOUNTED: readonly (readonly [title: string, body: readonly number[], step?: number])[] = [
  ["assigns its bound", [0x41, ...signed(2_000_000_000), 0x21, BOUND]],
  ["assigns its counter elsewhere", [GET, COUNTER, 0x21, COUNTER]],
  ["may leave", [GET, OTHER, 0x0d, 1]],
  ["may go on before its end", [GET, OTHER, 0x0d, 0]],
  ["may return", [GET, OTHER, 0x04, 0x40, 0x0f, 0x0b]],
  ["contains a loop", [0x03, 0x40, 0x0b]],
  [
    "contains code of which a round may run much more than is charged before",
    [GET, OTHER, 0x04, 0x40, ...Array.from({ length: 4000 }, () => [GET, OTHER, 0x1a]).flat(), 0x0b],
  ],
  ["steps by no power of two", [], 3],
];
for (const [title, body, step = 1] of UNCOUNTED)
  test(`meter: a loop that counts and ${title}: charged round by round`, () => {
    const { rounds, fuel } = run({ first: 0, step, bound: 2_000_000_001, body });
    assert.ok(rounds > 10_000, `${rounds} rounds`);
    assert.ok(fuel < 0n);
  });

test("meter: a loop that counts and decides: charged before", () => {
  const body = [GET, COUNTER, 0x41, 1, 0x71, 0x04, 0x40, GET, OTHER, 0x1a, 0x0b];
  assert.equal(run({ first: 0, step: 1, bound: 2_000_000_000, body }).rounds, 0);
  assert.equal(run({ first: 0, step: 1, bound: 20, body }).rounds, 20);
});

/** Whether rounds are charged by the part that is for independent ones: then they cost nothing when that part is nothing. */
function isSteady(loop: Omit<Counted, "first" | "bound" | "step">): boolean {
  const costs = { ...COST_TABLE, steadyPercent: 0 };
  const few = run({ first: 0, step: 1, bound: 10, costs, ...loop });
  const many = run({ first: 0, step: 1, bound: 1000, costs, ...loop });
  assert.equal(many.rounds, 1000);
  return few.fuel === many.fuel;
}

const advance = (local: number, step: number): number[] => [GET, local, 0x41, ...signed(step), 0x6a, 0x21, local];

test("meter: a loop whose rounds do not wait for one another: each costs a part of its instructions", () => {
  assert.ok(isSteady({}));
  assert.ok(isSteady({ compare: LT_S }), "that is not counted");
  assert.ok(isSteady({ body: advance(OTHER, 8) }), "with an address that goes up");
  assert.ok(isSteady({ body: [...set(3, OTHER), GET, OTHER, 0x1a] }), "with what a round has put there itself");
  const half = { ...COST_TABLE, steadyPercent: 50 };
  assert.equal(perThousand(half), 1000n * (perThousand({ ...COST_TABLE, steadyPercent: 100 }) / 1000n / 2n));
});

/** What a thousand rounds cost. */
function perThousand(costs: CostTable): bigint {
  const [one, more] = [1, 1001].map((bound) => run({ first: 0, step: 1, bound, costs }).fuel);
  return one! - more!;
}

test("meter: a loop whose rounds wait for one another, or that is not straight: each costs all of its instructions", () => {
  const carried = [GET, OTHER, GET, COUNTER, 0x6a, 0x21, OTHER];
  const waiting: Record<string, readonly number[]> = {
    "a sum": carried,
    "what was read before it is set": [GET, OTHER, 0x1a, ...set(1, OTHER)],
    "an address that goes up, and is then something else": [...advance(OTHER, 8), ...set(4, OTHER)],
    "an address that goes up by what another holds": [GET, OTHER, GET, BOUND, 0x6a, 0x21, OTHER],
    "a condition": [0x41, 1, 0x04, 0x40, 0x0b],
  };
  for (const [what, body] of Object.entries(waiting)) {
    assert.ok(!isSteady({ body }), what);
    assert.ok(!isSteady({ body, compare: LT_S }), `${what}, not counted`);
  }
});
