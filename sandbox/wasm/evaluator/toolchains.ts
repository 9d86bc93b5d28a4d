/** The toolchains that run in compile processes; interpreted languages are checked where they run. */
import type { Language } from "../../../src/model/language.ts";
import type { Toolchain } from "../../engine.ts";
import { createClangToolchain } from "../clang/index.ts";

export function createToolchains(cacheDirectory: string): ReadonlyMap<Language, Toolchain> {
  const { c, cpp } = createClangToolchain({ cacheDirectory });
  return new Map([
    ["c", c],
    ["cpp", cpp],
  ]);
}

/** Names and hashes of compilers and runtimes, for the judge profile. */
export function toolchainParts(cacheDirectory: string): Readonly<Record<string, string>> {
  const parts: Record<string, string> = {};
  for (const toolchain of createToolchains(cacheDirectory).values()) Object.assign(parts, toolchain.parts);
  return parts;
}
