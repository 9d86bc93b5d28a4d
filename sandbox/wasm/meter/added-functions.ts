/** Functions that the meter adds to a module: wrappers of imports, and `memory.grow` with its price and limit. */
import type { EmissionContext } from "./emission.ts";
import type { FunctionType } from "./module-shape.ts";
import { OP } from "./opcodes.ts";
import type { CanonicalHelper } from "./store-group.ts";
import { EMPTY_BLOCK, TYPE, writeCanonical, writeStopIfOut } from "./snippets.ts";
import { Writer } from "./writer.ts";

/** Why a run was stopped, in the `stop` global; 0 while it runs. */
export const STOP = {
  none: 0,
  /** `memory.grow` beyond the limit. */
  memoryExceeded: 1,
  /** `memory.grow` within the limit failed: the host is short of memory. */
  hostMemory: 2,
} as const;

/**
 * The only way to an imported function: charges the call, makes NaNs among its arguments canonical, and stops when the
 * host has taken the fuel away (exit, output limit, sleep beyond the limit). A trap is the one thing no handler catches.
 */
export function importWrapper(type: FunctionType, importIndex: number, context: EmissionContext): Uint8Array {
  const out = new Writer(64);
  const { fuelGlobal } = context.indices;
  out.u32(0);
  out.byte(OP.globalGet);
  out.u32(fuelGlobal);
  out.byte(OP.i64Const);
  out.signed(context.costs.hostCall);
  out.byte(OP.i64Sub);
  out.byte(OP.globalSet);
  out.u32(fuelGlobal);
  type.params.forEach((param, index) => {
    out.byte(OP.localGet);
    out.u32(index);
    if (param[0] === TYPE.f32 || param[0] === TYPE.f64) writeCanonical(out, param[0] === TYPE.f32, index);
  });
  out.byte(OP.call);
  out.u32(importIndex);
  writeStopIfOut(out, fuelGlobal);
  out.byte(OP.end);
  return out.finish();
}

/** See `CanonicalHelper`; type (i32 × (stores + others)) → (). */
export function canonicalFunction({ single, stores, others }: CanonicalHelper): Uint8Array {
  const out = new Writer(64);
  const count = stores + others;
  const value = count;
  const local = (opcode: number, index: number): void => {
    out.byte(opcode);
    out.u32(index);
  };
  const unaligned = [0, 0];
  out.ops(1, 1, single ? TYPE.f32 : TYPE.f64);
  for (let i = 1; i < count; i++) {
    local(OP.localGet, 0);
    local(OP.localGet, i);
    out.byte(OP.i32Xor);
    if (i > 1) out.byte(OP.i32Or);
  }
  out.ops(OP.i32Const, single ? 3 : 7, OP.i32And, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end);
  for (let i = 0; i < stores; i++) {
    local(OP.localGet, i);
    local(OP.localGet, i);
    out.ops(single ? OP.f32Load : OP.f64Load, ...unaligned);
    writeCanonical(out, single, value);
    out.ops(single ? OP.f32Store : OP.f64Store, ...unaligned);
  }
  out.byte(OP.end);
  return out.finish();
}

/** `memory.grow` with its price and its limit; type (i32) → i32. */
export function growFunction(context: EmissionContext): Uint8Array {
  const out = new Writer(96);
  const { fuelGlobal, pagesMaxGlobal, stopGlobal } = context.indices;
  const delta = 0;
  const wanted = 1;
  const old = 2;
  const get = (local: number): void => {
    out.byte(OP.localGet);
    out.u32(local);
  };
  const stop = (reason: number): void => {
    out.ops(OP.i32Const, reason, OP.globalSet);
    out.u32(stopGlobal);
    out.byte(OP.unreachable);
  };
  out.u32(2);
  out.ops(1, TYPE.i64, 1, TYPE.i32);
  // wanted = memory.size + delta
  out.ops(OP.memorySize, 0, OP.i64ExtendI32U);
  get(delta);
  out.ops(OP.i64ExtendI32U, OP.i64Add, OP.localTee);
  out.u32(wanted);
  out.byte(OP.globalGet);
  out.u32(pagesMaxGlobal);
  out.ops(OP.i64ExtendI32U, OP.i64GtU, OP.if, EMPTY_BLOCK);
  stop(STOP.memoryExceeded);
  out.byte(OP.end);
  // fuel -= delta × price
  out.byte(OP.globalGet);
  out.u32(fuelGlobal);
  get(delta);
  out.ops(OP.i64ExtendI32U, OP.i64Const);
  out.signed(context.costs.growPage);
  out.ops(OP.i64Mul, OP.i64Sub, OP.globalSet);
  out.u32(fuelGlobal);
  writeStopIfOut(out, fuelGlobal);
  get(delta);
  out.ops(OP.memoryGrow, 0, OP.localTee);
  out.u32(old);
  // Failed though the module itself would allow it: not the program's doing.
  out.ops(OP.i32Const, 0x7f, OP.i32Eq, OP.if, EMPTY_BLOCK);
  out.byte(OP.i64Const);
  out.signed(context.shape.memory?.maximum ?? 65_536);
  get(wanted);
  out.ops(OP.i64LtS, OP.if, EMPTY_BLOCK, OP.else);
  stop(STOP.hostMemory);
  out.ops(OP.end, OP.end);
  get(old);
  out.byte(OP.end);
  return out.finish();
}
