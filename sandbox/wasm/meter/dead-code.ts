/** Code that can never run: what follows a branch, up to the frame's next arm or end. */
import { skipInstruction } from "./immediates.ts";
import type { ModuleShape } from "./module-shape.ts";
import { OP } from "./opcodes.ts";
import type { Reader } from "./reader.ts";

/** Reads on to the instruction that ends the current frame or one of its arms. */
export function skipDead(reader: Reader, shape: ModuleShape): void {
  for (let nesting = 0; ; ) {
    const offset = reader.offset;
    const opcode = reader.byte();
    if (nesting === 0 && isFrameBoundary(opcode)) {
      reader.offset = offset;
      return;
    }
    if (opcode === OP.end || opcode === OP.delegate) nesting--;
    else if (opensFrame(opcode)) nesting++;
    skipInstruction(reader, opcode, shape);
  }
}

function isFrameBoundary(opcode: number): boolean {
  return (
    opcode === OP.end || opcode === OP.else || opcode === OP.catch || opcode === OP.catchAll || opcode === OP.delegate
  );
}

function opensFrame(opcode: number): boolean {
  return opcode === OP.block || opcode === OP.loop || opcode === OP.if || opcode === OP.try || opcode === OP.tryTable;
}
