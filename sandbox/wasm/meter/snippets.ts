/** Pieces of code that the meter writes in more than one place. */
import { OP } from "./opcodes.ts";
import type { Writer } from "./writer.ts";

export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export const EMPTY_BLOCK = 0x40;

/** The positive quiet NaN without payload. */
export const CANONICAL_F32 = Uint8Array.of(0, 0, 0xc0, 0x7f);
export const CANONICAL_F64 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f);

/**
 * Replaces a NaN on top of the stack by the canonical one, with the help of a local of its type.
 * @returns the offset of a branch that is hardly ever taken.
 */
export function writeCanonical(out: Writer, single: boolean, local: number): number {
  out.byte(OP.localTee);
  out.u32(local);
  out.byte(OP.localGet);
  out.u32(local);
  // Not `x != x`: the engine needs two jumps for that on x64, and one for this.
  out.ops(single ? OP.f32Ge : OP.f64Ge, OP.i32Eqz);
  const branch = out.length;
  out.ops(OP.if, EMPTY_BLOCK, single ? OP.f32Const : OP.f64Const);
  out.raw(single ? CANONICAL_F32 : CANONICAL_F64);
  out.byte(OP.localSet);
  out.u32(local);
  out.byte(OP.end);
  out.byte(OP.localGet);
  out.u32(local);
  return branch;
}

/** Stops when the host, or a charge before this, has left no fuel in the global. */
export function writeStopIfOut(out: Writer, fuelGlobal: number): void {
  out.byte(OP.globalGet);
  out.u32(fuelGlobal);
  out.ops(OP.i64Const, 0, OP.i64LtS, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end);
}
