/** The engines of one thread: one per kind of program, made when the first program of that kind comes. */
import type { Program, RunInput, RunLimits, ValidatorOutcome } from "../../engine.ts";
import type { ProgramIo } from "../interpreter/program-io.ts";
import { createJavaScriptEngine, type JavaScriptEngine } from "../javascript/index.ts";
import { createPythonEngine, type PythonEngine } from "../python/index.ts";
import { WasiEngine } from "./wasi-engine.ts";

export type ProgramOf<T extends Program["type"]> = Program & { readonly type: T };

/** Runs programs of one kind, in the calling thread and synchronously. */
export interface ProgramEngine<P extends Program> {
  /**
   * @param io where the program talks to another one: replaces `input.stdin` and sees what is written to stdout; may
   *   block the thread, and throws `DeadlockError` when the run must end because both programs wait.
   */
  run(program: P, input: RunInput, limits: RunLimits, io?: ProgramIo): ValidatorOutcome;
}

export interface EngineOptions {
  /** Prepared runtimes are kept here, by content hash. */
  readonly cacheDirectory: string;
}

export interface Engines {
  readonly wasi: () => ProgramEngine<ProgramOf<"wasi">>;
  readonly python: () => PythonEngine;
  readonly javascript: () => JavaScriptEngine;
}

export function createEngines(options: EngineOptions): Engines {
  return {
    wasi: once(() => new WasiEngine()),
    python: once(() => createPythonEngine(options)),
    javascript: once(() => createJavaScriptEngine(options)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export function runWith(
  engines: Engines,
  program: Program,
  input: RunInput,
  limits: RunLimits,
  io?: ProgramIo,
): ValidatorOutcome {
  switch (program.type) {
    case "wasi":
      return engines.wasi().run(program, input, limits, io);
    case "python":
      return engines.python().run(program, input, limits, io);
    case "javascript":
      return engines.javascript().run(program, input, limits, io);
    case "native":
      throw new TypeError("a native program is not for the embedded sandbox");
  }
}
