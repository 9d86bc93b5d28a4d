/** Python 3: compiling is checking the syntax of every source, in the sandbox. */
import type { Toolchain } from "../../engine.ts";
import { compileOutcome, runLimitsOf } from "../interpreter/compile-run.ts";
import type { InterpreterOptions } from "../interpreter/options.ts";
import { createPythonEngine, type PythonEngine } from "./engine.ts";
import { pythonParts } from "./boot.ts";

/** Runs in the calling thread, which needs a stack as large as programs do (`ENGINE_STACK_MIB`). */
export function createPythonToolchain(options: InterpreterOptions): Toolchain {
  let engine: PythonEngine | undefined;
  const ready = (): PythonEngine => (engine ??= createPythonEngine(options));
  return {
    language: "python3",
    get parts() {
      return pythonParts();
    },
    warm: async () => void ready(),
    compile: async (sources, limits, signal) => {
      signal?.throwIfAborted();
      const program = { type: "python" as const, sources };
      return compileOutcome(program, ready().checkSyntax(program, runLimitsOf(limits)).outcome);
    },
  };
}
