/**
 * What every class of instruction costs. One unit stands for 0.01 ns on the reference machine; the figures are fitted
 * once (`bench/cost-fit.ts`, then rounded) against native times of a corpus and then belong to the judge profile: changing one changes
 * verdicts, therefore `COST_TABLE_VERSION` goes up with them.
 */
export const COST_CLASSES = [
  "none",
  "local",
  "constant",
  "integer",
  "compare",
  "multiply",
  "divide32",
  "divide64",
  /** Division by a constant that the instruction before put on the stack: compilers multiply instead. */
  "divide32Constant",
  "divide64Constant",
  "select",
  "float",
  "floatCompare",
  "floatDivide",
  "convert",
  "load",
  "store",
  "global",
  "table",
  "branch",
  "jump",
  "switch",
  "call",
  "callIndirect",
  "throw",
  "bulk",
  "vector",
  "vectorDivide",
  /** Entering a function (beside the call itself). */
  "entry",
  /** Each time round a loop. */
  "iteration",
  /** Beside the price of the entries: the engine copies the whole table. */
  "tableGrow",
] as const;
export type CostClass = (typeof COST_CLASSES)[number];

/** Units for one line of memory that is in no cache nearer than the second level, and in none at all. */
export interface CacheCosts {
  readonly beyondNear: number;
  readonly beyondFar: number;
}

export interface CostTable {
  /** Units per executed instruction of the class; integers ≥ 0. */
  readonly instructions: Readonly<Record<CostClass, number>>;
  /** Units per 2^`bulkShift` bytes that a bulk instruction touches, rounded down; an entry of a table counts as 256. */
  readonly bulkUnits: number;
  readonly bulkShift: number;
  /** Accesses of which several can wait at the same time, and those of which one waits for the other. */
  readonly scattered: CacheCosts;
  readonly chained: CacheCosts;
  readonly growPage: number;
  /** Every call of a host function, before what the function charges by size. */
  readonly hostCall: number;
}

/** Goes up whenever a figure below changes. */
export const COST_TABLE_VERSION = 5;
/** 0.01 ns each. */
export const COST_PER_VIRTUAL_MS = 100_000_000;

export const COST_TABLE: CostTable = {
  instructions: {
    none: 0,
    local: 1,
    constant: 2,
    integer: 5,
    compare: 6,
    multiply: 36,
    divide32: 400,
    divide64: 680,
    divide32Constant: 63,
    divide64Constant: 97,
    select: 7,
    float: 21,
    floatCompare: 33,
    floatDivide: 180,
    convert: 40,
    load: 5,
    store: 7,
    global: 13,
    table: 60,
    branch: 125,
    jump: 8,
    switch: 550,
    call: 75,
    callIndirect: 300,
    throw: 100_000,
    bulk: 300,
    vector: 20,
    vectorDivide: 300,
    entry: 72,
    iteration: 10,
    tableGrow: 500_000_000,
  },
  bulkUnits: 160,
  bulkShift: 4,
  scattered: { beyondNear: 1_100, beyondFar: 5_500 },
  chained: { beyondNear: 8_000, beyondFar: 7_500 },
  growPage: 500_000,
  hostCall: 5_000,
};

/**
 * For the interpreters, whose modules are metered without caches and whose rates were fitted to these figures.
 */
export const INTERPRETER_COST_TABLE: CostTable = {
  ...COST_TABLE,
  instructions: {
    ...COST_TABLE.instructions,
    integer: 9,
    compare: 8,
    multiply: 32,
    divide32: 590,
    divide64: 690,
    divide32Constant: 62,
    divide64Constant: 96,
    select: 10,
    float: 15,
    floatCompare: 30,
    floatDivide: 140,
    convert: 41,
    load: 9,
    store: 13,
    global: 14,
    branch: 152,
    jump: 8,
    switch: 101,
    call: 61,
    callIndirect: 330,
    entry: 169,
    iteration: 11,
  },
};
