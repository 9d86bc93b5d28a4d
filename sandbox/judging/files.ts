/** Files of the package that a task names: checked to lie inside of it, read whole, bounded. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { JudgeFault } from "./engine.ts";

/** The largest file of a package (`src/packages/bounds.ts` refuses larger ones when it reads the package). */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/** Up to this, a file is read at once: the hops of an asynchronous read take longer than the read. */
const SMALL_BYTES = 256 * 1024;

/** @throws JudgeFault if the name leads out of the package, or the file is missing, too large or unreadable. */
export async function readPackageFile(packageDirectory: string, name: string): Promise<Uint8Array> {
  const parts = name.split("/");
  // Problems arrive over the network: their names are not trusted to be relative.
  if (
    name.includes("\\") ||
    name.includes("\0") ||
    parts.some((part) => part === "" || part === "." || part === "..")
  ) {
    throw new JudgeFault(`"${name}" is no file name inside a package`);
  }
  const path = join(packageDirectory, ...parts);
  try {
    const small = readSmall(path);
    if (small !== undefined) return small;
    const handle = await open(path, "r");
    try {
      const info = await handle.stat();
      if (!info.isFile() || info.size > FILE_BYTES_MAX)
        throw new JudgeFault(`"${name}" is no file of at most ${FILE_BYTES_MAX} bytes`);
      return new Uint8Array(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof JudgeFault) throw error;
    throw new JudgeFault(`"${name}" cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Undefined for what is no small regular file. @throws as `openSync` does. */
function readSmall(path: string): Uint8Array | undefined {
  const fd = openSync(path, "r");
  try {
    const info = fstatSync(fd);
    if (!info.isFile() || info.size > SMALL_BYTES) return undefined;
    const bytes = new Uint8Array(info.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(fd, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}
