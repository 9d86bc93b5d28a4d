/** The standard library out of Pyodide's zip file, as an immutable tree. The zip is a trusted part of the installation. */
import { inflateRawSync } from "node:zlib";

const END_RECORD_BYTES = 22;
const STORED = 0;

/** What has no use in a sandbox without JavaScript, processes, screens and networks. */
const LEFT_OUT = ["_pyodide/", "pyodide/", "_pyrepl/", "site-packages/", "ctypes/", "multiprocessing/"] as const;

/** A file that is unpacked when it is first read: most never are. */
export interface PackedFile {
  readonly size: number;
  unpack(): Uint8Array;
}

/** Files by path relative to the library. Zip format: APPNOTE 6.3.10 §4.3.6–4.3.16, without comment, encryption, zip64. */
export function readLibrary(zip: Buffer): ReadonlyMap<string, PackedFile> {
  const files = new Map<string, PackedFile>();
  const end = zip.length - END_RECORD_BYTES;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const method = zip.readUInt16LE(at + 10);
    const compressedBytes = zip.readUInt32LE(at + 20);
    const size = zip.readUInt32LE(at + 24);
    const nameBytes = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameBytes);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + compressedBytes);
    if (!name.endsWith("/") && !LEFT_OUT.some((prefix) => name.startsWith(prefix))) {
      files.set(name, { size, unpack: () => (method === STORED ? content : inflateRawSync(content)) });
    }
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
