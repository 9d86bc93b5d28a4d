/** How regular the values are that a function computes with, judged by the instructions that made them. */
import { OP } from "./opcodes.ts";
import type { Reader } from "./reader.ts";

/** What a value was made of, from the least to the most irregular. */
export const MADE = {
  constant: 0,
  /** Does not change in the innermost loop. */
  invariant: 1,
  /** Counters, and sums with them; whatever takes few values. */
  counted: 2,
  /** Counters divided: regular, unless the next round goes on from there (as when halving). */
  divided: 3,
  /** Remainders, shifts of data, exclusive ors, choices. */
  mixed: 4,
  /** Loaded in this round of the loop. */
  loaded: 5,
  /** Handed over by a caller or callee. */
  handed: 6,
  /** Loaded through what was loaded before. */
  chained: 7,
} as const;

/** An index that takes no more values than this stays in the nearest cache. */
const FEW_BITS = 12;

const LOAD8_S = 0x2c;
const LOAD8_U = 0x2d;

/** What a load brings. What lies at a fixed address is a variable, not data. */
export function fetched(opcode: number, address: number): number {
  // A byte is an index of few values.
  if (opcode === LOAD8_S || opcode === LOAD8_U) return MADE.counted;
  if (address <= MADE.invariant) return MADE.invariant;
  return address >= MADE.handed ? MADE.chained : MADE.loaded;
}

/** Reads an integer constant: its value when it is between 0 and 8191, else infinity. */
export function smallConstant(reader: Reader): number {
  const first = reader.byte();
  if (first < 0x40) return first;
  if (first < 0x80) return Infinity;
  const second = reader.byte();
  if (second < 0x40) return (first & 0x7f) + second * 128;
  if (second >= 0x80) reader.skipLeb();
  return Infinity;
}

/** Distances of integer instructions from `add`; the same for both widths. */
const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV_S = 3;
const DIV_U = 4;
const REM_S = 5;
const REM_U = 6;
const AND = 7;
const OR = 8;
const SHL = 10;
const SHR_S = 11;
const SHR_U = 12;
const I32_ADD = 0x6a;
const FIRST_FLOAT = 0x8b;

/** @param constant the right operand, if it is one. */
export function combined(opcode: number, left: number, right: number, constant: number | undefined): number {
  const most = Math.max(left, right);
  if ((opcode >= OP.i32Eq && opcode <= OP.f64Ge) || most <= MADE.invariant) return Math.min(most, MADE.counted);
  if (opcode >= FIRST_FLOAT) return MADE.mixed;
  const wide = opcode >= OP.i64Add;
  const operation = opcode - (wide ? OP.i64Add : I32_ADD);
  const fixed = Math.min(left, right) <= MADE.invariant;
  switch (operation) {
    case ADD:
    case SUB:
    case OR:
      return most;
    case MUL:
    case SHL:
      return fixed ? most : Math.max(most, MADE.mixed);
    case AND:
    case REM_S:
    case REM_U:
      if (constant !== undefined && constant <= 2 ** FEW_BITS) return MADE.counted;
      // What a comparison brought, most likely.
      if (operation === AND && Math.min(left, right) === MADE.counted) return MADE.counted;
      return fixed && operation === AND ? most : Math.max(most, MADE.mixed);
    case SHR_U:
      if (constant !== undefined && constant < 64 && constant >= (wide ? 64 : 32) - FEW_BITS) return MADE.counted;
      return right <= MADE.invariant ? Math.max(most, MADE.divided) : Math.max(most, MADE.mixed);
    case SHR_S:
    case DIV_S:
    case DIV_U:
      return right <= MADE.invariant ? Math.max(most, MADE.divided) : Math.max(most, MADE.mixed);
    default:
      return Math.max(most, MADE.mixed);
  }
}

export function converted(opcode: number, made: number): number {
  if (made <= MADE.invariant) return made;
  // Comparison with 0; wrapping, extending.
  if (opcode === 0x45 || opcode === 0x50) return MADE.counted;
  // How many zeros or ones.
  if ((opcode >= 0x67 && opcode <= 0x69) || (opcode >= 0x79 && opcode <= 0x7b)) return MADE.counted;
  if (opcode === 0xa7 || opcode === 0xac || opcode === 0xad || opcode >= 0xc0) return made;
  return Math.max(made, MADE.mixed);
}
