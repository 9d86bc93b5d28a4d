/** Metered and compiled modules by content, so that the tests of one task (and the next task's) share one compilation. */
import { createHash } from "node:crypto";
import { type MeteredModule, meterModule } from "../meter/index.ts";

export interface PreparedModule {
  readonly module: WebAssembly.Module;
  readonly memory: MeteredModule["memory"];
  readonly hasStart: boolean;
}

/** Compiled code takes several times the module's size; these bound it to some hundred MiB. */
const MODULES_MAX = 32;
const MODULE_BYTES_MAX = 48 * 1024 * 1024;

/** After so many modules V8 has optimized the meter: the first ones take six times as long as later ones. */
const WARMING_ROUNDS = 5;

/** Makes the meter fast before somebody waits for it, with an ordinary module. */
export function warmMeter(bytes: Uint8Array): void {
  for (let round = 0; round < WARMING_ROUNDS; round++) meterModule(bytes);
}

export class ModuleCache {
  /** In order of last use. */
  readonly #byHash = new Map<string, { readonly prepared: PreparedModule; readonly sizeBytes: number }>();
  readonly #hashes = new WeakMap<Uint8Array, string>();
  #sizeBytes = 0;

  /** @throws MeterError for a module that must not run. */
  get(bytes: Uint8Array): PreparedModule {
    let hash = this.#hashes.get(bytes);
    if (hash === undefined) {
      hash = createHash("sha256").update(bytes).digest("hex");
      this.#hashes.set(bytes, hash);
    }
    const known = this.#byHash.get(hash);
    if (known !== undefined) {
      this.#byHash.delete(hash);
      this.#byHash.set(hash, known);
      return known.prepared;
    }
    const metered = meterModule(bytes);
    const prepared = {
      module: new WebAssembly.Module(metered.bytes),
      memory: metered.memory,
      hasStart: metered.hasStart,
    };
    this.#byHash.set(hash, { prepared, sizeBytes: metered.bytes.length });
    this.#sizeBytes += metered.bytes.length;
    for (const [oldest, entry] of this.#byHash) {
      if (this.#byHash.size <= MODULES_MAX && this.#sizeBytes <= MODULE_BYTES_MAX) break;
      if (oldest === hash) break;
      this.#byHash.delete(oldest);
      this.#sizeBytes -= entry.sizeBytes;
    }
    return prepared;
  }
}
