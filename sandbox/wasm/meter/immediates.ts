/** What follows an opcode: read where the meter needs to know it, skipped where it does not. */
import { malformed, unsupported } from "./errors.ts";
import { type ModuleShape, readHeapType, readValueType } from "./module-shape.ts";
import { IMM, NUMERIC, NUMERIC_TABLE, OP, PLAIN, VECTOR, VECTOR_TABLE } from "./opcodes.ts";
import type { Reader } from "./reader.ts";

/** An instruction that the meter does not know, or does not let pass. */
export function refuse(opcode: number): never {
  if (opcode === OP.prefixAtomic) unsupported("atomic instructions (threads)");
  if (opcode === OP.prefixGc) unsupported("garbage-collected types");
  return unsupported(`instruction 0x${opcode.toString(16)}`);
}

export function readBlockType(reader: Reader, shape: ModuleShape): { paramCount: number; resultCount: number } {
  const code = reader.bytes[reader.offset]!;
  if (code === 0x40) {
    reader.offset++;
    return { paramCount: 0, resultCount: 0 };
  }
  if ((code & 0xc0) === 0x40) {
    readValueType(reader);
    return { paramCount: 0, resultCount: 1 };
  }
  const type = shape.types[reader.s33()];
  if (type === undefined) malformed("block type");
  return { paramCount: type.params.length, resultCount: type.results.length };
}

export function skipImmediate(reader: Reader, shape: number): void {
  switch (shape) {
    case IMM.none:
      return;
    case IMM.leb:
      return reader.skipLeb();
    case IMM.twoLebs:
      reader.skipLeb();
      return reader.skipLeb();
    case IMM.memarg:
    case IMM.memargLane:
      if (reader.u32() >= 64) unsupported("several memories");
      reader.skipLeb();
      if (shape === IMM.memargLane) reader.skip(1);
      return;
    case IMM.f32:
      return reader.skip(4);
    case IMM.f64:
      return reader.skip(8);
    case IMM.bytes16:
      return reader.skip(16);
    case IMM.lane:
      return reader.skip(1);
    case IMM.heapType:
      return readHeapType(reader);
    case IMM.selectTypes:
      for (let count = reader.count(); count > 0; count--) readValueType(reader);
      return;
    default:
      malformed("instruction");
  }
}

export function skipNumericImmediate(reader: Reader, opcode: number): void {
  switch (opcode) {
    case NUMERIC.memoryInit:
    case NUMERIC.memoryCopy:
    case NUMERIC.tableInit:
    case NUMERIC.tableCopy:
      return skipImmediate(reader, IMM.twoLebs);
    case NUMERIC.memoryFill:
    case NUMERIC.tableGrow:
    case NUMERIC.tableFill:
      return reader.skipLeb();
    default:
      return skipImmediate(reader, NUMERIC_TABLE.immediate[opcode] ?? IMM.refused);
  }
}

/** Skips the immediates of any instruction (dead code). */
export function skipInstruction(reader: Reader, opcode: number, shape: ModuleShape): void {
  const immediate = PLAIN.immediate[opcode]!;
  if (opcode === OP.prefixNumeric) return skipNumericImmediate(reader, reader.u32());
  if (opcode === OP.prefixVector) {
    const vector = reader.u32();
    if (vector >= VECTOR.relaxedFrom) unsupported("relaxed SIMD");
    return skipImmediate(reader, VECTOR_TABLE.immediate[vector]!);
  }
  if (immediate === IMM.refused) refuse(opcode);
  if (immediate !== IMM.special) return skipImmediate(reader, immediate);
  switch (opcode) {
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.try:
      readBlockType(reader, shape);
      return;
    case OP.tryTable:
      readBlockType(reader, shape);
      for (let clauses = reader.count(); clauses > 0; clauses--)
        if (reader.byte() < 2) skipImmediate(reader, IMM.twoLebs);
        else reader.skipLeb();
      return;
    case OP.brTable:
      for (let targets = reader.count(); targets >= 0; targets--) reader.skipLeb();
      return;
    case OP.callIndirect:
    case OP.returnCallIndirect:
      return skipImmediate(reader, IMM.twoLebs);
    case OP.unreachable:
    case OP.else:
    case OP.catchAll:
    case OP.end:
    case OP.return:
    case OP.throwRef:
      return;
    default:
      return reader.skipLeb();
  }
}
