/**
 * Reads one function body and plans its edits.
 *
 * Costs are gathered in *regions*: sets of instructions that all run whenever the first of them runs (unless the run
 * ends in between). Code after a block belongs to the region before the block when no branch leaves the block for
 * somewhere farther out, so that a region often spans several basic blocks and is charged once. A run that ends inside a
 * region (trap, exit, exception) has paid for all of it: deterministic all the same.
 */
import type { CostTable } from "./cost-table.ts";
import { countedLoop, independentRounds, RecentInstructions } from "./counted-loop.ts";
import { skipDead } from "./dead-code.ts";
import { EntryCheck } from "./entry-check.ts";
import { beyondBound, malformed, unsupported } from "./errors.ts";
import { readBlockType, refuse, skipImmediate, skipNumericImmediate } from "./immediates.ts";
import { ACCESS_BITS, LocalityAnalyzer } from "./locality.ts";
import { isVector, type ModuleShape, readValueType } from "./module-shape.ts";
import {
  CLEAN_FLOAT_PRODUCERS,
  IMM,
  NUMERIC,
  NUMERIC_TABLE,
  OP,
  PLAIN,
  VECTOR,
  VECTOR_NAN_F32X4,
  VECTOR_NAN_F64X2,
  VECTOR_TABLE,
} from "./opcodes.ts";
import { type OpcodeCosts, opcodeCosts } from "./opcode-costs.ts";
import { EDIT, liesUnder, LIES_UNDER, type FunctionPlan, type PlanBuffer } from "./plan.ts";
import { Reader } from "./reader.ts";
import { localOnTop, StoreGroups } from "./store-group.ts";

/** V8 allows 50,000 locals; some are left for the meter. */
const LOCALS_MAX = 49_000;
/** What V8's frames take beside locals and operands (return address, frame pointer, instance, marker, spill alignment). */
const FRAME_BASE_BYTES = 80;
const SLOT_BYTES = 8;
const VECTOR_SLOT_BYTES = 16;

interface Frame {
  readonly opcode: number;
  readonly entryRegion: number;
  /** Operand heights: below the frame's parameters, and after its end. */
  readonly baseHeight: number;
  readonly paramCount: number;
  readonly resultCount: number;
  /** A branch inside leaves for somewhere farther out than this frame's end. */
  escaped: boolean;
  /** A branch goes to this frame's end. */
  targeted: boolean;
}

/** The innermost open loop, as long as it may turn out to count and nothing else. */
interface OpenLoop {
  /** How many frames are open in it. */
  readonly depth: number;
  readonly start: number;
  readonly region: number;
  /** Edits before it and at its start. */
  readonly prepayEdit: number;
  readonly chargeEdit: number;
}

/** What a round may cost beside what is charged before the loop, unchecked, in relation to it. */
const UNCHECKED_MAX = 8;

export interface AnalysisContext {
  readonly shape: ModuleShape;
  readonly plans: PlanBuffer;
  readonly costs: CostTable;
  /** By function index: it may be called otherwise than by `call`. */
  readonly addressTaken: Uint8Array;
  /** Whether accesses that may wait for memory are looked at. */
  readonly caches: boolean;
}

export class FunctionAnalyzer {
  readonly #shape: ModuleShape;
  readonly #plans: PlanBuffer;
  readonly #addressTaken: Uint8Array;
  readonly #costs: OpcodeCosts;
  readonly #entryCost: number;
  readonly #iterationCost: number;
  readonly #loopBranchCost: number;
  readonly #steadyPercent: number;

  readonly #locality: LocalityAnalyzer | undefined;

  // The state of the function being read.
  /** Offsets and kinds of its accesses to look at, and how far they were read. */
  #looks: readonly number[] = [];
  #nextLook = 0;
  #reader: Reader = new Reader(new Uint8Array(0));
  #frames: Frame[] = [];
  #region = 0;
  #height = 0;
  #maxHeight = 0;
  #leavesEarly = false;
  #hasLoop = false;
  #hasHandler = false;
  #callsUnknown = false;
  #tailCalls = false;
  /** Declared locals from this index on may move; `Infinity` in functions whose signature stays. */
  #movingLocals = Infinity;
  #callees: Set<number> = new Set();
  readonly #entryCheck = new EntryCheck();
  readonly #recent = new RecentInstructions();
  readonly #groups: StoreGroups;
  #openLoop: OpenLoop | undefined;
  #usesVector = false;
  #needs = { float32: false, float64: false, count: false, long: false, address: false, vector: false };
  /** The value on top of the stack was just made by an instruction that makes no NaN of its own. */
  #cleanTop = false;
  /** It is a constant, and nothing else was done since. */
  #constantTop = false;

  constructor(context: AnalysisContext) {
    this.#shape = context.shape;
    this.#locality = context.caches ? new LocalityAnalyzer(context.shape) : undefined;
    this.#plans = context.plans;
    this.#groups = new StoreGroups(context.plans);
    this.#addressTaken = context.addressTaken;
    this.#costs = opcodeCosts(context.costs);
    this.#entryCost = context.costs.instructions.entry;
    this.#iterationCost = context.costs.instructions.iteration;
    this.#loopBranchCost = context.costs.instructions.loopBranch;
    this.#steadyPercent = context.costs.steadyPercent;
  }

  /** Plans a function whose body (declarations and code) lies in `[start, end)`. */
  analyze(functionIndex: number, start: number, end: number): FunctionPlan {
    const typeIndex = this.#shape.functionTypes[functionIndex]!;
    const type = this.#shape.types[typeIndex]!;
    const reader = new Reader(this.#shape.bytes, start, end);
    const plans = this.#plans;
    this.#reader = reader;
    this.#usesVector = type.params.some(isVector);
    const localGroups = reader.count();
    const localsStart = reader.offset;
    let localCount = type.params.length;
    for (let i = 0; i < localGroups; i++) {
      localCount += reader.u32();
      if (localCount > LOCALS_MAX) beyondBound("locals of a function");
      if (isVector(readValueType(reader))) this.#usesVector = true;
    }

    const codeStart = reader.offset;
    this.#looks = this.#locality?.find(codeStart, end, type.params.length, localCount) ?? [];
    this.#nextLook = 0;
    const firstEdit = plans.editCount;
    const entryRegion = plans.addRegion();
    plans.regionCosts[entryRegion] = this.#entryCost;
    this.#region = entryRegion;
    this.#entryCheck.enter(entryRegion);
    this.#height = 0;
    this.#maxHeight = 0;
    this.#leavesEarly = this.#hasLoop = this.#hasHandler = this.#callsUnknown = false;
    this.#cleanTop = this.#constantTop = false;
    this.#tailCalls = false;
    this.#movingLocals = this.#addressTaken[functionIndex] === 0 ? type.params.length : Infinity;
    this.#callees = new Set();
    this.#needs = { float32: false, float64: false, count: false, long: false, address: false, vector: false };
    this.#frames = [];
    this.#openLoop = undefined;
    this.#groups.enter();
    this.#push(OP.block, 0, type.results.length);
    while (this.#frames.length > 0) this.#instruction();
    if (!reader.done) malformed("code after the end of a function");

    const { keptMost: kept, single: sum32, double: sum64 } = this.#groups;
    const needs = { ...this.#needs, kept, sum32, sum64 };
    const slotBytes = this.#usesVector ? VECTOR_SLOT_BYTES : SLOT_BYTES;
    return {
      typeIndex,
      localsStart,
      localGroups,
      codeStart,
      codeEnd: reader.offset,
      localCount,
      firstEdit,
      endEdit: plans.editCount,
      entryRegion,
      checkRegion: this.#entryCheck.region ?? entryRegion,
      loopFirst: this.#entryCheck.loopFirst,
      hasLoop: this.#hasLoop,
      hasHandler: this.#hasHandler,
      leavesEarly: this.#leavesEarly,
      callsUnknown: this.#callsUnknown,
      tailCalls: this.#tailCalls,
      callees: [...this.#callees],
      frameBytes: FRAME_BASE_BYTES + slotBytes * (localCount + this.#maxHeight + kept),
      needs,
    };
  }

  #instruction(): void {
    const reader = this.#reader;
    const offset = reader.offset;
    const opcode = reader.byte();
    this.#recent.add(offset);
    if (offset === this.#looks[this.#nextLook]) this.#look(opcode, offset);
    const shape = PLAIN.immediate[opcode]!;
    if (shape === IMM.special) return this.#special(opcode, offset);
    if (opcode === OP.prefixNumeric) return this.#numeric(offset);
    if (opcode === OP.prefixVector) return this.#vector(offset);
    if (shape === IMM.refused) refuse(opcode);
    const costs = this.#constantTop ? this.#costs.afterConstant : this.#costs.plain;
    this.#plans.regionCosts[this.#region]! += costs[opcode]!;
    this.#constantTop = opcode === OP.i32Const || opcode === OP.i64Const;
    switch (opcode) {
      case OP.f32Store:
      case OP.f64Store:
      case OP.f32Load:
      case OP.f64Load:
        return this.#floatAccess(opcode, offset);
      case OP.i32ReinterpretF32:
      case OP.f32Copysign:
        this.#canonicalTop(32, offset);
        break;
      case OP.i64ReinterpretF64:
      case OP.f64Copysign:
        this.#canonicalTop(64, offset);
        break;
      case OP.localGet:
      case OP.localSet:
      case OP.localTee: {
        const local = reader.u32();
        if (local >= this.#movingLocals) this.#plans.addEdit(EDIT.local, offset, reader.offset, local);
        if (opcode !== OP.localGet) this.#groups.assigned(local);
        this.#move(PLAIN.stack[opcode]!);
        this.#cleanTop = false;
        return;
      }
      default:
        if (opcode >= OP.i32Load && opcode <= OP.i64Store32) this.#groups.close();
    }
    skipImmediate(reader, shape);
    this.#move(PLAIN.stack[opcode]!);
    this.#cleanTop = CLEAN_FLOAT_PRODUCERS.has(opcode);
  }

  /** A load or store of one float. */
  #floatAccess(opcode: number, offset: number): void {
    const reader = this.#reader;
    const single = opcode === OP.f32Load || opcode === OP.f32Store;
    if (reader.u32() >= 64) unsupported("several memories");
    const beyond = reader.u32();
    if (opcode === OP.f32Store || opcode === OP.f64Store) {
      this.#groups.store(single, this.#cleanTop, offset, reader.offset, beyond);
      if (single) this.#needs.float32 = true;
      else this.#needs.float64 = true;
    } else if (this.#groups.open) {
      const { bytes } = reader;
      this.#groups.load(single, offset, beyond, localOnTop(bytes, this.#recent.offset(1)), bytes[reader.offset]!);
    }
    this.#move(PLAIN.stack[opcode]!);
    this.#cleanTop = CLEAN_FLOAT_PRODUCERS.has(opcode);
  }

  #move(effect: number): void {
    this.#height += effect;
    if (this.#height > this.#maxHeight) this.#maxHeight = this.#height;
  }

  #look(opcode: number, offset: number): void {
    const lies = liesUnder(opcode);
    this.#plans.looks = true;
    this.#plans.addEdit(EDIT.look, offset, offset, this.#looks[this.#nextLook + 1]! | (lies << ACCESS_BITS));
    this.#nextLook += 2;
    const needs = this.#needs;
    needs.address = true;
    if (lies === LIES_UNDER.i32) needs.count = true;
    else if (lies === LIES_UNDER.i64) needs.long = true;
    else if (lies === LIES_UNDER.f32) needs.float32 = true;
    else if (lies === LIES_UNDER.f64) needs.float64 = true;
  }

  /** Floats are seen as bits only through a few instructions; there, and only there, NaNs are made canonical. */
  #canonicalTop(width: 32 | 64, offset: number): void {
    if (this.#cleanTop) return;
    this.#plans.addEdit(EDIT.canonical, offset, offset, width);
    if (width === 32) this.#needs.float32 = true;
    else this.#needs.float64 = true;
  }

  #numeric(offset: number): void {
    const reader = this.#reader;
    this.#groups.close();
    const opcode = reader.u32();
    const shape = NUMERIC_TABLE.immediate[opcode] ?? IMM.refused;
    if (shape === IMM.refused) unsupported(`instruction 0xfc ${opcode}`);
    this.#plans.regionCosts[this.#region]! += this.#costs.numeric[opcode]!;
    this.#cleanTop = this.#constantTop = false;
    if (shape === IMM.special) {
      // An entry of a table counts as 256 bytes.
      const scale =
        opcode === NUMERIC.memoryInit || opcode === NUMERIC.memoryCopy || opcode === NUMERIC.memoryFill ? 0 : 8;
      this.#plans.addEdit(EDIT.bulk, offset, offset, scale);
      this.#needs.count = true;
    }
    skipNumericImmediate(reader, opcode);
    this.#move(NUMERIC_TABLE.stack[opcode]!);
  }

  #vector(offset: number): void {
    const reader = this.#reader;
    this.#groups.close();
    const opcode = reader.u32();
    if (opcode >= VECTOR.relaxedFrom) unsupported("relaxed SIMD");
    const shape = VECTOR_TABLE.immediate[opcode]!;
    if (shape === IMM.refused) malformed(`instruction 0xfd ${opcode}`);
    this.#usesVector = true;
    this.#constantTop = false;
    this.#plans.regionCosts[this.#region]! += this.#costs.vector[opcode]!;
    if (opcode === VECTOR.f32x4Splat || opcode === VECTOR.f32x4ReplaceLane) this.#canonicalTop(32, offset);
    else if (opcode === VECTOR.f64x2Splat || opcode === VECTOR.f64x2ReplaceLane) this.#canonicalTop(64, offset);
    skipImmediate(reader, shape);
    this.#move(VECTOR_TABLE.stack[opcode]!);
    this.#cleanTop = true;
    const width = vectorNanWidth(opcode);
    if (width !== 0 && !this.#goesIntoArithmetic(width)) {
      this.#plans.addEdit(EDIT.canonicalVector, reader.offset, reader.offset, width);
      this.#needs.vector = true;
    }
  }

  /** The next instruction takes the vector on top and makes NaNs of the same lanes itself: nothing sees the bits in between. */
  #goesIntoArithmetic(width: number): boolean {
    const next = new Reader(this.#reader.bytes, this.#reader.offset, this.#reader.end);
    if (next.byte() !== OP.prefixVector) return false;
    const opcode = next.u32();
    return opcode !== VECTOR.demote && opcode !== VECTOR.promote && vectorNanWidth(opcode) === width;
  }

  #special(opcode: number, offset: number): void {
    const reader = this.#reader;
    const plans = this.#plans;
    this.#groups.close();
    plans.regionCosts[this.#region]! += this.#costs.plain[opcode]!;
    this.#cleanTop = this.#constantTop = false;
    this.#move(PLAIN.stack[opcode]!);
    switch (opcode) {
      case OP.unreachable:
        this.#openLoop = undefined;
        return this.#die();
      case OP.block:
      case OP.try:
        if (opcode === OP.try) this.#hasHandler = true;
        if (opcode === OP.try) this.#openLoop = undefined;
        return this.#open(opcode);
      case OP.loop:
        return this.#loop(offset);
      case OP.if:
        this.#open(opcode);
        return this.#startRegion();
      case OP.tryTable: {
        this.#hasHandler = true;
        this.#openLoop = undefined;
        this.#open(opcode, (outer) => {
          // The clauses' labels count from outside of the new frame.
          for (let clauses = reader.count(); clauses > 0; clauses--) {
            const kind = reader.byte();
            if (kind > 3) malformed("catch clause");
            if (kind < 2) reader.u32();
            this.#branch(reader.u32(), outer);
          }
        });
        this.#frames.at(-1)!.escaped = true;
        return;
      }
      case OP.else:
      case OP.catch:
      case OP.catchAll:
        return this.#alternative(opcode);
      case OP.delegate:
        reader.u32();
        this.#frames.at(-1)!.escaped = true;
        return this.#close();
      case OP.end:
        return this.#close();
      case OP.br:
        this.#branch(reader.u32(), this.#frames.length);
        return this.#die();
      case OP.brIf: {
        const label = reader.u32();
        if (this.#decidesLoop(label))
          plans.regionCosts[this.#region]! += this.#loopBranchCost - this.#costs.plain[opcode]!;
        if (label === 0) this.#loopMayCount();
        this.#branch(label, this.#frames.length);
        return this.#startRegion();
      }
      case OP.brTable:
        for (let targets = reader.count(); targets >= 0; targets--) this.#branch(reader.u32(), this.#frames.length);
        return this.#die();
      case OP.return:
        plans.addEdit(EDIT.return, offset, reader.offset, this.#frames.length - 1);
        this.#branch(this.#frames.length - 1, this.#frames.length);
        return this.#die();
      case OP.call:
      case OP.returnCall: {
        const callee = reader.u32();
        const typeIndex = this.#shape.functionTypes[callee];
        if (typeIndex === undefined) malformed("function index");
        if (callee < this.#shape.importedFunctionCount) this.#callsUnknown = true;
        else {
          this.#callees.add(callee);
          if (opcode === OP.call) plans.addCall(this.#region, callee);
        }
        return this.#called(opcode === OP.call ? EDIT.call : EDIT.returnCall, offset, typeIndex, callee);
      }
      case OP.callIndirect:
      case OP.returnCallIndirect: {
        const typeIndex = reader.u32();
        if (typeIndex >= this.#shape.types.length) malformed("type index");
        reader.u32();
        this.#callsUnknown = true;
        return this.#called(
          opcode === OP.callIndirect ? EDIT.callIndirect : EDIT.returnCallIndirect,
          offset,
          typeIndex,
          0,
        );
      }
      case OP.throw:
      case OP.rethrow:
        this.#openLoop = undefined;
        reader.u32();
        plans.addEdit(EDIT.throw, offset, offset, 0);
        return this.#die();
      case OP.throwRef:
        this.#openLoop = undefined;
        plans.addEdit(EDIT.throw, offset, offset, 0);
        return this.#die();
      case OP.globalGet:
      case OP.globalSet:
        // Ours come after the module's own: it must not name them.
        if (reader.u32() >= this.#shape.globalCount) malformed("global index");
        return;
      case OP.memoryGrow:
        if (reader.u32() !== 0) unsupported("several memories");
        this.#openLoop = undefined;
        plans.addEdit(EDIT.memoryGrow, offset, reader.offset, 0);
        return;
      case OP.refFunc: {
        const index = reader.u32();
        if (index >= this.#shape.functionTypes.length) malformed("function index");
        plans.addEdit(EDIT.refFunc, offset, reader.offset, index);
        return;
      }
      default:
        refuse(opcode);
    }
  }

  #loop(offset: number): void {
    const plans = this.#plans;
    this.#entryCheck.need(this.#region, true);
    const prepayEdit = plans.editCount;
    plans.addEdit(EDIT.nothing, offset, offset, 0);
    this.#open(OP.loop);
    this.#hasLoop = true;
    const chargeEdit = plans.editCount;
    this.#startRegion(EDIT.chargeLoop);
    plans.regionCosts[this.#region]! += this.#iterationCost;
    this.#openLoop = {
      depth: this.#frames.length,
      start: this.#reader.offset,
      region: this.#region,
      prepayEdit,
      chargeEdit,
    };
  }

  /** Whether a branch decides about another round: it goes to a loop's start, or out of the innermost loop. */
  #decidesLoop(label: number): boolean {
    const target = this.#frames.length - 1 - label;
    if (this.#frames[target]?.opcode === OP.loop) return true;
    return target < this.#frames.findLastIndex(({ opcode }) => opcode === OP.loop);
  }

  /** At a `br_if` to the innermost frame: when it ends a loop that counts, the whole of it is charged before it begins. */
  #loopMayCount(): void {
    const loop = this.#openLoop;
    const plans = this.#plans;
    if (loop === undefined || loop.depth !== this.#frames.length || loop.region !== this.#region) return;
    if (this.#reader.bytes[this.#reader.offset] !== OP.end) return;
    if (
      plans.regionCosts.length === loop.region + 1 &&
      independentRounds(this.#shape, loop.start, this.#recent.offset(0))
    )
      plans.regionCosts[loop.region] = Math.floor((plans.regionCosts[loop.region]! * this.#steadyPercent) / 100);
    let beside = 0;
    for (let region = loop.region + 1; region < plans.regionCosts.length; region++)
      beside += plans.regionCosts[region]!;
    if (beside > UNCHECKED_MAX * plans.regionCosts[loop.region]!) return;
    const counted = countedLoop(this.#shape, loop.start, this.#recent, loop.region);
    if (counted === undefined) return;
    plans.change(loop.prepayEdit, EDIT.prepay, plans.countedLoops.push(counted) - 1, plans.to(loop.prepayEdit));
    plans.change(loop.chargeEdit, EDIT.nothing, 0, plans.to(loop.chargeEdit));
    this.#needs.count = true;
  }

  #called(kind: number, offset: number, typeIndex: number, argument: number): void {
    this.#entryCheck.need(this.#region, false);
    this.#openLoop = undefined;
    const type = this.#shape.types[typeIndex]!;
    this.#plans.addEdit(kind, offset, this.#reader.offset, argument);
    this.#move(-type.params.length);
    if (kind === EDIT.returnCall || kind === EDIT.returnCallIndirect) {
      this.#tailCalls = true;
      // Its signature must stay what its callers say it is.
      if (kind === EDIT.returnCall) this.#addressTaken[argument] = 1;
      this.#branch(this.#frames.length - 1, this.#frames.length);
      return this.#die();
    }
    this.#move(type.results.length);
  }

  #push(opcode: number, paramCount: number, resultCount: number): void {
    this.#frames.push({
      opcode,
      entryRegion: this.#region,
      baseHeight: this.#height - paramCount,
      paramCount,
      resultCount,
      escaped: false,
      targeted: false,
    });
  }

  #open(opcode: number, readClauses?: (outer: number) => void): void {
    const outer = this.#frames.length;
    const { paramCount, resultCount } = readBlockType(this.#reader, this.#shape);
    readClauses?.(outer);
    this.#push(opcode, paramCount, resultCount);
  }

  /** A branch to label `label`, seen from inside the first `depth` frames. */
  #branch(label: number, depth: number): void {
    const target = depth - 1 - label;
    if (target < 0) malformed("label");
    if (this.#openLoop !== undefined && target < this.#openLoop.depth) this.#openLoop = undefined;
    for (let i = depth - 1; i > target; i--) this.#frames[i]!.escaped = true;
    const frame = this.#frames[target]!;
    if (frame.opcode !== OP.loop) frame.targeted = true;
    if (target === 0) this.#leavesEarly = true;
  }

  #startRegion(kind: number = EDIT.charge): void {
    this.#region = this.#plans.addRegion();
    this.#entryCheck.begin(this.#frames.length);
    this.#plans.addEdit(kind, this.#reader.offset, this.#reader.offset, this.#region);
  }

  /** `else`, `catch`, `catch_all`: the frame's next arm. */
  #alternative(opcode: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) malformed("unbalanced blocks");
    this.#entryCheck.leave(this.#frames.length - 1);
    this.#height = frame.baseHeight;
    if (opcode === OP.else) this.#move(frame.paramCount);
    else if (opcode === OP.catch) {
      const tag = this.#shape.tagTypes[this.#reader.u32()];
      if (tag === undefined) malformed("tag index");
      this.#move(this.#shape.types[tag]!.params.length);
    }
    this.#startRegion();
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) malformed("unbalanced blocks");
    this.#entryCheck.leave(this.#frames.length);
    if (frame.opcode === OP.loop) this.#openLoop = undefined;
    this.#height = frame.baseHeight;
    this.#move(frame.resultCount);
    this.#cleanTop = false;
    if (this.#frames.length === 0) return;
    if (!frame.escaped) this.#region = frame.entryRegion;
    else this.#startRegion();
  }

  /** Nothing runs until the current frame's next arm or end: leave it out, but read through it. */
  #die(): void {
    const from = this.#reader.offset;
    skipDead(this.#reader, this.#shape);
    if (this.#reader.offset > from) this.#plans.addEdit(EDIT.drop, from, this.#reader.offset, 0);
  }
}

/** Of the lanes in which a vector instruction may make a NaN of the machine's choosing; 0: in none. */
function vectorNanWidth(opcode: number): number {
  return VECTOR_NAN_F32X4.has(opcode) ? 32 : VECTOR_NAN_F64X2.has(opcode) ? 64 : 0;
}
