/** How Node is started for the evaluator's processes. None of this changes a result: only speed and memory. */

/** Optimizes a function when it is first called: the engine has no other way to make a running loop fast. */
export const RUN_PROCESS_FLAGS: readonly string[] = [
  "--no-liftoff",
  "--experimental-wasm-branch-hinting",
  // A memory that grows counts as new each time, and by default some 64 MiB of that start a collection: with a deep call
  // stack, which a collection reads as a whole, a run would take a hundred times as long.
  "--external-memory-accounted-in-global-limit",
];

/**
 * Of a thread that runs programs. V8 counts each memory with its whole size, the stack's 256 MiB included, and collects
 * all garbage for every few of them, bounded by the heap it may have: three quarters of a short test's time. What memories really
 * hold is counted by `interpreter/reclaim.ts`, and the process by its guard.
 */
export const RUN_THREAD_HEAP_MIB = 65_536;

export const COMPILE_PROCESS_FLAGS: readonly string[] = [];
