/** What analysis finds in one function and emission carries out: a list of edits in code order, and regions to charge. */
import type { CountedLoop } from "./counted-loop.ts";
import { OP } from "./opcodes.ts";
import type { CanonicalHelper, StoreGroup } from "./store-group.ts";

/** Kinds of edits; the fields `from`, `to`, `argument` of an edit mean what each comment says. */
export const EDIT = {
  /** Charge region `argument` before `from`. */
  charge: 0,
  /** Charge region `argument` before `from` and stop when fuel is out: a loop's header. */
  chargeLoop: 1,
  /** Leave out `[from, to)`: it can never run. */
  drop: 2,
  /** `call` of function `argument`. */
  call: 3,
  callIndirect: 4,
  /** `return_call` of function `argument`. */
  returnCall: 5,
  returnCallIndirect: 6,
  /** `return`; `argument`: how many labels enclose it. */
  return: 7,
  /** `throw`, `rethrow`, `throw_ref`: fuel must be in its global when the frame is left. */
  throw: 8,
  /** `ref.func` of function `argument`. */
  refFunc: 9,
  memoryGrow: 10,
  /** A bulk instruction whose top operand counts `2^argument` bytes. */
  bulk: 11,
  /** Make the float on top of the stack canonical before `from`; `argument`: 32 or 64. */
  canonical: 12,
  /** Make both lanes' NaNs canonical before `from`; `argument`: 32 or 64. */
  canonicalVector: 13,
  /** A local instruction that names local `argument`, a declared one: their indices move when parameters are added. */
  local: 14,
  /** Look whether an access waits for memory, before `from`; `argument`: its address's `ACCESS`, and above it the `LIES_UNDER`. */
  look: 15,
  nothing: 16,
  /** Charge all rounds of counted loop `argument` before `from`, where it begins, and stop when fuel is out. */
  prepay: 17,
  /** Store a float, in `[from, to)`, as one of a group; `argument`: `GROUPED`. */
  groupStore: 18,
  /** Keep the address on top of the stack as number `argument` of a group. */
  keepAddress: 19,
  /** Look at what group `argument` stored, before `from`. */
  groupCheck: 20,
} as const;

/** What lies above an access's address on the stack. */
export const LIES_UNDER = { nothing: 0, i32: 1, i64: 2, f32: 3, f64: 4 } as const;

/** Of a plain access, and of loads of vectors. */
export function liesUnder(opcode: number): number {
  if (opcode < OP.i32Store || opcode === OP.prefixVector) return LIES_UNDER.nothing;
  if (opcode === OP.i64Store || (opcode >= OP.i64Store8 && opcode <= OP.i64Store32)) return LIES_UNDER.i64;
  if (opcode === OP.f32Store) return LIES_UNDER.f32;
  return opcode === OP.f64Store ? LIES_UNDER.f64 : LIES_UNDER.i32;
}

const EDIT_WORDS = 4;

/** Lists shared by all functions of a module, so that a million edits cost four flat arrays' growth and no objects. */
export class PlanBuffer {
  #edits = new Int32Array(1 << 14);
  editCount = 0;
  /** Cost of each region, in units. */
  readonly regionCosts: number[] = [];
  readonly countedLoops: CountedLoop[] = [];
  readonly storeGroups: StoreGroup[] = [];
  readonly canonicalHelpers: CanonicalHelper[] = [];
  /** Direct calls of defined functions: regions and callees. */
  readonly #callRegions: number[] = [];
  readonly #callees: number[] = [];
  /** Whether there is any `look`. */
  looks = false;

  addEdit(kind: number, from: number, to: number, argument: number): void {
    const at = this.editCount * EDIT_WORDS;
    if (at === this.#edits.length) {
      const grown = new Int32Array(at * 2);
      grown.set(this.#edits);
      this.#edits = grown;
    }
    this.#edits[at] = kind;
    this.#edits[at + 1] = from;
    this.#edits[at + 2] = to;
    this.#edits[at + 3] = argument;
    this.editCount++;
  }

  kind(edit: number): number {
    return this.#edits[edit * EDIT_WORDS]!;
  }
  from(edit: number): number {
    return this.#edits[edit * EDIT_WORDS + 1]!;
  }
  to(edit: number): number {
    return this.#edits[edit * EDIT_WORDS + 2]!;
  }
  argument(edit: number): number {
    return this.#edits[edit * EDIT_WORDS + 3]!;
  }

  /** Makes something else of an edit, where it is. */
  change(edit: number, kind: number, argument: number, to: number): void {
    this.#edits[edit * EDIT_WORDS] = kind;
    this.#edits[edit * EDIT_WORDS + 2] = to;
    this.#edits[edit * EDIT_WORDS + 3] = argument;
  }

  /** The index of such a helper. */
  canonicalHelper(wanted: CanonicalHelper): number {
    const known = this.canonicalHelpers.findIndex(
      ({ single, stores, others }) => single === wanted.single && stores === wanted.stores && others === wanted.others,
    );
    return known >= 0 ? known : this.canonicalHelpers.push(wanted) - 1;
  }

  addCall(region: number, callee: number): void {
    this.#callRegions.push(region);
    this.#callees.push(callee);
  }

  /**
   * Lets callers charge the entry regions of functions that are only called directly.
   * @param entryCost of a function by its index: what its callers charge for it.
   */
  chargeCallers(entryCost: (functionIndex: number) => number): void {
    this.#callRegions.forEach((region, i) => {
      this.regionCosts[region]! += entryCost(this.#callees[i]!);
    });
  }

  addRegion(): number {
    return this.regionCosts.push(0) - 1;
  }
}

/** One defined function. Offsets are into the module's bytes. */
export interface FunctionPlan {
  readonly typeIndex: number;
  /** Where the declarations of locals begin, the first instruction, and one past the closing `end`. */
  readonly localsStart: number;
  readonly localGroups: number;
  readonly codeStart: number;
  readonly codeEnd: number;
  /** Parameters and declared locals. */
  readonly localCount: number;
  readonly firstEdit: number;
  readonly endEdit: number;
  readonly entryRegion: number;
  /** At its start fuel and stack are checked for the whole function: every call and loop comes after it. */
  readonly checkRegion: number;
  /** Fuel need not be checked there: a loop does so. */
  readonly loopFirst: boolean;
  readonly hasLoop: boolean;
  /** A `try` or `try_table` may resume here with fuel counted elsewhere. */
  readonly hasHandler: boolean;
  /** A `return` or a branch to the function's own label. */
  readonly leavesEarly: boolean;
  readonly callsUnknown: boolean;
  /** Has a `return_call` of any kind. */
  readonly tailCalls: boolean;
  /** Direct callees among defined functions, by function index, each once. */
  readonly callees: readonly number[];
  /** Upper bound of the engine's stack frame, in bytes. */
  readonly frameBytes: number;
  readonly needs: FunctionNeeds;
}

/** Which scratch locals the edits of a function use. */
export interface FunctionNeeds {
  readonly float32: boolean;
  readonly float64: boolean;
  readonly count: boolean;
  readonly long: boolean;
  readonly address: boolean;
  readonly vector: boolean;
  /** Sums of what was stored, as single and as double floats. */
  readonly sum32: boolean;
  readonly sum64: boolean;
  /** How many addresses are kept. */
  readonly kept: number;
}
