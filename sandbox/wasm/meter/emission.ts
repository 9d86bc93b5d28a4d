/**
 * Writes a function body with its edits carried out.
 *
 * Fuel lives in a global. A function with loops keeps it in a local instead (a register, once compiled) and brings the
 * global up to date before whatever may look at it: calls, exceptions, the function's end. A function without loops, or
 * with exception handlers (which may resume with fuel that others have used), works on the global directly.
 *
 * The stack left lives in a global too. Each frame computes what is left below it once, at entry, and stores that before
 * each call; so nothing is undone on the way out, whichever way out it is. Functions whose calls provably end after few
 * bytes (`untracked`) take no part: the engine's stack has a margin for them.
 */
import type { CostTable } from "./cost-table.ts";
import { type FunctionType, type ModuleShape } from "./module-shape.ts";
import { OP, VECTOR } from "./opcodes.ts";
import { EDIT, type FunctionPlan, type PlanBuffer } from "./plan.ts";
import { Writer } from "./writer.ts";

const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;
const V128 = 0x7b;
const EMPTY_BLOCK = 0x40;

/** Indices of what the meter adds to the module. */
export interface MeterIndices {
  readonly fuelGlobal: number;
  readonly stackGlobal: number;
  readonly pagesMaxGlobal: number;
  readonly stopGlobal: number;
  readonly growFunction: number;
  /** Wrapper of imported function `i`: `firstWrapper + i`. */
  readonly firstWrapper: number;
}

/** Why a run was stopped, in the `stop` global; 0 while it runs. */
export const STOP = {
  none: 0,
  /** `memory.grow` beyond the limit. */
  memoryExceeded: 1,
  /** `memory.grow` within the limit failed: the host is short of memory. */
  hostMemory: 2,
} as const;

export interface EmissionContext {
  readonly shape: ModuleShape;
  readonly plans: PlanBuffer;
  readonly costs: CostTable;
  readonly indices: MeterIndices;
  /** Type index of a block without parameters and with the results of the given function type. */
  readonly blockTypeOf: (typeIndex: number) => number;
  /** Whether the function takes part in counting the stack. */
  readonly tracked: (functionIndex: number) => boolean;
}

export class FunctionEmitter {
  readonly #context: EmissionContext;
  readonly #bytes: Uint8Array;
  readonly #out = new Writer(1 << 16);

  // The function being written.
  #cached = false;
  #tracked = false;
  #frameBytes = 0;
  #fuelLocal = 0;
  #stackLocal = 0;
  #float32Local = 0;
  #float64Local = 0;
  #countLocal = 0;
  #vectorLocal = 0;

  constructor(context: EmissionContext) {
    this.#context = context;
    this.#bytes = context.shape.bytes;
  }

  /** The body (declarations and code) of a planned function; valid until the next call. */
  emit(functionIndex: number, plan: FunctionPlan): Uint8Array {
    const { shape, plans } = this.#context;
    const out = this.#out;
    out.clear();
    this.#cached = plan.hasLoop && !plan.hasHandler;
    this.#tracked = this.#context.tracked(functionIndex);
    this.#frameBytes = plan.frameBytes;
    this.#declareLocals(plan);
    const type = shape.types[plan.typeIndex]!;
    const wrapped = this.#cached && plan.leavesEarly;

    this.#prologue(plan);
    if (wrapped) this.#openBody(plan.typeIndex, type);
    let cursor = plan.codeStart;
    for (let edit = plan.firstEdit; edit < plan.endEdit; edit++) {
      const from = plans.from(edit);
      out.range(this.#bytes, cursor, from);
      cursor = this.#edit(edit);
    }
    // The closing `end` is written anew.
    out.range(this.#bytes, cursor, plan.codeEnd - 1);
    if (wrapped) out.byte(OP.end);
    if (this.#cached) this.#flushFuel();
    out.byte(OP.end);
    return out.view();
  }

  #declareLocals(plan: FunctionPlan): void {
    const out = this.#out;
    const extra: number[] = [];
    let next = plan.localCount;
    const add = (type: number): number => {
      extra.push(type);
      return next++;
    };
    // Without caching, the fuel's local only serves the check at entry.
    if (this.#cached || this.#checksAtEntry(plan)) this.#fuelLocal = add(I64);
    if (this.#tracked) this.#stackLocal = add(I64);
    if (plan.needs.float32) this.#float32Local = add(F32);
    if (plan.needs.float64) this.#float64Local = add(F64);
    if (plan.needs.count) this.#countLocal = add(I32);
    if (plan.needs.vector) this.#vectorLocal = add(V128);
    out.u32(plan.localGroups + extra.length);
    out.range(this.#bytes, plan.localsStart, plan.codeStart);
    for (const type of extra) out.ops(1, type);
  }

  /** Leaves without loops run for a bounded time: whoever calls them checks. */
  #checksAtEntry(plan: FunctionPlan): boolean {
    return this.#tracked || plan.callees.length > 0 || plan.callsUnknown;
  }

  #prologue(plan: FunctionPlan): void {
    const out = this.#out;
    const { fuelGlobal, stackGlobal } = this.#context.indices;
    const checks = this.#checksAtEntry(plan);
    out.byte(OP.globalGet);
    out.u32(fuelGlobal);
    this.#subtract(this.#context.plans.regionCosts[plan.entryRegion]!);
    if (this.#cached || checks) {
      out.byte(this.#cached ? OP.localSet : OP.localTee);
      out.u32(this.#fuelLocal);
    }
    if (!this.#cached) {
      out.byte(OP.globalSet);
      out.u32(fuelGlobal);
    }
    if (this.#tracked) {
      out.byte(OP.globalGet);
      out.u32(stackGlobal);
      this.#subtract(plan.frameBytes);
      out.byte(OP.localTee);
      out.u32(this.#stackLocal);
    }
    if (!checks) return;
    // One test for both: the sign of (fuel | stack).
    out.byte(OP.localGet);
    out.u32(this.#fuelLocal);
    if (this.#tracked) out.byte(OP.i64Or);
    out.ops(OP.i64Const, 0, OP.i64LtS, OP.if, EMPTY_BLOCK);
    if (this.#cached) this.#flushFuel();
    if (this.#tracked) this.#storeStack();
    out.ops(OP.unreachable, OP.end);
  }

  #openBody(typeIndex: number, type: FunctionType): void {
    const out = this.#out;
    out.byte(OP.block);
    if (type.results.length === 0) out.byte(EMPTY_BLOCK);
    else if (type.results.length === 1) out.raw(type.results[0]!);
    else out.signed(this.#context.blockTypeOf(typeIndex));
  }

  /** Carries out one edit and returns where in the original code to go on. */
  #edit(edit: number): number {
    const { plans } = this.#context;
    const out = this.#out;
    const to = plans.to(edit);
    const argument = plans.argument(edit);
    switch (plans.kind(edit)) {
      case EDIT.charge:
        this.#charge(plans.regionCosts[argument]!);
        break;
      case EDIT.chargeLoop:
        this.#charge(plans.regionCosts[argument]!);
        this.#stopIfOut();
        break;
      case EDIT.drop:
        break;
      case EDIT.call:
        this.#call(this.#calls(argument), () => {
          out.byte(OP.call);
          out.u32(this.#redirect(argument));
        });
        break;
      case EDIT.callIndirect:
        this.#call(true, () => out.range(this.#bytes, plans.from(edit), to));
        break;
      case EDIT.returnCall:
        this.#leaveByCall(this.#calls(argument));
        out.byte(OP.returnCall);
        out.u32(this.#redirect(argument));
        break;
      case EDIT.returnCallIndirect:
        this.#leaveByCall(true);
        out.range(this.#bytes, plans.from(edit), to);
        break;
      case EDIT.return:
        if (this.#cached) {
          out.byte(OP.br);
          out.u32(argument);
        } else out.byte(OP.return);
        break;
      case EDIT.throw:
        if (this.#cached) this.#flushFuel();
        break;
      case EDIT.refFunc:
        out.byte(OP.refFunc);
        out.u32(this.#redirect(argument));
        break;
      case EDIT.memoryGrow:
        this.#call(false, () => {
          out.byte(OP.call);
          out.u32(this.#context.indices.growFunction);
        });
        break;
      case EDIT.bulk:
        this.#chargeBulk(argument);
        break;
      case EDIT.canonical:
        this.#canonical(argument === 32);
        break;
      case EDIT.canonicalVector:
        this.#canonicalVector(argument === 32);
        break;
      default:
        throw new Error(`unknown edit ${plans.kind(edit)}`);
    }
    return to;
  }

  /** Whether the callee counts the stack. */
  #calls(functionIndex: number): boolean {
    return functionIndex < this.#context.shape.importedFunctionCount || this.#context.tracked(functionIndex);
  }

  /** Imported functions are only reached through their wrappers. */
  #redirect(functionIndex: number): number {
    const { shape, indices } = this.#context;
    return functionIndex < shape.importedFunctionCount ? indices.firstWrapper + functionIndex : functionIndex;
  }

  #call(tracked: boolean, instruction: () => void): void {
    if (this.#cached) this.#flushFuel();
    if (tracked) this.#storeStack();
    instruction();
    if (!this.#cached) return;
    this.#out.byte(OP.globalGet);
    this.#out.u32(this.#context.indices.fuelGlobal);
    this.#out.byte(OP.localSet);
    this.#out.u32(this.#fuelLocal);
  }

  /** A tail call takes this frame's place: what this frame took is free again. */
  #leaveByCall(tracked: boolean): void {
    if (this.#cached) this.#flushFuel();
    if (tracked) this.#storeStack(this.#frameBytes);
  }

  #flushFuel(): void {
    this.#out.byte(OP.localGet);
    this.#out.u32(this.#fuelLocal);
    this.#out.byte(OP.globalSet);
    this.#out.u32(this.#context.indices.fuelGlobal);
  }

  #storeStack(returned = 0): void {
    this.#out.byte(OP.localGet);
    this.#out.u32(this.#stackLocal);
    if (returned > 0) {
      this.#out.byte(OP.i64Const);
      this.#out.signed(returned);
      this.#out.byte(OP.i64Add);
    }
    this.#out.byte(OP.globalSet);
    this.#out.u32(this.#context.indices.stackGlobal);
  }

  #subtract(amount: number): void {
    this.#out.byte(OP.i64Const);
    this.#out.signed(amount);
    this.#out.byte(OP.i64Sub);
  }

  #getFuel(): void {
    this.#out.byte(this.#cached ? OP.localGet : OP.globalGet);
    this.#out.u32(this.#cached ? this.#fuelLocal : this.#context.indices.fuelGlobal);
  }

  #setFuel(): void {
    this.#out.byte(this.#cached ? OP.localSet : OP.globalSet);
    this.#out.u32(this.#cached ? this.#fuelLocal : this.#context.indices.fuelGlobal);
  }

  #charge(cost: number): void {
    if (cost === 0) return;
    this.#getFuel();
    this.#subtract(cost);
    this.#setFuel();
  }

  #stopIfOut(): void {
    this.#getFuel();
    this.#out.ops(OP.i64Const, 0, OP.i64LtS, OP.if, EMPTY_BLOCK);
    if (this.#cached) this.#flushFuel();
    this.#out.ops(OP.unreachable, OP.end);
  }

  /** With a count on top of the stack: charges for it and leaves it there. */
  #chargeBulk(scale: number): void {
    const out = this.#out;
    const { bulkUnits, bulkShift } = this.#context.costs;
    out.byte(OP.localSet);
    out.u32(this.#countLocal);
    this.#getFuel();
    out.byte(OP.localGet);
    out.u32(this.#countLocal);
    out.ops(OP.i64ExtendI32U, OP.i64Const);
    out.signed(Math.max(0, bulkShift - scale));
    out.ops(OP.i64ShrU, OP.i64Const);
    out.signed(bulkUnits * 2 ** Math.max(0, scale - bulkShift));
    out.ops(OP.i64Mul, OP.i64Sub);
    this.#setFuel();
    this.#stopIfOut();
    out.byte(OP.localGet);
    out.u32(this.#countLocal);
  }

  #canonical(single: boolean): void {
    writeCanonical(this.#out, single, single ? this.#float32Local : this.#float64Local);
  }

  #canonicalVector(single: boolean): void {
    const out = this.#out;
    const local = this.#vectorLocal;
    // bitselect(v, canonical, v == v)
    out.byte(OP.localTee);
    out.u32(local);
    out.ops(OP.prefixVector, VECTOR.const);
    for (let lane = 0; lane < (single ? 4 : 2); lane++) out.raw(single ? CANONICAL_F32 : CANONICAL_F64);
    for (let i = 0; i < 2; i++) {
      out.byte(OP.localGet);
      out.u32(local);
    }
    out.ops(OP.prefixVector, single ? VECTOR.f32x4Eq : VECTOR.f64x2Eq, OP.prefixVector, VECTOR.bitselect);
  }
}

const CANONICAL_F32 = Uint8Array.of(0, 0, 0xc0, 0x7f);
const CANONICAL_F64 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f);

/** Replaces a NaN on top of the stack by the positive quiet NaN without payload. */
function writeCanonical(out: Writer, single: boolean, local: number): void {
  out.byte(OP.localTee);
  out.u32(local);
  out.byte(single ? OP.f32Const : OP.f64Const);
  out.raw(single ? CANONICAL_F32 : CANONICAL_F64);
  for (let i = 0; i < 2; i++) {
    out.byte(OP.localGet);
    out.u32(local);
  }
  out.ops(single ? OP.f32Eq : OP.f64Eq, OP.select);
}

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
    if (param[0] === F32 || param[0] === F64) writeCanonical(out, param[0] === F32, index);
  });
  out.byte(OP.call);
  out.u32(importIndex);
  writeStopIfOut(out, fuelGlobal);
  out.byte(OP.end);
  return out.finish();
}

function writeStopIfOut(out: Writer, fuelGlobal: number): void {
  out.byte(OP.globalGet);
  out.u32(fuelGlobal);
  out.ops(OP.i64Const, 0, OP.i64LtS, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end);
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
  out.ops(1, I64, 1, I32);
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
