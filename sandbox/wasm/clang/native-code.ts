/**
 * V8's machine code for the compiler, kept on disk. The compiler is 75 MB of WebAssembly; what V8 learns about it in the
 * first compiles (which functions are hot, their optimized code) is worth most of the first compile's time, and V8 can
 * write it out and read it back, if asked by its internal functions. When it cannot (another version, other flags, another
 * processor, a damaged entry) the module is compiled anew: the results are the same, only later.
 */
import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import type { DiskCache } from "../interpreter/disk-cache.ts";

/** Calls one of V8's internal functions; undefined where this V8 has none such. The flag is on for the call only. */
function callInternal(name: "SerializeWasmModule" | "DeserializeWasmModule", ...args: unknown[]): unknown {
  const parameters = args.map((_, i) => `a${i}`).join();
  try {
    setFlagsFromString("--allow-natives-syntax");
    // oxlint-disable-next-line typescript/no-implied-eval -- the name is one of two constants; no other syntax reaches them
    return (new Function(parameters, `return %${name}(${parameters})`) as (...args: unknown[]) => unknown)(...args);
  } catch {
    return undefined;
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

export interface LearntModule {
  readonly module: WebAssembly.Module;
  /** How many compiles its optimized code was learnt from, in all processes before. */
  readonly compiles: number;
}

const COUNT_BYTES = 4;

export class NativeCodeCache {
  readonly #cache: DiskCache;
  readonly #key: string;

  /** @param wireHash names the module's bytes. */
  constructor(cache: DiskCache, wireHash: string) {
    this.#cache = cache;
    const host = ["counted", wireHash, process.versions.v8, process.arch, process.platform].join("\n");
    this.#key = `clang-code-${createHash("sha256").update(host).digest("hex").slice(0, 32)}`;
  }

  load(wire: Uint8Array): LearntModule | undefined {
    const entry = this.#cache.read(this.#key);
    if (entry === undefined || entry.length < COUNT_BYTES) return undefined;
    const compiles = new DataView(entry.buffer, entry.byteOffset).getUint32(0, true);
    const code = new Uint8Array(entry.subarray(COUNT_BYTES)).buffer;
    const module = callInternal("DeserializeWasmModule", code, wire);
    return module instanceof WebAssembly.Module ? { module, compiles } : undefined;
  }

  /** Blocks for about 0.2 s. */
  save({ module, compiles }: LearntModule): void {
    const code = callInternal("SerializeWasmModule", module);
    if (!(code instanceof ArrayBuffer)) return;
    const entry = new Uint8Array(COUNT_BYTES + code.byteLength);
    new DataView(entry.buffer).setUint32(0, compiles, true);
    entry.set(new Uint8Array(code), COUNT_BYTES);
    this.#cache.write(this.#key, entry);
  }
}
