/** Runs WASI command modules: metered, compiled once, each run in a fresh instance. */
import type { RunInput, RunLimits, RunStatus, ValidatorOutcome } from "../../engine.ts";
import type { ProgramIo } from "../interpreter/program-io.ts";
import { dropMemory } from "../interpreter/reclaim.ts";
import { METER_EXPORT, MeterError } from "../meter/index.ts";
import { STACK_BYTES } from "../clang/index.ts";
import { GuestMemory, PAGE_BYTES, RunMeter, WasiSystem } from "../wasi/index.ts";
import type { ProgramEngine, ProgramOf } from "./engines.ts";
import { ModuleCache, type PreparedModule } from "./module-cache.ts";

export class WasiEngine implements ProgramEngine<ProgramOf<"wasi">> {
  readonly #modules = new ModuleCache();

  run(program: ProgramOf<"wasi">, input: RunInput, limits: RunLimits, io?: ProgramIo): ValidatorOutcome {
    let prepared: PreparedModule;
    try {
      prepared = this.#modules.get(program.module);
    } catch (error) {
      if (!(error instanceof MeterError) && !(error instanceof WebAssembly.CompileError)) throw error;
      return notStarted({ type: "trapped", reason: error.message }, 0);
    }
    const initialBytes = Math.max(0, (prepared.memory?.minimum ?? 0) * PAGE_BYTES - STACK_BYTES);
    if (initialBytes > limits.memoryBytesMax) return notStarted({ type: "memory-exceeded" }, initialBytes);

    const system = new WasiSystem({ input, limits, io });
    let instance: WebAssembly.Instance;
    try {
      instance = new WebAssembly.Instance(prepared.module, system.imports());
    } catch (error) {
      return notStarted(instantiationFailure(error), initialBytes);
    }
    const { exports } = instance;
    const meter = new RunMeter(instance, limits, STACK_BYTES);
    const memory = exports[METER_EXPORT.memory] as WebAssembly.Memory | undefined;
    if (memory !== undefined) system.attach(new GuestMemory(memory), meter);
    const ended = meter.statusAfter(callEntry(exports));
    const memoryBytes = memory === undefined ? 0 : usedBytes(memory);
    dropMemory(memoryBytes);
    return {
      // Growth beyond the limit ends a run at once; a stack that made it too much shows at the end, unless another
      // limit came first.
      status: hitNoLimit(ended) && memoryBytes > limits.memoryBytesMax ? { type: "memory-exceeded" } : ended,
      cost: meter.cost,
      memoryBytes,
      stdout: system.stdout,
      stderr: system.stderr,
      writtenFiles: system.writtenFiles,
    };
  }
}

function hitNoLimit(status: RunStatus): boolean {
  return status.type === "exited" || status.type === "trapped";
}

const ZEROS = Buffer.alloc(PAGE_BYTES);

/** Memory beyond the stack's reservation, and of the stack what was used. */
function usedBytes(memory: WebAssembly.Memory): number {
  const { buffer } = memory;
  return Math.max(0, buffer.byteLength - STACK_BYTES) + usedStackBytes(buffer);
}

/**
 * The stack grows downwards from `STACK_BYTES`; blocks count down to the first one without a single bit set. (A large
 * local array of which only the far end is used hides behind such a block; the next deeper call's frame does not.)
 */
function usedStackBytes(buffer: ArrayBuffer): number {
  let used = 0;
  for (let end = Math.min(STACK_BYTES, buffer.byteLength); end >= PAGE_BYTES; end -= PAGE_BYTES) {
    if (Buffer.from(buffer, end - PAGE_BYTES, PAGE_BYTES).equals(ZEROS)) return used;
    used += PAGE_BYTES;
  }
  return used;
}

/** What the entry point threw; undefined if it returned. */
function callEntry(exports: WebAssembly.Exports): unknown {
  const start = exports[METER_EXPORT.start] as (() => void) | undefined;
  const entry = exports["_start"];
  try {
    start?.();
    if (typeof entry !== "function") throw new WebAssembly.RuntimeError("the module has no entry point");
    entry();
    return undefined;
  } catch (error) {
    return error ?? new WebAssembly.RuntimeError("unknown trap");
  }
}

function instantiationFailure(error: unknown): RunStatus {
  // A missing import or a segment out of bounds is in the module; all else (no address space) is this machine's.
  if (error instanceof WebAssembly.LinkError || error instanceof WebAssembly.RuntimeError || error instanceof TypeError)
    return { type: "trapped", reason: error.message };
  return { type: "abstained", reason: error instanceof Error ? error.message : String(error) };
}

function notStarted(status: RunStatus, memoryBytes: number): ValidatorOutcome {
  const nothing = new Uint8Array(0);
  return { status, cost: 0, memoryBytes, stdout: nothing, stderr: nothing, writtenFiles: {} };
}
