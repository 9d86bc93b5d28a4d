/**
 * What the meter knows of every instruction: the shape of its immediates, its effect on the operand stack, and the
 * class that its cost comes from. Numbers are the binary format's (core specification 3.0, §5.4).
 */
import type { CostClass } from "./cost-table.ts";
import { COST_CLASSES } from "./cost-table.ts";

/** Shapes of immediates. */
export const IMM = {
  none: 0,
  /** One LEB128 integer, whatever its size. */
  leb: 1,
  twoLebs: 2,
  memarg: 3,
  f32: 4,
  f64: 5,
  bytes16: 6,
  memargLane: 7,
  lane: 8,
  heapType: 9,
  selectTypes: 10,
  /** Handled one by one: control, calls, and whatever the meter changes. */
  special: 11,
  /** Not an instruction, or one that is refused. */
  refused: 255,
} as const;

export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  delegate: 0x18,
  catchAll: 0x19,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  i32Load: 0x28,
  f32Load: 0x2a,
  f64Load: 0x2b,
  i32Store: 0x36,
  i64Store: 0x37,
  f32Store: 0x38,
  f64Store: 0x39,
  i64Store8: 0x3c,
  i64Store32: 0x3e,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtU: 0x49,
  i64LtS: 0x53,
  i64GtU: 0x56,
  f32Eq: 0x5b,
  f32Ge: 0x60,
  f64Eq: 0x61,
  f64Ge: 0x66,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivS: 0x6d,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivS: 0x7f,
  i64Or: 0x84,
  i64ShrU: 0x88,
  f32Add: 0x92,
  f32Copysign: 0x98,
  f64Add: 0xa0,
  f64Copysign: 0xa6,
  i64ExtendI32U: 0xad,
  i32ReinterpretF32: 0xbc,
  i64ReinterpretF64: 0xbd,
  refNull: 0xd0,
  refFunc: 0xd2,
  prefixNumeric: 0xfc,
  prefixVector: 0xfd,
  prefixAtomic: 0xfe,
  prefixGc: 0xfb,
} as const;

export const NUMERIC = {
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const;

export const VECTOR = {
  f32x4Splat: 19,
  f64x2Splat: 20,
  f32x4ReplaceLane: 32,
  f64x2ReplaceLane: 34,
  f32x4Eq: 65,
  f64x2Eq: 71,
  bitselect: 82,
  /** `f32x4.demote_f64x2_zero` and `f64x2.promote_low_f32x4`. */
  demote: 94,
  promote: 95,
  const: 12,
  /** From here on: relaxed SIMD, whose results differ between machines. */
  relaxedFrom: 0x100,
} as const;

export interface OpcodeTable {
  readonly immediate: Uint8Array;
  /** Pushed minus popped; of `special` ones only where it is fixed. */
  readonly stack: Int8Array;
  /** Index into `COST_CLASSES`. */
  readonly costClass: Uint8Array;
}

type Range = readonly [from: number, to: number, immediate: number, stack: number, costClass: CostClass];

function table(size: number, ranges: readonly Range[]): OpcodeTable {
  const immediate = new Uint8Array(size).fill(IMM.refused);
  const stack = new Int8Array(size);
  const costClass = new Uint8Array(size);
  for (const [from, to, shape, effect, name] of ranges) {
    immediate.fill(shape, from, to + 1);
    stack.fill(effect, from, to + 1);
    costClass.fill(COST_CLASSES.indexOf(name), from, to + 1);
  }
  return { immediate, stack, costClass };
}

/** One-byte instructions. Later ranges override earlier ones. */
export const PLAIN: OpcodeTable = table(256, [
  [0x00, 0x0b, IMM.special, 0, "none"],
  [0x01, 0x01, IMM.none, 0, "none"],
  [OP.loop, OP.loop, IMM.special, 0, "loop"],
  [OP.if, OP.if, IMM.special, -1, "branch"],
  [OP.throw, OP.throwRef, IMM.special, 0, "throw"],
  [OP.br, OP.br, IMM.special, 0, "jump"],
  [OP.brIf, OP.brIf, IMM.special, -1, "branch"],
  [OP.brTable, OP.brTable, IMM.special, -1, "switch"],
  [OP.return, OP.return, IMM.special, 0, "none"],
  [OP.call, OP.call, IMM.special, 0, "call"],
  [OP.callIndirect, OP.callIndirect, IMM.special, -1, "callIndirect"],
  [OP.returnCall, OP.returnCall, IMM.special, 0, "call"],
  [OP.returnCallIndirect, OP.returnCallIndirect, IMM.special, -1, "callIndirect"],
  [OP.delegate, OP.catchAll, IMM.special, 0, "none"],
  [OP.drop, OP.drop, IMM.none, -1, "none"],
  [OP.select, OP.select, IMM.none, -2, "select"],
  [OP.selectTyped, OP.selectTyped, IMM.selectTypes, -2, "select"],
  [OP.tryTable, OP.tryTable, IMM.special, 0, "none"],
  [OP.localGet, OP.localGet, IMM.leb, 1, "local"],
  [OP.localSet, OP.localSet, IMM.leb, -1, "local"],
  [OP.localTee, OP.localTee, IMM.leb, 0, "local"],
  [OP.globalGet, OP.globalGet, IMM.special, 1, "global"],
  [OP.globalSet, OP.globalSet, IMM.special, -1, "global"],
  [OP.tableGet, OP.tableGet, IMM.leb, 0, "table"],
  [OP.tableSet, OP.tableSet, IMM.leb, -2, "table"],
  [0x28, 0x35, IMM.memarg, 0, "load"],
  [0x36, 0x3e, IMM.memarg, -2, "store"],
  [OP.memorySize, OP.memorySize, IMM.leb, 1, "global"],
  [OP.memoryGrow, OP.memoryGrow, IMM.special, 0, "call"],
  [OP.i32Const, OP.i64Const, IMM.leb, 1, "constant"],
  [OP.f32Const, OP.f32Const, IMM.f32, 1, "constant"],
  [OP.f64Const, OP.f64Const, IMM.f64, 1, "constant"],
  [0x45, 0x45, IMM.none, 0, "compare"],
  [0x46, 0x4f, IMM.none, -1, "compare"],
  [0x50, 0x50, IMM.none, 0, "compare"],
  [0x51, 0x5a, IMM.none, -1, "compare"],
  [0x5b, 0x66, IMM.none, -1, "floatCompare"],
  [0x67, 0x69, IMM.none, 0, "integer"],
  [0x6a, 0x78, IMM.none, -1, "integer"],
  [0x6c, 0x6c, IMM.none, -1, "multiply"],
  [0x6d, 0x70, IMM.none, -1, "divide32"],
  [0x79, 0x7b, IMM.none, 0, "integer"],
  [0x7c, 0x8a, IMM.none, -1, "integer"],
  [0x7e, 0x7e, IMM.none, -1, "multiply"],
  [0x7f, 0x82, IMM.none, -1, "divide64"],
  [0x8b, 0x8c, IMM.none, 0, "float"],
  [0x8d, 0x90, IMM.none, 0, "float"],
  [0x91, 0x91, IMM.none, 0, "floatDivide"],
  [0x92, 0x94, IMM.none, -1, "float"],
  [0x95, 0x95, IMM.none, -1, "floatDivide"],
  [0x96, 0x98, IMM.none, -1, "float"],
  [0x99, 0x9e, IMM.none, 0, "float"],
  [0x9f, 0x9f, IMM.none, 0, "floatDivide"],
  [0xa0, 0xa2, IMM.none, -1, "float"],
  [0xa3, 0xa3, IMM.none, -1, "floatDivide"],
  [0xa4, 0xa6, IMM.none, -1, "float"],
  [0xa7, 0xa7, IMM.none, 0, "local"],
  [0xa8, 0xab, IMM.none, 0, "convert"],
  [0xac, 0xad, IMM.none, 0, "integer"],
  [0xae, 0xbb, IMM.none, 0, "convert"],
  [0xbc, 0xbf, IMM.none, 0, "integer"],
  [0xc0, 0xc4, IMM.none, 0, "integer"],
  [OP.refNull, OP.refNull, IMM.heapType, 1, "constant"],
  [0xd1, 0xd1, IMM.none, 0, "compare"],
  [OP.refFunc, OP.refFunc, IMM.special, 1, "constant"],
]);

/** After the prefix 0xFC. */
export const NUMERIC_TABLE: OpcodeTable = table(18, [
  [0, 7, IMM.none, 0, "convert"],
  [NUMERIC.memoryInit, NUMERIC.memoryInit, IMM.special, -3, "bulk"],
  [NUMERIC.dataDrop, NUMERIC.dataDrop, IMM.leb, 0, "bulk"],
  [NUMERIC.memoryCopy, NUMERIC.memoryCopy, IMM.special, -3, "bulk"],
  [NUMERIC.memoryFill, NUMERIC.memoryFill, IMM.special, -3, "bulk"],
  [NUMERIC.tableInit, NUMERIC.tableInit, IMM.special, -3, "bulk"],
  [NUMERIC.elemDrop, NUMERIC.elemDrop, IMM.leb, 0, "bulk"],
  [NUMERIC.tableCopy, NUMERIC.tableCopy, IMM.special, -3, "bulk"],
  [NUMERIC.tableGrow, NUMERIC.tableGrow, IMM.special, -1, "tableGrow"],
  [NUMERIC.tableSize, NUMERIC.tableSize, IMM.leb, 1, "global"],
  [NUMERIC.tableFill, NUMERIC.tableFill, IMM.special, -3, "bulk"],
]);

/** After the prefix 0xFD, without relaxed SIMD. */
export const VECTOR_TABLE: OpcodeTable = table(256, [
  [0, 10, IMM.memarg, 0, "load"],
  [11, 11, IMM.memarg, -2, "store"],
  [12, 12, IMM.bytes16, 1, "constant"],
  [13, 13, IMM.bytes16, -1, "vector"],
  [14, 14, IMM.none, -1, "vector"],
  [15, 20, IMM.none, 0, "vector"],
  [21, 34, IMM.lane, 0, "vector"],
  [23, 23, IMM.lane, -1, "vector"],
  [26, 26, IMM.lane, -1, "vector"],
  [28, 28, IMM.lane, -1, "vector"],
  [30, 30, IMM.lane, -1, "vector"],
  [32, 32, IMM.lane, -1, "vector"],
  [34, 34, IMM.lane, -1, "vector"],
  [35, 76, IMM.none, -1, "vector"],
  [77, 77, IMM.none, 0, "vector"],
  [78, 81, IMM.none, -1, "vector"],
  [82, 82, IMM.none, -2, "vector"],
  [83, 83, IMM.none, 0, "vector"],
  [84, 87, IMM.memargLane, -1, "load"],
  [88, 91, IMM.memargLane, -2, "store"],
  [92, 93, IMM.memarg, 0, "load"],
  [94, 95, IMM.none, 0, "vector"],
  [96, 100, IMM.none, 0, "vector"],
  [101, 102, IMM.none, -1, "vector"],
  [103, 106, IMM.none, 0, "vector"],
  [107, 115, IMM.none, -1, "vector"],
  [116, 117, IMM.none, 0, "vector"],
  [118, 121, IMM.none, -1, "vector"],
  [122, 122, IMM.none, 0, "vector"],
  [123, 123, IMM.none, -1, "vector"],
  [124, 129, IMM.none, 0, "vector"],
  [130, 130, IMM.none, -1, "vector"],
  [131, 132, IMM.none, 0, "vector"],
  [133, 134, IMM.none, -1, "vector"],
  [135, 138, IMM.none, 0, "vector"],
  [139, 147, IMM.none, -1, "vector"],
  [148, 148, IMM.none, 0, "vector"],
  [149, 153, IMM.none, -1, "vector"],
  [155, 159, IMM.none, -1, "vector"],
  [160, 161, IMM.none, 0, "vector"],
  [163, 164, IMM.none, 0, "vector"],
  [167, 170, IMM.none, 0, "vector"],
  [171, 174, IMM.none, -1, "vector"],
  [177, 177, IMM.none, -1, "vector"],
  [181, 186, IMM.none, -1, "vector"],
  [188, 191, IMM.none, -1, "vector"],
  [192, 193, IMM.none, 0, "vector"],
  [195, 196, IMM.none, 0, "vector"],
  [199, 202, IMM.none, 0, "vector"],
  [203, 206, IMM.none, -1, "vector"],
  [209, 209, IMM.none, -1, "vector"],
  [213, 223, IMM.none, -1, "vector"],
  [224, 225, IMM.none, 0, "vector"],
  [227, 227, IMM.none, 0, "vectorDivide"],
  [228, 230, IMM.none, -1, "vector"],
  [231, 231, IMM.none, -1, "vectorDivide"],
  [232, 235, IMM.none, -1, "vector"],
  [236, 237, IMM.none, 0, "vector"],
  [239, 239, IMM.none, 0, "vectorDivide"],
  [240, 242, IMM.none, -1, "vector"],
  [243, 243, IMM.none, -1, "vectorDivide"],
  [244, 247, IMM.none, -1, "vector"],
  [248, 255, IMM.none, 0, "vector"],
]);

/**
 * Vector instructions whose float results may be NaNs with bits of the machine's choosing: arithmetic, rounding,
 * min/max, demotion and promotion. pmin and pmax choose one operand, abs and neg touch the sign only: not here.
 */
export const VECTOR_NAN_F32X4: ReadonlySet<number> = new Set([
  94, 103, 104, 105, 106, 227, 228, 229, 230, 231, 232, 233,
]);
export const VECTOR_NAN_F64X2: ReadonlySet<number> = new Set([
  95, 116, 117, 122, 148, 239, 240, 241, 242, 243, 244, 245,
]);

/** Scalar producers whose result is never a NaN of the machine's choosing: loads, constants, conversions from integers. */
export const CLEAN_FLOAT_PRODUCERS: ReadonlySet<number> = new Set([
  OP.f32Load,
  OP.f64Load,
  OP.f32Const,
  OP.f64Const,
  0xb2,
  0xb3,
  0xb4,
  0xb5,
  0xb7,
  0xb8,
  0xb9,
  0xba,
  0xbe,
  0xbf,
]);
