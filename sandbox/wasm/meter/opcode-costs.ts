/** The cost table, laid out by opcode. */
import { COST_CLASSES, type CostTable } from "./cost-table.ts";
import { NUMERIC_TABLE, OP, type OpcodeTable, PLAIN, VECTOR_TABLE } from "./opcodes.ts";

export interface OpcodeCosts {
  readonly plain: Float64Array;
  /** Of plain instructions when the one before is a constant. */
  readonly afterConstant: Float64Array;
  readonly numeric: Float64Array;
  readonly vector: Float64Array;
}

export function opcodeCosts(costs: CostTable): OpcodeCosts {
  return {
    plain: costsOf(PLAIN, costs),
    afterConstant: costsAfterConstant(costs),
    numeric: costsOf(NUMERIC_TABLE, costs),
    vector: costsOf(VECTOR_TABLE, costs),
  };
}

/** Division and remainder, signed and unsigned: four instructions of each width. */
const DIVISIONS = 4;

function costsAfterConstant(costs: CostTable): Float64Array {
  const result = costsOf(PLAIN, costs);
  result.fill(costs.instructions.divide32Constant, OP.i32DivS, OP.i32DivS + DIVISIONS);
  result.fill(costs.instructions.divide64Constant, OP.i64DivS, OP.i64DivS + DIVISIONS);
  return result;
}

function costsOf(table: OpcodeTable, costs: CostTable): Float64Array {
  return Float64Array.from(table.costClass, (index) => costs.instructions[COST_CLASSES[index]!]);
}
