/**
 * Stores of floats that follow each other are looked at for NaNs together: each is stored as it is, their sum is a NaN if
 * one of them is, and only then are they made canonical, where they lie.
 *
 * Until then nothing may see their bits: between them are only instructions that touch no memory, and loads and stores
 * of floats of the same width. Such a load could still see half of one of them, if it were not at a multiple of their
 * size from it: then, and only if there was a NaN, the run ends with a trap.
 */
import { OP } from "./opcodes.ts";
import { EDIT, type PlanBuffer } from "./plan.ts";
import { Reader } from "./reader.ts";

export interface StoreGroup {
  /** Of single floats. */
  readonly single: boolean;
  /** Numbers of kept addresses: first those of stores that may be NaNs, and how far beyond them these lie. */
  readonly stores: readonly { readonly kept: number; readonly offset: number }[];
  /** Then those of what was loaded between them, and of other stores. */
  readonly others: readonly number[];
  /** Index of its helper. */
  readonly helper: number;
}

/** A function that makes what lies at its first `stores` parameters canonical, unless it and its `others` lie askew. */
export interface CanonicalHelper {
  readonly single: boolean;
  readonly stores: number;
  readonly others: number;
}

/** The argument of `EDIT.groupStore`: the number of the kept address, and with it: */
export const GROUPED = {
  kept: 0xff,
  single: 0x100,
  /** The group's first store. */
  first: 0x200,
  /** What is stored is no NaN of the machine's choosing. */
  clean: 0x400,
} as const;

const KEPT_MAX = 20;

interface OpenGroup {
  readonly single: boolean;
  kept: number;
  readonly stores: { readonly kept: number; readonly offset: number }[];
  readonly others: { readonly kept: number; readonly edit: number }[];
  /** An edit behind the last store. */
  checkEdit: number;
  /** What becomes of edits if there is more than one store. */
  readonly changes: { readonly edit: number; readonly kind: number; readonly argument: number; readonly to: number }[];
  /** Locals that hold an address that is kept. */
  readonly locals: Set<number>;
}

/** The groups of one function after the other. */
export class StoreGroups {
  readonly #plans: PlanBuffer;
  #open: OpenGroup | undefined;
  /** The most addresses that are kept at the same time, and whether in groups of single or double floats. */
  keptMost = 0;
  single = false;
  double = false;

  constructor(plans: PlanBuffer) {
    this.#plans = plans;
  }

  enter(): void {
    this.#open = undefined;
    this.keptMost = 0;
    this.single = this.double = false;
  }

  get open(): boolean {
    return this.#open !== undefined;
  }

  /** A store of a float whose instruction lies in `[from, to)`, to `offset` from its address. */
  store(single: boolean, clean: boolean, from: number, to: number, offset: number): void {
    const plans = this.#plans;
    if (!this.#fits(single, offset)) this.close();
    const edit = plans.editCount;
    if (clean && this.#open === undefined) return;
    if (clean) plans.addEdit(EDIT.nothing, from, from, 0);
    else plans.addEdit(EDIT.canonical, from, from, single ? 32 : 64);
    if (offset % (single ? 4 : 8) !== 0) return;
    const first = this.#open === undefined;
    this.#open ??= { single, kept: 0, stores: [], others: [], checkEdit: 0, changes: [], locals: new Set() };
    const group = this.#open;
    const kept = group.kept++;
    if (clean) group.others.push({ kept, edit });
    else group.stores.push({ kept, offset });
    const argument = kept | (single ? GROUPED.single : 0) | (first ? GROUPED.first : 0) | (clean ? GROUPED.clean : 0);
    group.changes.push({ edit, kind: EDIT.groupStore, argument, to });
    if (clean) return;
    group.checkEdit = plans.editCount;
    plans.addEdit(EDIT.nothing, to, to, 0);
  }

  /**
   * A load of a float at `from`.
   * @param local that holds its address, if that was read just before.
   * @param next the opcode that follows: what keeps the bits must not see them.
   */
  load(single: boolean, from: number, offset: number, local: number | undefined, next: number): void {
    const group = this.#open;
    if (group === undefined) return;
    if (!this.#fits(single, offset) || KEEPS_BITS.has(next)) return this.close();
    if (local !== undefined) {
      if (group.locals.has(local)) return;
      group.locals.add(local);
    }
    const edit = this.#plans.editCount;
    const kept = group.kept++;
    group.others.push({ kept, edit });
    group.changes.push({ edit, kind: EDIT.keepAddress, argument: kept, to: from });
    this.#plans.addEdit(EDIT.nothing, from, from, 0);
  }

  assigned(local: number): void {
    this.#open?.locals.delete(local);
  }

  /** Before an instruction that may see what was stored. */
  close(): void {
    const group = this.#open;
    if (group === undefined) return;
    this.#open = undefined;
    const { single, stores, checkEdit } = group;
    if (stores.length < 2) return;
    const plans = this.#plans;
    // What comes after the last store sees nothing any more.
    const others = group.others.filter(({ edit }) => edit < checkEdit).map(({ kept }) => kept);
    for (const { edit, kind, argument, to } of group.changes)
      if (edit < checkEdit) plans.change(edit, kind, argument, to);
    const helper = plans.canonicalHelper({ single, stores: stores.length, others: others.length });
    const index = plans.storeGroups.push({ single, stores, others, helper }) - 1;
    plans.change(checkEdit, EDIT.groupCheck, index, plans.to(checkEdit));
    this.keptMost = Math.max(this.keptMost, group.kept);
    if (single) this.single = true;
    else this.double = true;
  }

  #fits(single: boolean, offset: number): boolean {
    const group = this.#open;
    return group === undefined || (group.single === single && group.kept < KEPT_MAX && offset % (single ? 4 : 8) === 0);
  }
}

const KEEPS_BITS: ReadonlySet<number> = new Set([
  OP.f32Store,
  OP.f64Store,
  OP.i32ReinterpretF32,
  OP.i64ReinterpretF64,
  OP.f32Copysign,
  OP.f64Copysign,
  OP.prefixVector,
]);

/** The local that the instruction at `offset` reads or sets, and leaves on the stack. */
export function localOnTop(bytes: Uint8Array, offset: number): number | undefined {
  const opcode = bytes[offset];
  return opcode === OP.localGet || opcode === OP.localTee ? new Reader(bytes, offset + 1).u32() : undefined;
}
