/** From Pyodide's files to a prepared runtime: metered modules, the library, and the memory of a started CPython. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { DiskCache } from "../interpreter/disk-cache.ts";
import type { MeterPort } from "../interpreter/meter-port.ts";
import { LANGUAGE_RATES } from "../interpreter/options.ts";
import { slim } from "../interpreter/sections.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot, takeSnapshot } from "../interpreter/snapshot.ts";
import { type DirectoryNode, FileSystem, readOnlyTree } from "./file-system.ts";
import { Interpreter } from "./interpreter.ts";
import { LIBRARY_DIRECTORY, PRELUDE } from "./prelude.ts";
import { readLibrary } from "./standard-library.ts";

/** Raised whenever anything here changes what a snapshot holds. */
const SNAPSHOT_VERSION = "1";

/** More than a start-up takes by far; a start-up that needs more is broken. */
const BOOT_FUEL = 1e15;
const BOOT_MEMORY_BYTES = 2 ** 30;

const EXPORTS: ReadonlySet<string> = new Set([
  "memory",
  "__indirect_function_table",
  "__stack_pointer",
  "_PyRuntime",
  "_PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET",
  "malloc",
  "emscripten_stack_set_limits",
  "emscripten_stack_init",
  "emscripten_stack_get_base",
  "emscripten_stack_get_end",
  "__wasm_call_ctors",
  "Py_InitializeEx",
  "PyRun_SimpleString",
]);

export const ENVIRONMENT: readonly string[] = [
  "PYTHONHOME=/",
  // Sets and dictionaries iterate in the same order everywhere.
  "PYTHONHASHSEED=0",
  "PYTHONUTF8=1",
  "PYTHONDONTWRITEBYTECODE=1",
  "PYTHONNOUSERSITE=1",
  "HOME=/",
  "LANG=C.UTF-8",
  "PYTHON_COLORS=0",
];

export interface PreparedPython {
  /** The metered module without data: the snapshot brings it. */
  readonly module: Uint8Array;
  /** Names everything that the module was made from. */
  readonly key: string;
  readonly snapshot: Snapshot;
  readonly library: DirectoryNode;
}

/** For the judge profile: everything that decides how a Python program runs, beside the meter. */
export function pythonParts(): Readonly<Record<string, string>> {
  const { wasm, zip } = readDistribution();
  const { numerator, denominator } = LANGUAGE_RATES.python;
  return {
    python: `cpython 3.14 (pyodide 314) ${sha256(...ingredients(wasm, zip))}`,
    "python-rate": `${numerator}/${denominator}`,
  };
}

function ingredients(wasm: Uint8Array, zip: Uint8Array): readonly string[] {
  return [SNAPSHOT_VERSION, sha256(wasm), sha256(zip), PRELUDE, ENVIRONMENT.join("\0")];
}

export function preparePython(cache: DiskCache, meter: MeterPort): PreparedPython {
  const { wasm, zip } = readDistribution();
  const key = sha256(meter.version, ...ingredients(wasm, zip));
  const library = readOnlyTree(readLibrary(zip));
  const metered = (): Uint8Array => meter.instrument(slim(wasm, { keepExport: isUsed, dropData: false }));
  let bootModule: Uint8Array | undefined;
  const runModule = cache.readOrMake(`python-module-${key}`, () => {
    bootModule = metered();
    return slim(bootModule, { keepExport: () => true, dropData: true });
  });
  const snapshot = cache.readOrMake(`python-snapshot-${key}`, () =>
    encodeSnapshot(boot(new WebAssembly.Module(bootModule ?? metered()), library, meter)),
  );
  return {
    module: runModule,
    key,
    snapshot: decodeSnapshot(snapshot),
    library,
  };
}

/** Starts CPython, imports what programs use, and takes its memory. Everything it sees is fixed, so the result is, too. */
function boot(module: WebAssembly.Module, library: DirectoryNode, meter: MeterPort): Snapshot {
  const messages: Uint8Array[] = [];
  const fail = (what: string): never => {
    throw new Error(`CPython does not start: ${what}: ${Buffer.concat(messages).toString()}`);
  };
  const interpreter = new Interpreter(module, meter.imports, (self) => {
    const files = new FileSystem({ writtenBytesMax: 0 }, new Uint8Array(0));
    files.mount(LIBRARY_DIRECTORY, library);
    return {
      memory: self.guest,
      files,
      io: { read: () => new Uint8Array(0), write: (_fd, bytes) => void messages.push(bytes.slice()) },
      environment: ENVIRONMENT,
      charge: () => {},
      elapsedNs: () => 0n,
      fillRandom: (bytes) => void bytes.fill(0),
      grow: (bytes) => self.growTo(bytes),
      exit: (code) => fail(`exit ${code}`),
    };
  });
  meter.gauge(interpreter.instance).reset(BOOT_FUEL, BOOT_MEMORY_BYTES);
  interpreter.call("emscripten_stack_init");
  interpreter.registerTrampoline();
  interpreter.call("__wasm_call_ctors");
  interpreter.call("Py_InitializeEx", 0);
  const status = interpreter.call("PyRun_SimpleString", interpreter.allocateText(PRELUDE));
  if (status !== 0) fail(`prelude ${status}`);
  return takeSnapshot(interpreter.guest.all(), {
    stackPointer: interpreter.stackPointer,
    stackBase: interpreter.call("emscripten_stack_get_base"),
    stackEnd: interpreter.call("emscripten_stack_get_end"),
    command: interpreter.allocateText("_dikast_run()"),
  });
}

function isUsed(exported: string): boolean {
  return EXPORTS.has(exported);
}

function readDistribution(): { readonly wasm: Buffer; readonly zip: Buffer } {
  const directory = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
  return {
    wasm: readFileSync(join(directory, "pyodide.asm.wasm")),
    zip: readFileSync(join(directory, "python_stdlib.zip")),
  };
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}
