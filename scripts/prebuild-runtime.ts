/**
 * Makes the objects of the C++ runtime that the repository ships (`sandbox/wasm/clang/prebuilt`). To be run after every
 * change of `sandbox/wasm/clang/{include,runtime}`, of the compiler's flags or its version. Takes about a minute.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isMainThread, Worker } from "node:worker_threads";
import { buildRuntime } from "../sandbox/wasm/clang/toolchain.ts";
import { PREBUILT_PATH, packRuntime } from "../sandbox/wasm/clang/prebuilt.ts";

/** Clang recurses over deeply nested sources. */
const STACK_MIB = 256;

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { resourceLimits: { stackSizeMb: STACK_MIB } });
  worker.on("error", (error) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  const cacheDirectory = mkdtempSync(path.join(tmpdir(), "dikast-prebuild-"));
  try {
    const { profile, objects } = buildRuntime(cacheDirectory);
    const packed = packRuntime(profile, objects);
    mkdirSync(path.dirname(PREBUILT_PATH), { recursive: true });
    writeFileSync(PREBUILT_PATH, packed);
    console.log(`${path.relative(process.cwd(), PREBUILT_PATH)}: ${objects.size} objects, ${packed.length} bytes`);
  } finally {
    rmSync(cacheDirectory, { recursive: true, force: true });
  }
}
