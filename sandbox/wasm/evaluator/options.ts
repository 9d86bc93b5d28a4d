/** Options of the embedded sandbox and what they default to. */
import { homedir, availableParallelism } from "node:os";
import { join } from "node:path";
import type { EvaluatorOptions } from "./evaluator.ts";

export interface WasmSandboxOptions {
  /** Programs that run at the same time; default: one per core, less one that is left to the rest of the machine. */
  readonly workers?: number;
  /** Compilations at the same time; clang takes 0.6 GB. Default 1. */
  readonly compileWorkers?: number;
  /** Where prepared compilers and runtimes are kept. Default `$XDG_CACHE_HOME/dikast`, else `~/.cache/dikast`. */
  readonly cacheDirectory?: string;
  /** A worker that grows beyond this is given up, and its job abstained from. Default 4096. */
  readonly residentMibMax?: number;
  /** Run processes start with the first job that needs them instead of at once. Default false. */
  readonly lazy?: boolean;
}

const RESIDENT_MIB_MAX = 4096;

export function evaluatorOptions(options: WasmSandboxOptions): EvaluatorOptions {
  return {
    workers: options.workers ?? Math.max(1, availableParallelism() - 1),
    compileWorkers: options.compileWorkers ?? 1,
    cacheDirectory: options.cacheDirectory ?? defaultCacheDirectory(),
    residentMibMax: options.residentMibMax ?? RESIDENT_MIB_MAX,
  };
}

function defaultCacheDirectory(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? "";
  return join(base === "" ? join(homedir(), ".cache") : base, "dikast", "sandbox");
}
