/**
 * The runtime's objects as this repository ships them, so that a machine's first compile need not wait for the half minute
 * that making them takes. They are what the toolchain makes of `runtime/`, byte for byte (a test makes them again), and serve
 * only the profile they were made under. After a change of headers, runtime or flags: `node scripts/prebuild-runtime.ts`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

export const PREBUILT_PATH = path.join(import.meta.dirname, "prebuilt", "runtime.br");
const UNPACKED_BYTES_MAX = 8 * 1024 * 1024;

/** First line of the unpacked file; the objects follow one after the other. */
interface Contents {
  readonly profile: string;
  readonly objects: readonly { readonly name: string; readonly sizeBytes: number }[];
}

const hashOf = (profile: string): string => createHash("sha256").update(profile).digest("hex");

export function packRuntime(profile: string, objects: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const contents: Contents = {
    profile: hashOf(profile),
    objects: Array.from(objects, ([name, bytes]) => ({ name, sizeBytes: bytes.length })),
  };
  return brotliCompressSync(Buffer.concat([Buffer.from(`${JSON.stringify(contents)}\n`), ...objects.values()]));
}

/** By file name; empty when there are none for this profile. */
export function prebuiltRuntime(profile: string): ReadonlyMap<string, Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  try {
    const unpacked = brotliDecompressSync(readFileSync(PREBUILT_PATH), { maxOutputLength: UNPACKED_BYTES_MAX });
    let at = unpacked.indexOf("\n") + 1;
    const contents = JSON.parse(unpacked.subarray(0, at).toString()) as Contents;
    if (contents.profile !== hashOf(profile)) return objects;
    for (const { name, sizeBytes } of contents.objects) {
      objects.set(name, unpacked.subarray(at, at + sizeBytes));
      at += sizeBytes;
    }
    return objects;
  } catch {
    // Made anew instead.
    return new Map();
  }
}
