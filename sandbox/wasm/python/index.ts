/**
 * Python 3 in the sandbox: CPython 3.14 (Pyodide's WebAssembly build) behind a system interface of our own, metered, each
 * run restored from the memory snapshot of a started interpreter.
 *
 * @example
 * const python = createPythonEngine({ cacheDirectory });
 * const sources = [{ name: "main.py", bytes: new TextEncoder().encode("print(int(input()) + 1)") }];
 * python.run({ type: "python", sources }, { args: [], stdin }, limits); // in a thread with ENGINE_STACK_MIB of stack
 */
export { pythonParts } from "./boot.ts";
export { createPythonEngine, type PythonEngine, type PythonProgram } from "./engine.ts";
export { createPythonToolchain } from "./toolchain.ts";
