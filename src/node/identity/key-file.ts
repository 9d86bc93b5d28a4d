/** The node's secret key: a file of 64 hex digits in the data directory, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { chmod, open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { fromHex, nobleSigner, toHex } from "../../model/index.ts";

export const KEY_FILE = "key";

export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly code = "DIKAST_KEY";
}

/** Reads the key, or makes one when there is none. @throws KeyError when the file is not a key. */
export async function loadOrCreateKey(directory: string): Promise<Uint8Array> {
  return (await loadKey(directory)) ?? (await createKey(directory));
}

export async function loadKey(directory: string): Promise<Uint8Array | undefined> {
  const file = path.join(directory, KEY_FILE);
  let text: string;
  try {
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new KeyError(`cannot read the key ${file}`, { cause: error });
  }
  const digits = text.trim();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new KeyError(`${file} is not a key (64 hex digits are expected)`);
  const key = fromHex(digits);
  try {
    nobleSigner(key);
  } catch (error) {
    throw new KeyError(`${file} holds a number that is not a secp256k1 key`, { cause: error });
  }
  return key;
}

async function createKey(directory: string): Promise<Uint8Array> {
  const key = new Uint8Array(randomBytes(32));
  const file = await open(path.join(directory, KEY_FILE), "wx", 0o600);
  try {
    await file.writeFile(`${toHex(key)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
