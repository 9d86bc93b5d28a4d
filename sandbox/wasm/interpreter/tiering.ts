/**
 * How the engine compiles an interpreter. The run processes make every function optimal at its first call, which suits a
 * contestant's module; an interpreter has thousands of functions, of which a program uses few for long, so it starts
 * with quick code and optimizes what is used. None of this changes a result.
 */
import { setFlagsFromString } from "node:v8";

/** Runs that warm an interpreter up of which nothing is known yet: the engine optimizes beside them, and not at once. */
export const WARMING_RUNS = 4;
/** Runs after which an interpreter's machine code is kept: the programs of a contest use more of it than warming up does. */
export const CODE_KEPT_AFTER: ReadonlySet<number> = new Set([WARMING_RUNS, 30, 300]);

const OPTIMIZES_AT_ONCE = process.execArgv.includes("--no-liftoff");

/** Functions that are first called during `body` start with quick code. */
export function withQuickStart<T>(body: () => T): T {
  if (!OPTIMIZES_AT_ONCE) return body();
  setFlagsFromString("--liftoff");
  try {
    return body();
  } finally {
    setFlagsFromString("--no-liftoff");
  }
}
