/** Python 3: compiling is checking the syntax of every source, in the sandbox. */
import type { Toolchain } from "../../engine.ts";
import { compileOutcome, runLimitsOf } from "../interpreter/compile-run.ts";
import type { PythonEngine } from "./engine.ts";
import { pythonParts } from "./boot.ts";

/** @param engine of the calling thread, which needs the stack that programs need (`ENGINE_STACK_MIB`). */
export function createPythonToolchain(engine: () => PythonEngine): Toolchain {
  return {
    language: "python3",
    get parts() {
      return pythonParts();
    },
    warm: async () => engine().warm(),
    compile: async (sources, limits, signal) => {
      signal?.throwIfAborted();
      const program = { type: "python" as const, sources };
      return compileOutcome(program, engine().checkSyntax(program, runLimitsOf(limits)).outcome);
    },
  };
}
