/**
 * V8's machine code for the large modules of this repository's own, kept on disk: the compiler (75 MB of WebAssembly) and the
 * interpreters. What V8 learns about them in their first uses (which functions are hot, their optimized code) is worth most
 * of the first uses' time, and V8 can write it out and read it back, if asked by its internal functions. When it cannot
 * (another version, other flags, another processor, a damaged entry) the module is compiled anew: the results are the same,
 * only later.
 */
import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import type { DiskCache } from "./disk-cache.ts";

type Internal = "SerializeWasmModule" | "DeserializeWasmModule" | "WasmTierUpFunction" | "IsTurboFanFunction";

/** Calls one of V8's internal functions; undefined where this V8 has none such. The flag is on for the call only. */
function callInternal(name: Internal, ...args: unknown[]): unknown {
  const parameters = args.map((_, i) => `a${i}`).join();
  try {
    setFlagsFromString("--allow-natives-syntax");
    // oxlint-disable-next-line typescript/no-implied-eval -- the name is one of four constants; no other syntax reaches them
    return (new Function(parameters, `return %${name}(${parameters})`) as (...args: unknown[]) => unknown)(...args);
  } catch {
    return undefined;
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

export interface Learning {
  readonly cache: DiskCache;
  /** Of the entry: the cache keeps few of a kind. */
  readonly kind: string;
  /** Names the module's bytes. */
  readonly wireHash: string;
  /** After these numbers of uses, by all processes, what V8 has learnt is kept. */
  readonly keptAfter: ReadonlySet<number>;
}

const COUNT_BYTES = 4;

/** A module that starts with what V8 learnt about it in processes before, and leaves to later ones what it learns here. */
export class LearningModule {
  readonly module: WebAssembly.Module;
  readonly #learning: Learning;
  readonly #key: string;
  #uses = 0;

  /** @param shared by another thread of the process, machine code included, which learns for both. */
  constructor(wire: Uint8Array, learning: Learning, shared?: WebAssembly.Module) {
    this.#learning = learning;
    const { versions, arch, platform, execArgv } = process;
    const host = ["counted", learning.wireHash, versions.v8, arch, platform, ...execArgv].join("\n");
    this.#key = `${learning.kind}-${createHash("sha256").update(host).digest("hex").slice(0, 32)}`;
    if (shared !== undefined) {
      this.module = shared;
      this.#uses = Infinity;
    } else this.module = this.#load(wire) ?? new WebAssembly.Module(wire);
  }

  /** How often it was used, here and in the processes that its machine code comes from. */
  get uses(): number {
    return this.#uses;
  }

  /** Uses it until that makes `count` uses in all, once at least. */
  warm(count: number, use: () => void): void {
    do use();
    while (this.#uses < count);
  }

  /**
   * To be called after each use. Blocks for some milliseconds per megabyte of machine code when it is kept.
   * @param instance that was used.
   */
  learn(instance: WebAssembly.Instance | undefined): void {
    this.#uses += 1;
    if (this.#learning.keptAfter.has(this.#uses)) this.#save(instance);
  }

  #load(wire: Uint8Array): WebAssembly.Module | undefined {
    const entry = this.#learning.cache.read(this.#key);
    if (entry === undefined || entry.length < COUNT_BYTES) return undefined;
    const code = new Uint8Array(entry.subarray(COUNT_BYTES)).buffer;
    const module = callInternal("DeserializeWasmModule", code, wire);
    if (!(module instanceof WebAssembly.Module)) return undefined;
    this.#uses = new DataView(entry.buffer, entry.byteOffset).getUint32(0, true);
    return module;
  }

  #save(instance: WebAssembly.Instance | undefined): void {
    // V8 ends the process when there is no optimized function at all to write out.
    const exported = Object.values(instance?.exports ?? {}).find((value) => typeof value === "function");
    if (exported === undefined) return;
    callInternal("WasmTierUpFunction", exported);
    if (callInternal("IsTurboFanFunction", exported) !== true) return;
    const code = callInternal("SerializeWasmModule", this.module);
    if (!(code instanceof ArrayBuffer)) return;
    const entry = new Uint8Array(COUNT_BYTES + code.byteLength);
    new DataView(entry.buffer).setUint32(0, this.#uses, true);
    entry.set(new Uint8Array(code), COUNT_BYTES);
    this.#learning.cache.write(this.#key, entry);
  }
}
