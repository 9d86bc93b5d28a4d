/** The toolchains that run in compile processes; interpreted languages are checked where they run. */
import type { Language } from "../../../src/model/language.ts";
import type { Toolchain } from "../../engine.ts";
import type { SourceFile } from "../../sandbox.ts";
import { createClangToolchain, SAMPLES } from "../clang/index.ts";
import { createJavaScriptToolchains } from "../javascript/index.ts";
import { createPythonToolchain } from "../python/index.ts";
import { createEngines, type Engines } from "../runner/index.ts";

export function createToolchains(cacheDirectory: string): ReadonlyMap<Language, Toolchain> {
  const { c, cpp } = createClangToolchain({ cacheDirectory });
  return new Map([
    ["c", c],
    ["cpp", cpp],
  ]);
}

/** An ordinary program in a language that compile processes compile, to warm up with; undefined for the others. */
export function sampleOf(language: Language): SourceFile | undefined {
  return language === "c" || language === "cpp" ? SAMPLES[language][0] : undefined;
}

/** The toolchains of interpreted languages: they use the engines of the thread that runs programs. */
export function createInterpretedToolchains(
  cacheDirectory: string,
  engines: Engines,
): ReadonlyMap<Language, Toolchain> {
  const { javascript, typescript } = createJavaScriptToolchains(engines.javascript, { cacheDirectory });
  return new Map([
    ["python3", createPythonToolchain(engines.python)],
    ["javascript", javascript],
    ["typescript", typescript],
  ]);
}

/** Names and hashes of compilers and runtimes, for the judge profile. */
export function toolchainParts(cacheDirectory: string): Readonly<Record<string, string>> {
  const parts: Record<string, string> = {};
  const interpreted = createInterpretedToolchains(cacheDirectory, createEngines({ cacheDirectory }));
  for (const toolchain of [...createToolchains(cacheDirectory).values(), ...interpreted.values()])
    Object.assign(parts, toolchain.parts);
  return parts;
}
