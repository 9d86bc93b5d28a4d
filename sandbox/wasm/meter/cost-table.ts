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
  /** A conditional branch that decides about another round of a loop: processors foresee it, but for the last one. */
  "loopBranch",
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
  /** Coming to a loop, which will end by the branch that was not foreseen. */
  "loop",
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
  /**
   * What a round of a loop costs that is charged before it begins and whose rounds do not wait for one another, in percent
   * of its instructions, rounded down: a processor works at several at once.
   */
  readonly steadyPercent: number;
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
export const COST_TABLE_VERSION = 6;
/** 0.01 ns each. */
export const COST_PER_VIRTUAL_MS = 100_000_000;

export const COST_TABLE: CostTable = {
  instructions: {
    none: 0,
    local: 1,
    constant: 1,
    integer: 21,
    compare: 2,
    multiply: 86,
    divide32: 454,
    divide64: 548,
    divide32Constant: 72,
    divide64Constant: 78,
    select: 2,
    float: 20,
    floatCompare: 34,
    floatDivide: 123,
    convert: 34,
    load: 2,
    store: 12,
    global: 8,
    table: 60,
    branch: 190,
    loopBranch: 12,
    jump: 7,
    switch: 200,
    call: 17,
    callIndirect: 264,
    throw: 100_000,
    bulk: 300,
    vector: 20,
    vectorDivide: 300,
    entry: 17,
    loop: 40,
    iteration: 9,
    tableGrow: 500_000_000,
  },
  steadyPercent: 59,
  bulkUnits: 96,
  bulkShift: 4,
  scattered: { beyondNear: 900, beyondFar: 5_875 },
  chained: { beyondNear: 5_989, beyondFar: 6_160 },
  growPage: 500_000,
  hostCall: 5_000,
};

/**
 * For the interpreters, whose modules are metered without caches and whose rates were fitted to these figures.
 */
export const INTERPRETER_COST_TABLE: CostTable = {
  ...COST_TABLE,
  steadyPercent: 100,
  bulkUnits: 160,
  instructions: {
    ...COST_TABLE.instructions,
    constant: 2,
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
    loopBranch: 152,
    jump: 8,
    switch: 101,
    call: 61,
    callIndirect: 330,
    entry: 169,
    loop: 0,
    iteration: 11,
  },
};
