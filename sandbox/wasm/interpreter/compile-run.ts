/** Checking sources is a run of the interpreter, too; this turns its limits and its outcome into a toolchain's. */
import type { CompileLimits, CompileOutcome, Program, RunLimits, RunOutcome } from "../../engine.ts";
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";

const MIB = 2 ** 20;
/** Compiler output beyond this is cut. */
const LOG_BYTES_MAX = 65_536;

export function runLimitsOf(limits: CompileLimits): RunLimits {
  return {
    costMax: limits.timeMs * COST_PER_VIRTUAL_MS,
    memoryBytesMax: limits.memoryMiB * MIB,
    stdoutBytesMax: LOG_BYTES_MAX,
    stderrBytesMax: LOG_BYTES_MAX,
  };
}

/** @throws Error when the check abstained: not the contestant's fault. */
export function compileOutcome(program: Program, check: RunOutcome): CompileOutcome {
  const log = new TextDecoder().decode(check.stderr);
  const { status } = check;
  switch (status.type) {
    case "exited":
      return status.code === 0 ? { type: "compiled", program, log } : { type: "rejected", log };
    case "cost-exceeded":
      return { type: "rejected", log: `${log}error: the compiler's time limit was exceeded\n` };
    case "memory-exceeded":
      return { type: "rejected", log: `${log}error: the compiler's memory limit was exceeded\n` };
    case "trapped":
    case "output-exceeded":
      return { type: "rejected", log: `${log}error: the compiler gave up on this source\n` };
    case "abstained":
      throw new Error(`the compiler could not run: ${status.reason}`);
  }
}
