/**
 * Memories of ended runs. The engine learns late how much they hold, so it is told when enough of it has gathered; between
 * runs the call stack is short and a collection takes milliseconds.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A few runs of an interpreter, or one large program. */
const GATHERED_BYTES_MAX = 128 * 2 ** 20;

let gathered = 0;
let collect: (() => void) | undefined;

/** To be called between runs, with the size of a memory that nobody uses any more. */
export function dropMemory(bytes: number): void {
  gathered += bytes;
  if (gathered < GATHERED_BYTES_MAX) return;
  gathered = 0;
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
