/**
 * The C and C++ toolchain of the embedded sandbox: clang and wasm-ld as WebAssembly (`@yowasp/clang`), run over a tree in
 * memory. Nothing of the host is reachable; the same sources give the same bytes on every machine.
 *
 * A compile blocks its thread. Run it in a worker with `resourceLimits: { stackSizeMb: 64 }` or more; to stop one, terminate
 * the worker and start another with `compilerModule()` of the first, which makes it warm at once. A compile that exceeds
 * `CompileLimits` is rejected by counting calls inside the compiler, so a guard by the clock needs only to catch hosts
 * that are too slow: what it stops says nothing about the source.
 *
 * @example
 * const { cpp } = createClangToolchain({ cacheDirectory });
 * await cpp.warm();
 * const outcome = await cpp.compile([{ name: "a.cc", bytes }], { timeMs: 10_000, memoryMiB: 512 });
 */
export { type ClangOptions, type ClangToolchain, createClangToolchain } from "./toolchain.ts";
export { STACK_BYTES } from "./flags.ts";
export { SAMPLES } from "./samples.ts";
