/**
 * Runs the tools of the LLVM module (clang, wasm-ld), each run in a fresh instance and a fresh memory over a tree in
 * memory. Synchronous: a run blocks its thread until it ends or its budget of steps does.
 */
import { createHash } from "node:crypto";
import type { RunFiles } from "./filesystem.ts";
import type { Installation } from "./installation.ts";
import { packedSites, unpackedSites } from "./counting-sites.ts";
import { instrument, INSTRUMENT_VERSION, MEMORY_IMPORT, STEPS_EXPORT } from "./instrument.ts";
import type { DiskCache } from "../interpreter/disk-cache.ts";
import { LearningModule } from "../interpreter/native-code.ts";
import { systemInterface, ToolExit } from "./system-interface.ts";

const PAGE_BYTES = 65_536;

/**
 * After these numbers of compiles V8's machine code is kept: it optimizes what is often called, and ordinary programs reach
 * most of that within some dozens. Code learnt from 40 compiles saves a new process a quarter of the time of its first ones.
 */
const KEPT_AFTER: ReadonlySet<number> = new Set([1, 5, 16, 40, 120]);

/** What LLVM says before it aborts. */
const OUT_OF_MEMORY = /LLVM ERROR: out of memory/;

export interface ToolLimits {
  readonly memoryPagesMax: number;
  /** What the compiler may do, as `instrument.ts` counts it. */
  readonly stepsMax: bigint;
  readonly logBytesMax: number;
}

export type ToolEnd =
  | { readonly type: "exited"; readonly code: number }
  | { readonly type: "steps-exceeded" }
  /** The memory could not grow, and the tool gave up. */
  | { readonly type: "memory-exceeded" }
  /** An assertion or a bug of the compiler, or its own stack overflowed; the source provoked it. */
  | { readonly type: "crashed" };

export interface ToolOutcome {
  readonly end: ToolEnd;
  readonly log: Uint8Array;
  readonly steps: bigint;
  readonly memoryPages: number;
}

export class Llvm {
  readonly #memoryPagesMin: number;
  readonly #learning: LearningModule;
  #lastInstance: WebAssembly.Instance | undefined;

  /** @param module of another worker, instead of loading it anew. */
  constructor({ llvm, llvmHash }: Installation, cache: DiskCache, module?: WebAssembly.Module) {
    const version = createHash("sha256").update(`${llvmHash} ${INSTRUMENT_VERSION}`).digest("hex");
    const sites = cache.readOrMake(`clang-sites-${version.slice(0, 32)}`, () => packedSites(llvm));
    const { bytes, memoryPagesMin } = instrument(llvm, unpackedSites(sites));
    this.#memoryPagesMin = memoryPagesMin;
    const learning = { cache, kind: "clang-code", wireHash: version, keptAfter: KEPT_AFTER };
    this.#learning = new LearningModule(bytes, learning, module);
  }

  /** Shared with other workers of the process by passing it to them: they share its machine code. */
  get module(): WebAssembly.Module {
    return this.#learning.module;
  }

  /** How many compiles the machine code was learnt from, here and in processes before. */
  get compiles(): number {
    return this.#learning.uses;
  }

  /** To be called after each compile: keeps the machine code for later processes while it still gets better. */
  learn(): void {
    this.#learning.learn(this.#lastInstance);
    this.#lastInstance = undefined;
  }

  /** @param args the tool's name first, as the LLVM multi-call binary expects. */
  run(args: readonly string[], files: RunFiles, limits: ToolLimits): ToolOutcome {
    const memory = new WebAssembly.Memory({
      initial: this.#memoryPagesMin,
      maximum: Math.max(this.#memoryPagesMin, limits.memoryPagesMax),
    });
    const system = systemInterface(args, files, () => memory.buffer, limits.logBytesMax);
    const instance = new WebAssembly.Instance(this.module, {
      wasi_snapshot_preview1: system.imports,
      [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory },
    });
    const { exports } = instance;
    this.#lastInstance = instance;
    const left = exports[STEPS_EXPORT] as WebAssembly.Global;
    left.value = limits.stepsMax;
    const start = exports["_start"] as () => void;
    let end: ToolEnd = { type: "exited", code: 0 };
    try {
      start();
    } catch (error) {
      // What the engine's stack can take differs between machines: whoever has too little of it says nothing about the source.
      const isTrap = error instanceof WebAssembly.RuntimeError;
      if (error instanceof ToolExit) end = { type: "exited", code: error.code };
      else if (!isTrap) throw error;
      else if ((left.value as bigint) < 0n) end = { type: "steps-exceeded" };
      else end = { type: OUT_OF_MEMORY.test(Buffer.from(system.log()).toString()) ? "memory-exceeded" : "crashed" };
    }
    const memoryPages = memory.buffer.byteLength / PAGE_BYTES;
    return { end, log: system.log(), steps: limits.stepsMax - (left.value as bigint), memoryPages };
  }
}
