/** The C and C++ toolchains over one compiler. */
import { createHash } from "node:crypto";
import type { CompileLimits, CompileOutcome, Toolchain } from "../../engine.ts";
import type { SourceFile } from "../../sandbox.ts";
import { DiskCache } from "../interpreter/disk-cache.ts";
import { collectGarbage } from "../interpreter/reclaim.ts";
import { STEPS_PER_MS, compile, type Prepared } from "./compilation.ts";
import { compileC, compileCpp, CPP_STANDARD, CPP_STANDARD_FALLBACK, link, precompileHeader } from "./flags.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { fileAt } from "./filesystem.ts";
import { INSTRUMENT_VERSION } from "./instrument.ts";
import { kit, RUNTIME_OBJECTS } from "./kit.ts";
import { Llvm } from "./llvm.ts";
import { prebuiltRuntime } from "./prebuilt.ts";
import { SAMPLES } from "./samples.ts";

export interface ClangOptions {
  /** Where the precompiled header and V8's machine code are kept, ~90 MB; shared between processes. */
  readonly cacheDirectory: string;
  /** `compilerModule()` of a worker before: the next one starts warm. */
  readonly module?: WebAssembly.Module | undefined;
}

export interface ClangToolchain {
  readonly c: Toolchain;
  readonly cpp: Toolchain;
  /** To hand to the worker that replaces this one (`postMessage` shares it, machine code included). Loads it if needed. */
  compilerModule(): WebAssembly.Module;
}

/** Hashes the installation if its hash is not known yet (0.3 s); nothing is compiled before `warm()` or the first compile. */
export function createClangToolchain(options: ClangOptions): ClangToolchain {
  const cache = new DiskCache(options.cacheDirectory);
  const installation = openInstallation(cache);
  const parts = partsOf(installation);
  let llvm: Llvm | undefined;
  let prepared: Prepared | undefined;

  const loaded = (): Llvm => (llvm ??= new Llvm(installation, cache, options.module));

  const ready = (): Prepared => {
    if (prepared !== undefined) return prepared;
    const profile = madeUnder(installation);
    const { usr, runtime } = installation;
    const directory = kit({ runtime, usr, llvm: loaded, cache, profile, prebuilt: prebuiltRuntime(profile) });
    prepared = { llvm: loaded(), usr, kit: directory };
    return prepared;
  };

  const tidy = (): void => {
    loaded().learn();
    collectGarbage();
  };

  const toolchain = (language: "c" | "cpp"): Toolchain => ({
    language,
    parts,
    async compile(
      sources: readonly SourceFile[],
      limits: CompileLimits,
      signal?: AbortSignal,
    ): Promise<CompileOutcome> {
      signal?.throwIfAborted();
      const outcome = compile(ready(), language, sources, limits);
      // Nobody waits for it.
      setImmediate(tidy);
      return outcome;
    },
    async warm(): Promise<void> {
      const compiler = ready();
      const all = SAMPLES[language];
      const knowsThem = compiler.llvm.compiles >= all.length;
      for (const source of knowsThem ? all.slice(0, 1) : all) {
        compile(compiler, language, [source], { timeMs: 60_000, memoryMiB: 1024 });
        tidy();
      }
    },
  });
  return { c: toolchain("c"), cpp: toolchain("cpp"), compilerModule: () => loaded().module };
}

/** The runtime's objects, made from their sources; for what the repository ships of them. Blocks for about a minute. */
export function buildRuntime(cacheDirectory: string): {
  readonly profile: string;
  readonly objects: ReadonlyMap<string, Uint8Array>;
} {
  const cache = new DiskCache(cacheDirectory);
  const installation = openInstallation(cache);
  const profile = madeUnder(installation);
  const llvm = new Llvm(installation, cache);
  const { usr, runtime } = installation;
  const directory = kit({ runtime, usr, llvm: () => llvm, cache, profile, prebuilt: new Map() });
  const objects = RUNTIME_OBJECTS.map((name) => [name, fileAt(directory, name) ?? new Uint8Array(0)] as const);
  return { profile, objects: new Map(objects) };
}

/** Whether the shipped objects are those of this version: else the first compile makes them anew. */
export function hasPrebuiltRuntime(cacheDirectory: string): boolean {
  const installation = openInstallation(new DiskCache(cacheDirectory));
  return prebuiltRuntime(madeUnder(installation)).size === RUNTIME_OBJECTS.length;
}

function partsOf(installation: Installation): Readonly<Record<string, string>> {
  return {
    ...outputParts(installation),
    "clang.stepsPerMs": String(STEPS_PER_MS),
    "clang.counting": String(INSTRUMENT_VERSION),
  };
}

/** The precompiled header and the runtime's objects depend on what the compiler puts out, not on how its time is counted. */
function madeUnder(installation: Installation): string {
  return JSON.stringify(outputParts(installation));
}

function outputParts(installation: Installation): Readonly<Record<string, string>> {
  const flags = [
    compileC("unit.c", "unit.o", { jumps: true, vectors: true }),
    compileCpp("unit.cc", "unit.o", { standard: CPP_STANDARD, precompiled: "header", catches: false }),
    compileCpp("unit.cc", "unit.o", {
      standard: CPP_STANDARD_FALLBACK,
      catches: true,
      jumps: true,
      evaluates: true,
      vectors: true,
    }),
    precompileHeader("header", "header.pch"),
    link({ objects: ["unit.o"], runtime: ["runtime.o"], cpp: true }, "program.wasm"),
  ];
  return {
    "clang.compiler": installation.llvmHash,
    "clang.resources": installation.resourcesHash,
    "clang.additions": installation.additionsHash,
    "clang.flags": createHash("sha256").update(JSON.stringify(flags)).digest("hex"),
  };
}
