/**
 * Copies small functions that call themselves into themselves, before the meter looks at them.
 *
 * A call is where the meter costs most: fuel and stack travel through it, and its callee checks both. A function that does
 * little beside calling itself therefore pays a good part of its time for being metered; one that holds copies of
 * itself in the place of its calls makes a half or a third of them. Compilers for native machines do the same.
 * Nothing that a program can see changes, but for how deep it may recurse: a frame then holds the locals of all its
 * copies, and is counted so.
 */
import { readBlockType, skipInstruction } from "./immediates.ts";
import { type ModuleShape, readModuleShape, readValueType, SECTION } from "./module-shape.ts";
import { OP, VECTOR } from "./opcodes.ts";
import { Reader } from "./reader.ts";
import { EMPTY_BLOCK, TYPE } from "./snippets.ts";
import { Writer } from "./writer.ts";

/** Of a body that is copied, in bytes of code. */
const BODY_BYTES_MAX = 320;
/** Of what it becomes. */
const GROWN_BYTES_MAX = 1_000;
/** Of all that copies add to a module, in bytes: what they cost to compile is no part of any limit. */
const ADDED_BYTES_MAX = 128 * 1024;
/** Of copies within copies. */
const LEVELS_MAX = 2;
const LOCALS_MAX = 60;

/** A function that may be copied into itself. */
interface Candidate {
  readonly index: number;
  /** Its declarations of locals, and one past its closing `end`. */
  readonly localsStart: number;
  readonly localGroups: number;
  readonly codeStart: number;
  readonly end: number;
  readonly params: readonly number[];
  /** Types of declared locals. */
  readonly locals: readonly number[];
  readonly result: number | undefined;
  readonly levels: number;
}

/**
 * The module with such copies; the same bytes when there is nothing to copy.
 * @param bytes which have passed `WebAssembly.validate`.
 * @throws MeterError when the module uses what the meter does not allow.
 */
export function inlineRecursion(bytes: Uint8Array): Uint8Array {
  const shape = readModuleShape(bytes);
  const section = shape.sections.get(SECTION.code);
  if (section === undefined) return bytes;
  const reader = new Reader(shape.bytes, section.start, section.end);
  const count = reader.count();
  const changed: { readonly from: number; readonly to: number; readonly body: Uint8Array }[] = [];
  let added = 0;
  for (let i = 0; i < count && added < ADDED_BYTES_MAX; i++) {
    const from = reader.offset;
    const size = reader.u32();
    const start = reader.offset;
    reader.skip(size);
    if (size > BODY_BYTES_MAX) continue;
    const candidate = candidateOf(shape, shape.importedFunctionCount + i, start, reader.offset);
    if (candidate === undefined) continue;
    const body = grown(shape, candidate);
    added += body.length - size;
    changed.push({ from, to: reader.offset, body });
  }
  if (changed.length === 0) return bytes;
  const code = new Writer(section.end - section.start + changed.length * GROWN_BYTES_MAX);
  let cursor = section.start;
  for (const { from, to, body } of changed) {
    code.range(bytes, cursor, from);
    code.block(body);
    cursor = to;
  }
  code.range(bytes, cursor, section.end);
  const out = new Writer(bytes.length + code.length);
  out.raw(bytes.subarray(0, headOf(bytes, section.start)));
  out.section(SECTION.code, code.view());
  out.raw(bytes.subarray(section.end));
  return out.finish();
}

/** Where the section begins whose content begins at `start`: the length in front of it may take more bytes than it needs. */
function headOf(bytes: Uint8Array, start: number): number {
  for (const reader = new Reader(bytes, 8); ; ) {
    const head = reader.offset;
    reader.byte();
    const size = reader.u32();
    if (reader.offset === start) return head;
    reader.skip(size);
  }
}

function candidateOf(shape: ModuleShape, index: number, start: number, end: number): Candidate | undefined {
  const type = shape.types[shape.functionTypes[index]!]!;
  const params = type.params.map((each) => each[0]!);
  const results = type.results.map((each) => each[0]!);
  if (results.length > 1 || ![...params, ...results].every((each) => NUMBERS.has(each))) return undefined;
  const reader = new Reader(shape.bytes, start, end);
  const localGroups = reader.count();
  const localsStart = reader.offset;
  const locals: number[] = [];
  for (let i = 0; i < localGroups; i++) {
    const many = reader.u32();
    const of = readValueType(reader)[0]!;
    if (params.length + locals.length + many > LOCALS_MAX) return undefined;
    for (let k = 0; k < many; k++) locals.push(of);
  }
  // References have no constant of their type to begin with.
  if (locals.some((of) => !NUMBERS.has(of))) return undefined;
  const codeStart = reader.offset;
  let calls = 0;
  while (!reader.done) {
    const opcode = reader.byte();
    if (HANDLING.has(opcode)) return undefined;
    if (opcode === OP.call) {
      if (reader.u32() === index) calls++;
    } else skipInstruction(reader, opcode, shape);
  }
  if (calls === 0) return undefined;
  let levels = 0;
  for (let bytes = end - codeStart, copies = calls; levels < LEVELS_MAX; levels++, copies *= calls) {
    bytes += copies * (end - codeStart);
    if (bytes > GROWN_BYTES_MAX) break;
  }
  if (levels === 0) return undefined;
  return { index, localsStart, localGroups, codeStart, end, params, locals, result: results[0], levels };
}

const NUMBERS: ReadonlySet<number> = new Set(Object.values(TYPE));
/** What depends on the frame that it runs in. */
const HANDLING: ReadonlySet<number> = new Set([
  OP.try,
  OP.tryTable,
  OP.rethrow,
  OP.delegate,
  OP.returnCall,
  OP.returnCallIndirect,
]);

/** A constant of a type of numbers. */
function zeroOf(type: number): Uint8Array {
  switch (type) {
    case TYPE.i32:
      return Uint8Array.of(OP.i32Const, 0);
    case TYPE.i64:
      return Uint8Array.of(OP.i64Const, 0);
    case TYPE.f32:
      return Uint8Array.of(OP.f32Const, ...new Uint8Array(4));
    case TYPE.f64:
      return Uint8Array.of(OP.f64Const, ...new Uint8Array(8));
    default:
      return Uint8Array.of(OP.prefixVector, VECTOR.const, ...new Uint8Array(16));
  }
}

function grown(shape: ModuleShape, candidate: Candidate): Uint8Array {
  const { params, locals, localsStart, localGroups, codeStart, levels } = candidate;
  const out = new Writer();
  // Copies of one level are never alive together, so they share their locals.
  out.u32(localGroups + levels * (params.length + localGroups));
  for (let level = 0; level <= levels; level++) {
    if (level > 0) for (const type of params) out.ops(1, type);
    out.range(shape.bytes, localsStart, codeStart);
  }
  copy(shape, candidate, out, 0, params.length + locals.length);
  return out.finish();
}

/** Writes the body once more, with its calls of itself replaced down to the last level. */
function copy(shape: ModuleShape, candidate: Candidate, out: Writer, level: number, localCount: number): void {
  const { index, params, locals, result, codeStart, end, levels } = candidate;
  const reader = new Reader(shape.bytes, codeStart, end);
  let depth = 0;
  while (!reader.done) {
    const offset = reader.offset;
    const opcode = reader.byte();
    switch (opcode) {
      case OP.localGet:
      case OP.localSet:
      case OP.localTee:
        out.byte(opcode);
        out.u32(reader.u32() + level * localCount);
        continue;
      case OP.return:
        if (level === 0) out.byte(opcode);
        else {
          out.byte(OP.br);
          out.u32(depth);
        }
        continue;
      case OP.call:
        if (reader.u32() !== index || level === levels) break;
        for (let i = params.length - 1; i >= 0; i--) {
          out.byte(OP.localSet);
          out.u32((level + 1) * localCount + i);
        }
        locals.forEach((type, i) => {
          out.raw(zeroOf(type));
          out.byte(OP.localSet);
          out.u32((level + 1) * localCount + params.length + i);
        });
        out.ops(OP.block, result ?? EMPTY_BLOCK);
        copy(shape, candidate, out, level + 1, localCount);
        continue;
      case OP.block:
      case OP.loop:
      case OP.if:
        depth++;
        readBlockType(reader, shape);
        break;
      case OP.end:
        depth--;
        break;
      default:
        skipInstruction(reader, opcode, shape);
    }
    out.range(shape.bytes, offset, reader.offset);
  }
}
