/** How Node is started for the evaluator's processes. None of this changes a result: only speed and memory. */

/** Optimizes a function when it is first called: the engine has no other way to make a running loop fast. */
export const RUN_PROCESS_FLAGS: readonly string[] = ["--no-liftoff", "--experimental-wasm-branch-hinting"];

export const COMPILE_PROCESS_FLAGS: readonly string[] = [];
