/**
 * Writes a function body with its edits carried out.
 *
 * Fuel is counted in a local (a register, once compiled) wherever possible: functions of the `register` convention get it
 * as a parameter and hand it back as a result, functions of the `memory` convention with loops load it from its global
 * and store it before whatever may look at it (calls of their own kind, exceptions, their end). Only functions without
 * loops, or with exception handlers, of the `memory` convention count in the global itself.
 *
 * The stack left is computed once per frame, before its first call, and handed to each callee; so nothing is undone on the way out,
 * whichever way out it is. Functions whose calls provably end within few bytes (`untracked`) take no part: the engine's
 * stack has a margin for them.
 */
import { writeLook } from "./cache-model.ts";
import type { Convention } from "./conventions.ts";
import type { CountedLoop } from "./counted-loop.ts";
import type { CostTable } from "./cost-table.ts";
import type { FunctionType, ModuleShape } from "./module-shape.ts";
import { OP, VECTOR } from "./opcodes.ts";
import { ACCESS, ACCESS_BITS } from "./locality.ts";
import { EDIT, LIES_UNDER, type FunctionPlan, type PlanBuffer } from "./plan.ts";
import { CANONICAL_F32, CANONICAL_F64, EMPTY_BLOCK, TYPE, writeCanonical } from "./snippets.ts";
import { GROUPED, type StoreGroup } from "./store-group.ts";
import { Writer } from "./writer.ts";

/** Indices of what the meter adds to the module. */
export interface MeterIndices {
  readonly fuelGlobal: number;
  readonly stackGlobal: number;
  readonly pagesMaxGlobal: number;
  readonly stopGlobal: number;
  readonly growFunction: number;
  /** Those that look lines up: for `scattered` accesses, and then for `chained` ones. */
  readonly firstLook: number;
  /** Those that make what groups stored canonical. */
  readonly firstCanonical: number;
  /** Wrapper of imported function `i`: `firstWrapper + i`. */
  readonly firstWrapper: number;
}

export interface EmissionContext {
  readonly shape: ModuleShape;
  readonly plans: PlanBuffer;
  readonly costs: CostTable;
  readonly indices: MeterIndices;
  /** Type index of a block without parameters and with the results of the given function type. */
  readonly blockTypeOf: (typeIndex: number) => number;
  /** Whether a function takes part in counting the stack; imported ones do. */
  readonly tracked: (functionIndex: number) => boolean;
  /** What callers have charged for a function's entry region. */
  readonly chargedByCallers: (functionIndex: number) => number;
  /** Imported functions are called through wrappers of the `memory` convention. */
  readonly convention: (functionIndex: number) => Convention;
}

/** More than any fuel, and far from overflowing. */
const FOREVER = 2 ** 61;

export class FunctionEmitter {
  readonly #context: EmissionContext;
  readonly #bytes: Uint8Array;
  readonly #out = new Writer(1 << 16);

  // The function being written.
  /** Fuel is in a local between calls. */
  #cached = false;
  #convention: Convention = "memory";
  #tracked = false;
  #checks = false;
  #checkRegion = 0;
  #loopFirst = false;
  #frameBytes = 0;
  #paramCount = 0;
  /** By how much declared locals move to make room for parameters. */
  #shift = 0;
  #fuelLocal = 0;
  #stackLocal = 0;
  #float32Local = 0;
  #float64Local = 0;
  #countLocal = 0;
  #longLocal = 0;
  #addressLocal = 0;
  #vectorLocal = 0;
  #sum32Local = 0;
  #sum64Local = 0;
  #firstKeptLocal = 0;
  #unlikely: number[] = [];

  constructor(context: EmissionContext) {
    this.#context = context;
    this.#bytes = context.shape.bytes;
  }

  /** The body (declarations and code) of a planned function; valid until the next call. */
  emit(functionIndex: number, plan: FunctionPlan): Uint8Array {
    const { shape, plans } = this.#context;
    const out = this.#out;
    out.clear();
    this.#unlikely = [];
    this.#convention = this.#context.convention(functionIndex);
    this.#cached = this.#convention === "register" || (plan.hasLoop && !plan.hasHandler);
    this.#tracked = this.#context.tracked(functionIndex);
    this.#checks = needsCheck(plan, this.#tracked);
    this.#checkRegion = plan.checkRegion;
    this.#loopFirst = plan.loopFirst;
    this.#frameBytes = plan.frameBytes;
    const type = shape.types[plan.typeIndex]!;
    this.#declareLocals(plan, type.params.length);
    const wrapped = this.#cached && plan.leavesEarly;

    this.#prologue(plan, this.#context.chargedByCallers(functionIndex));
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
    if (this.#convention === "register") this.#local(OP.localGet, this.#fuelLocal);
    else if (this.#cached) this.#flushFuel();
    out.byte(OP.end);
    return out.view();
  }

  /** Offsets, in the last body, of branches that are hardly ever taken: for the engine's layout of code. */
  get unlikelyBranches(): readonly number[] {
    return this.#unlikely;
  }

  #declareLocals(plan: FunctionPlan, paramCount: number): void {
    const out = this.#out;
    this.#shift = 0;
    this.#paramCount = paramCount;
    if (this.#convention === "register") {
      this.#fuelLocal = paramCount + this.#shift++;
      if (this.#tracked) this.#stackLocal = paramCount + this.#shift++;
    }
    const extra: number[] = [];
    const add = (type: number): number => plan.localCount + this.#shift + extra.push(type) - 1;
    if (this.#convention === "memory") {
      if (this.#cached) this.#fuelLocal = add(TYPE.i64);
      if (this.#tracked) this.#stackLocal = add(TYPE.i64);
    }
    if (plan.needs.float32) this.#float32Local = add(TYPE.f32);
    if (plan.needs.float64) this.#float64Local = add(TYPE.f64);
    if (plan.needs.count) this.#countLocal = add(TYPE.i32);
    if (plan.needs.long) this.#longLocal = add(TYPE.i64);
    if (plan.needs.address) this.#addressLocal = add(TYPE.i32);
    if (plan.needs.vector) this.#vectorLocal = add(TYPE.v128);
    if (plan.needs.sum32) this.#sum32Local = add(TYPE.f32);
    if (plan.needs.sum64) this.#sum64Local = add(TYPE.f64);
    const { kept } = plan.needs;
    this.#firstKeptLocal = plan.localCount + this.#shift + extra.length;
    out.u32(plan.localGroups + extra.length + (kept > 0 ? 1 : 0));
    out.range(this.#bytes, plan.localsStart, plan.codeStart);
    for (const type of extra) out.ops(1, type);
    if (kept > 0) out.ops(kept, TYPE.i32);
  }

  #prologue(plan: FunctionPlan, charged: number): void {
    const { regionCosts } = this.#context.plans;
    const cost = regionCosts[plan.entryRegion]! - charged;
    if (this.#convention === "memory" && this.#cached) {
      this.#global(OP.globalGet, this.#context.indices.fuelGlobal);
      this.#subtract(cost);
      this.#setFuel();
    } else this.#charge(cost);
    if (plan.checkRegion === plan.entryRegion) this.#checkForAll();
  }

  /** Takes the frame's stack, and stops unless there is stack and fuel left. */
  #checkForAll(): void {
    if (!this.#checks || (this.#loopFirst && !this.#tracked)) return;
    const out = this.#out;
    if (this.#tracked) {
      if (this.#convention === "register") this.#local(OP.localGet, this.#stackLocal);
      else this.#global(OP.globalGet, this.#context.indices.stackGlobal);
      this.#subtract(this.#frameBytes);
      this.#local(OP.localTee, this.#stackLocal);
    }
    if (!this.#loopFirst) this.#getFuel();
    // One test for both: the sign of (fuel | stack).
    if (this.#tracked && !this.#loopFirst) out.byte(OP.i64Or);
    this.#ifNegative();
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
        if (argument === this.#checkRegion) this.#checkForAll();
        break;
      case EDIT.chargeLoop:
        this.#charge(plans.regionCosts[argument]!);
        this.#stopIfOut();
        break;
      case EDIT.prepay:
        this.#prepay(plans.countedLoops[argument]!);
        break;
      case EDIT.nothing:
      case EDIT.drop:
        break;
      case EDIT.call:
        this.#call(argument);
        break;
      case EDIT.callIndirect:
        this.#callByMemory(true, () => out.range(this.#bytes, plans.from(edit), to));
        break;
      case EDIT.returnCall:
        this.#leaveByCall(this.#context.tracked(argument));
        out.byte(OP.returnCall);
        out.u32(this.#redirect(argument));
        break;
      case EDIT.returnCallIndirect:
        this.#leaveByCall(true);
        out.range(this.#bytes, plans.from(edit), to);
        break;
      case EDIT.return:
        if (this.#cached) this.#local(OP.br, argument);
        else out.byte(OP.return);
        break;
      case EDIT.throw:
        if (this.#cached) this.#flushFuel();
        break;
      case EDIT.refFunc:
        this.#local(OP.refFunc, this.#redirect(argument));
        break;
      case EDIT.memoryGrow:
        this.#callByMemory(false, () => this.#local(OP.call, this.#context.indices.growFunction));
        break;
      case EDIT.bulk:
        this.#chargeBulk(argument);
        break;
      case EDIT.canonical:
        this.#canonical(argument === 32);
        break;
      case EDIT.groupStore:
        this.#groupStore(argument, plans.from(edit), to);
        break;
      case EDIT.keepAddress:
        this.#local(OP.localTee, this.#firstKeptLocal + argument);
        break;
      case EDIT.groupCheck:
        this.#groupCheck(plans.storeGroups[argument]!);
        break;
      case EDIT.canonicalVector:
        this.#canonicalVector(argument === 32);
        break;
      case EDIT.look:
        this.#look(argument & ((1 << ACCESS_BITS) - 1), argument >> ACCESS_BITS);
        break;
      case EDIT.local:
        this.#local(this.#bytes[plans.from(edit)]!, argument + this.#shift);
        break;
      default:
        throw new Error(`unknown edit ${plans.kind(edit)}`);
    }
    return to;
  }

  /** Imported functions are only reached through their wrappers. */
  #redirect(functionIndex: number): number {
    const { shape, indices } = this.#context;
    return functionIndex < shape.importedFunctionCount ? indices.firstWrapper + functionIndex : functionIndex;
  }

  #call(functionIndex: number): void {
    const tracked = this.#context.tracked(functionIndex);
    if (this.#context.convention(functionIndex) === "memory") {
      this.#callByMemory(tracked, () => this.#local(OP.call, this.#redirect(functionIndex)));
      return;
    }
    this.#getFuel();
    if (tracked) this.#local(OP.localGet, this.#stackLocal);
    this.#local(OP.call, functionIndex);
    this.#setFuel();
  }

  #callByMemory(tracked: boolean, instruction: () => void): void {
    if (this.#cached) this.#flushFuel();
    if (tracked) this.#storeStack();
    instruction();
    if (!this.#cached) return;
    this.#global(OP.globalGet, this.#context.indices.fuelGlobal);
    this.#local(OP.localSet, this.#fuelLocal);
  }

  /** A tail call takes this frame's place: what this frame took is free again. */
  #leaveByCall(tracked: boolean): void {
    if (this.#cached) this.#flushFuel();
    if (tracked) this.#storeStack(this.#frameBytes);
  }

  /** An instruction with one index as its operand. */
  #local(opcode: number, index: number): void {
    this.#out.byte(opcode);
    this.#out.u32(index);
  }

  #global(opcode: number, index: number): void {
    this.#local(opcode, index);
  }

  #flushFuel(): void {
    this.#local(OP.localGet, this.#fuelLocal);
    this.#global(OP.globalSet, this.#context.indices.fuelGlobal);
  }

  #storeStack(returned = 0): void {
    this.#local(OP.localGet, this.#stackLocal);
    if (returned > 0) {
      this.#out.byte(OP.i64Const);
      this.#out.signed(returned);
      this.#out.byte(OP.i64Add);
    }
    this.#global(OP.globalSet, this.#context.indices.stackGlobal);
  }

  #subtract(amount: number): void {
    this.#out.byte(OP.i64Const);
    this.#out.signed(amount);
    this.#out.byte(OP.i64Sub);
  }

  #getFuel(): void {
    if (this.#cached) this.#local(OP.localGet, this.#fuelLocal);
    else this.#global(OP.globalGet, this.#context.indices.fuelGlobal);
  }

  #setFuel(): void {
    if (this.#cached) this.#local(OP.localSet, this.#fuelLocal);
    else this.#global(OP.globalSet, this.#context.indices.fuelGlobal);
  }

  #charge(cost: number): void {
    if (cost === 0) return;
    this.#getFuel();
    this.#subtract(cost);
    this.#setFuel();
  }

  /**
   * Charges all rounds of a loop. They are (bound − counter) / step, modulo 2^32, or 2^32 / step when that is none; when
   * it does not come out even, the loop would never end.
   */
  #prepay({ region, counter, step, bound }: CountedLoop): void {
    const out = this.#out;
    const cost = this.#context.plans.regionCosts[region]!;
    const size = Math.abs(step);
    const counterGet = (): void => this.#local(OP.localGet, this.#moved(counter));
    const boundGet = (): void => {
      if ("local" in bound) this.#local(OP.localGet, this.#moved(bound.local));
      else this.#constant(bound.constant);
    };
    this.#charge(cost);
    this.#getFuel();
    if (size > 1) {
      out.byte(OP.i64Const);
      out.signed(FOREVER);
    }
    // The distance without the first round.
    if (step > 0) boundGet();
    else counterGet();
    if (step > 0) counterGet();
    else boundGet();
    out.byte(OP.i32Sub);
    this.#constant(size);
    out.byte(OP.i32Sub);
    if (size > 1) {
      this.#local(OP.localTee, this.#countLocal);
      this.#constant(Math.log2(size));
      out.byte(OP.i32ShrU);
    }
    out.ops(OP.i64ExtendI32U, OP.i64Const);
    out.signed(cost);
    out.byte(OP.i64Mul);
    if (size > 1) {
      this.#local(OP.localGet, this.#countLocal);
      this.#constant(size - 1);
      out.ops(OP.i32And, OP.select);
    }
    out.byte(OP.i64Sub);
    this.#setFuel();
    this.#stopIfOut();
  }

  #constant(value: number): void {
    this.#out.byte(OP.i32Const);
    this.#out.signed(value | 0);
  }

  /** Where one of the module's own locals is. */
  #moved(local: number): number {
    return local < this.#paramCount ? local : local + this.#shift;
  }

  #stopIfOut(): void {
    this.#getFuel();
    this.#ifNegative();
    if (this.#cached) this.#flushFuel();
    this.#out.ops(OP.unreachable, OP.end);
  }

  #ifNegative(): void {
    this.#out.ops(OP.i64Const, 0, OP.i64LtS);
    this.#unlikely.push(this.#out.length);
    this.#out.ops(OP.if, EMPTY_BLOCK);
  }

  /** With a count on top of the stack: charges for it and leaves it there. */
  #chargeBulk(scale: number): void {
    const out = this.#out;
    const { bulkUnits, bulkShift } = this.#context.costs;
    this.#local(OP.localSet, this.#countLocal);
    this.#getFuel();
    this.#local(OP.localGet, this.#countLocal);
    out.ops(OP.i64ExtendI32U, OP.i64Const);
    out.signed(Math.max(0, bulkShift - scale));
    out.ops(OP.i64ShrU, OP.i64Const);
    out.signed(bulkUnits * 2 ** Math.max(0, scale - bulkShift));
    out.ops(OP.i64Mul, OP.i64Sub);
    this.#setFuel();
    this.#stopIfOut();
    this.#local(OP.localGet, this.#countLocal);
  }

  #canonical(single: boolean): void {
    const branch = writeCanonical(this.#out, single, single ? this.#float32Local : this.#float64Local);
    this.#unlikely.push(branch);
  }

  /** With an address and a float on the stack: stores it, and adds it to the sum of its group. */
  #groupStore(argument: number, from: number, to: number): void {
    const out = this.#out;
    const single = (argument & GROUPED.single) !== 0;
    const value = single ? this.#float32Local : this.#float64Local;
    const sum = single ? this.#sum32Local : this.#sum64Local;
    this.#local(OP.localSet, value);
    this.#local(OP.localTee, this.#firstKeptLocal + (argument & GROUPED.kept));
    this.#local(OP.localGet, value);
    out.range(this.#bytes, from, to);
    if ((argument & GROUPED.clean) !== 0) return;
    this.#local(OP.localGet, value);
    if ((argument & GROUPED.first) === 0) {
      this.#local(OP.localGet, sum);
      out.byte(single ? OP.f32Add : OP.f64Add);
    }
    this.#local(OP.localSet, sum);
  }

  #groupCheck({ single, stores, others, helper }: StoreGroup): void {
    const out = this.#out;
    const sum = single ? this.#sum32Local : this.#sum64Local;
    for (let i = 0; i < 2; i++) this.#local(OP.localGet, sum);
    out.ops(single ? OP.f32Ge : OP.f64Ge, OP.i32Eqz);
    this.#unlikely.push(out.length);
    out.ops(OP.if, EMPTY_BLOCK);
    for (const { kept, offset } of stores) {
      this.#local(OP.localGet, this.#firstKeptLocal + kept);
      if (offset === 0) continue;
      this.#constant(offset);
      out.byte(OP.i32Add);
    }
    for (const kept of others) this.#local(OP.localGet, this.#firstKeptLocal + kept);
    this.#local(OP.call, this.#context.indices.firstCanonical + helper);
    out.byte(OP.end);
  }

  /** With an address on the stack, and what lies on it. */
  #look(access: number, lies: number): void {
    const value = this.#localFor(lies);
    if (value !== undefined) this.#local(OP.localSet, value);
    const { firstLook } = this.#context.indices;
    const branch = writeLook({
      out: this.#out,
      scratch: this.#addressLocal,
      lookFunction: access === ACCESS.chained ? firstLook + 1 : firstLook,
      getFuel: () => this.#getFuel(),
      setFuel: () => this.#setFuel(),
    });
    this.#unlikely.push(branch);
    if (value !== undefined) this.#local(OP.localGet, value);
  }

  #localFor(lies: number): number | undefined {
    switch (lies) {
      case LIES_UNDER.i32:
        return this.#countLocal;
      case LIES_UNDER.i64:
        return this.#longLocal;
      case LIES_UNDER.f32:
        return this.#float32Local;
      case LIES_UNDER.f64:
        return this.#float64Local;
      default:
        return undefined;
    }
  }

  #canonicalVector(single: boolean): void {
    const out = this.#out;
    // bitselect(v, canonical, v == v)
    this.#local(OP.localTee, this.#vectorLocal);
    out.ops(OP.prefixVector, VECTOR.const);
    for (let lane = 0; lane < (single ? 4 : 2); lane++) out.raw(single ? CANONICAL_F32 : CANONICAL_F64);
    for (let i = 0; i < 2; i++) this.#local(OP.localGet, this.#vectorLocal);
    out.ops(OP.prefixVector, single ? VECTOR.f32x4Eq : VECTOR.f64x2Eq, OP.prefixVector, VECTOR.bitselect);
  }
}

/** Leaves without loops run for a bounded time: whoever calls them checks. */
function needsCheck(plan: FunctionPlan, tracked: boolean): boolean {
  return tracked || plan.callees.length > 0 || plan.callsUnknown;
}
