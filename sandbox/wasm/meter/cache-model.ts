/**
 * A model of a processor's caches inside of the metered module, so that what waits for memory pays for it.
 *
 * Every access that `locality.ts` picked asks whether its line of 64 bytes is in the *sample*: one of 64, by a hash of its number. Lines
 * of the sample are looked up in two tables that stand for 1 MiB and 16 MiB of cache, and each one that is missing is
 * charged for 64. The tables lie in a memory of their own, which the program cannot name; what is charged follows from
 * the program's addresses alone, so it is the same on every machine.
 */
import type { CacheCosts } from "./cost-table.ts";
import { OP } from "./opcodes.ts";
import { EMPTY_BLOCK, TYPE } from "./snippets.ts";
import { Writer } from "./writer.ts";

/** Lines, as a power of two of bytes. */
const LINE_SHIFT = 6;
/** Odd, so that different lines have different hashes; 2^32 divided by the golden ratio spreads those at equal distances. */
const HASH = 0x9e37_79b1;
/** One line of 2^6 is in the sample: those with hashes below 2^26. */
const SAMPLE_SHIFT = 6;
const HASH_BITS = 32 - SAMPLE_SHIFT;
/** 2^8 and 2^12 sampled lines stand for 2^14 and 2^18 lines, 1 MiB and 16 MiB. */
const NEAR = { bits: 8, offset: 0 } as const;
const FAR = { bits: 12, offset: 4 << NEAR.bits } as const;

/** Index of the model's memory: after the module's own one. */
const MEMORY = 1;
const ALIGNED_WORD = 0x42;

/** With an address on top of the stack: leaves it there, and calls `lookFunction` if its line is in the sample. */
export interface LookSnippet {
  readonly out: Writer;
  /** An i32. */
  readonly scratch: number;
  readonly lookFunction: number;
  readonly getFuel: () => void;
  readonly setFuel: () => void;
}

/** @returns the offset of a branch that is seldom taken. */
export function writeLook({ out, scratch, lookFunction, getFuel, setFuel }: LookSnippet): number {
  const local = (opcode: number): void => {
    out.byte(opcode);
    out.u32(scratch);
  };
  local(OP.localTee);
  local(OP.localGet);
  out.ops(OP.i32Const, LINE_SHIFT, OP.i32ShrU, OP.i32Const);
  out.signed(HASH | 0);
  out.byte(OP.i32Mul);
  local(OP.localTee);
  out.byte(OP.i32Const);
  out.signed(2 ** HASH_BITS);
  out.byte(OP.i32LtU);
  const branch = out.length;
  out.ops(OP.if, EMPTY_BLOCK);
  local(OP.localGet);
  getFuel();
  out.byte(OP.call);
  out.u32(lookFunction);
  setFuel();
  out.byte(OP.end);
  return branch;
}

/** Looks a line of the sample up; type (hash: i32, fuel: i64) → fuel. */
export function lookFunction({ beyondNear, beyondFar }: CacheCosts): Uint8Array {
  const out = new Writer(128);
  const [hash, fuel, slot] = [0, 1, 2];
  const local = (opcode: number, index: number): void => {
    out.byte(opcode);
    out.u32(index);
  };
  const word = (opcode: number, offset: number): void => {
    out.ops(opcode, ALIGNED_WORD, MEMORY);
    out.u32(offset);
  };
  const lookUp = ({ bits, offset }: typeof NEAR | typeof FAR, cost: number): void => {
    local(OP.localGet, hash);
    out.ops(OP.i32Const, HASH_BITS - bits, OP.i32ShrU, OP.i32Const, 2, OP.i32Shl);
    local(OP.localTee, slot);
    word(OP.i32Load, offset);
    local(OP.localGet, hash);
    out.ops(OP.i32Eq, OP.if, EMPTY_BLOCK);
    local(OP.localGet, fuel);
    out.byte(OP.i64Const);
    out.signed(cost * 2 ** SAMPLE_SHIFT);
    out.ops(OP.i64Sub, OP.return, OP.end);
    local(OP.localGet, slot);
    local(OP.localGet, hash);
    word(OP.i32Store, offset);
  };
  out.u32(1);
  out.ops(1, TYPE.i32);
  lookUp(NEAR, 0);
  lookUp(FAR, beyondNear);
  local(OP.localGet, fuel);
  out.byte(OP.i64Const);
  out.signed(beyondFar * 2 ** SAMPLE_SHIFT);
  out.ops(OP.i64Sub, OP.end);
  return out.finish();
}
