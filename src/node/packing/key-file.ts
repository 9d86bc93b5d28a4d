/** Keys of a contest's sealed bundles, in a file that only its owner reads. */
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { SEALING_KEY_BYTES } from "../../../sage/sealing/index.ts";
import { fromHex, toHex } from "../../model/bytes.ts";
import { BundleError } from "../../packages/bundle/index.ts";

/** By a problem's short name. */
export type ProblemKeys = ReadonlyMap<string, Uint8Array>;

/** Undefined if there is no such file. @throws BundleError if it is damaged. */
export async function loadKeys(file: string): Promise<ProblemKeys | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { version, keys } = JSON.parse(text) as { version: unknown; keys: Record<string, unknown> };
    if (version !== 1) throw new TypeError("another version");
    return new Map(Object.entries(keys).map(([problem, key]) => [problem, keyOf(key)] as const));
  } catch (error) {
    throw new BundleError(
      "DIKAST_BUNDLE_KEYS_DAMAGED",
      `"${file}" is no key file of dikast; move it away to make new keys`,
      {
        cause: error,
      },
    );
  }
}

/** The keys that are known, and new ones for the problems without. */
export function completedKeys(problems: readonly string[], known: ProblemKeys | undefined): ProblemKeys {
  return new Map(
    problems.map((problem) => [problem, known?.get(problem) ?? new Uint8Array(randomBytes(SEALING_KEY_BYTES))]),
  );
}

/** Written whole or not at all, readable by its owner only. */
export async function saveKeys(file: string, keys: ProblemKeys): Promise<void> {
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify(
    { version: 1, keys: Object.fromEntries(sorted.map(([id, key]) => [id, toHex(key)])) },
    null,
    2,
  );
  const partial = `${file}.new`;
  await rm(partial, { force: true });
  await writeFile(partial, `${text}\n`, { mode: 0o600, flag: "wx", flush: true });
  await rename(partial, file);
}

function keyOf(value: unknown): Uint8Array {
  const key = typeof value === "string" ? fromHex(value) : new Uint8Array();
  if (key.length !== SEALING_KEY_BYTES) throw new TypeError("a key has 32 bytes");
  return key;
}
