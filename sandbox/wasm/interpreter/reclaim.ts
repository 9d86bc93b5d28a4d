/**
 * Memories of ended runs. The engine learns late how much they hold, so it is told when enough of it has gathered; between
 * runs the call stack is short and a collection takes milliseconds.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** V8 hashes its flags into machine code that it writes out (`native-code.ts`): ours are set before any module is loaded. */
setFlagsFromString("--expose-gc");
const collector = runInNewContext("gc") as () => void;

/** A few runs of an interpreter, or one large program. */
const GATHERED_BYTES_MAX = 128 * 2 ** 20;

let gathered = 0;

/** Frees the memories of ended runs at once; V8 sees only their small handles and would let them pile up. */
export function collectGarbage(): void {
  gathered = 0;
  collector();
}

/** To be called between runs, with the size of a memory that nobody uses any more. */
export function dropMemory(bytes: number): void {
  gathered += bytes;
  if (gathered >= GATHERED_BYTES_MAX) collectGarbage();
}
