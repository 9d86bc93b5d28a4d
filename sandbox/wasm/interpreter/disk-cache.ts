/**
 * Prepared runtimes on disk, by key. An entry is written aside and renamed, so that readers see all of it or nothing; it
 * carries its own hash, and a damaged one counts as absent and is made anew.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HASH_BYTES = 32;
/** Keys are `kind-hash`; as many of each kind are kept, the newest. */
const ENTRIES_OF_A_KIND_MAX = 4;

export class DiskCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Undefined when absent or damaged. */
  read(key: string): Uint8Array | undefined {
    let stored: Buffer;
    try {
      stored = readFileSync(this.#path(key));
    } catch {
      return undefined;
    }
    const content = stored.subarray(HASH_BYTES);
    const intact = stored.length >= HASH_BYTES && sha256(key, content).equals(stored.subarray(0, HASH_BYTES));
    return intact ? content : undefined;
  }

  /** Failing to store (a full disk) costs time only, so it is not an error. */
  write(key: string, content: Uint8Array): void {
    const path = this.#path(key);
    const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    try {
      mkdirSync(this.#directory, { recursive: true });
      writeFileSync(aside, Buffer.concat([sha256(key, content), content]), { flag: "wx" });
      renameSync(aside, path);
      this.#prune(key);
    } catch {
      discard(aside);
    }
  }

  readOrMake(key: string, make: () => Uint8Array): Uint8Array {
    const found = this.read(key);
    if (found !== undefined) return found;
    const made = make();
    this.write(key, made);
    return made;
  }

  /** Entries of former versions go, but not at once: two installations may share the directory. */
  #prune(key: string): void {
    const kind = key.slice(0, key.lastIndexOf("-") + 1);
    if (kind === "") return;
    const paths = readdirSync(this.#directory)
      .filter((name) => name.startsWith(kind) && name.endsWith(".bin"))
      .map((name) => join(this.#directory, name));
    const byAge = paths.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at);
    for (const { path } of byAge.slice(ENTRIES_OF_A_KIND_MAX)) discard(path);
  }

  #path(key: string): string {
    return join(this.#directory, `${key}.bin`);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Whoever comes next tries again.
  }
}

function sha256(key: string, content: Uint8Array): Buffer {
  return createHash("sha256").update(key).update("\0").update(content).digest();
}
