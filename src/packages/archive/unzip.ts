/** Unpacks zip archives from strangers, to a folder or into memory. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import type { ZipFile } from "yauzl";
import { PACKAGE_ZIP, type ZipBounds } from "./bounds.ts";
import { ZipError } from "./errors.ts";
import { damaged, listZip, type ZipEntry } from "./zip-listing.ts";

/** Whether a file begins like a zip archive; what people hand over is told apart by content, not by name. */
export async function isZipFile(file: string): Promise<boolean> {
  if ((await stat(file).catch(() => undefined))?.isFile() !== true) return false;
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    // `PK`, then a local header or the end of an empty directory.
    return bytesRead === 4 && (buffer.readUInt32LE() === 0x04034b50 || buffer.readUInt32LE() === 0x06054b50);
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks into `directory`, which must not exist yet; it appears whole or not at all.
 * @throws ZipError with a `DIKAST_ZIP_*` code; errors of the disk pass through.
 */
export async function unpackZip(
  source: string | Uint8Array,
  directory: string,
  bounds: ZipBounds = PACKAGE_ZIP,
): Promise<{ readonly files: number; readonly bytes: number }> {
  if ((await stat(directory).catch(() => undefined)) !== undefined)
    throw new ZipError("DIKAST_ZIP_TARGET_EXISTS", `"${directory}" exists already; name another folder, or remove it`);
  const { zip, entries } = await listZip(source, bounds);
  const partial = join(dirname(directory), `.${randomUUID()}.partial`);
  try {
    await mkdir(partial, { recursive: true });
    for (const entry of entries) await writeEntry(zip, entry, partial);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  } finally {
    zip.close();
  }
  return { files: entries.length, bytes: entries.reduce((sum, entry) => sum + entry.sizeBytes, 0) };
}

/** A small archive in memory, by path, in bytewise order of paths. @throws ZipError. */
export async function readZip(
  source: string | Uint8Array,
  bounds: ZipBounds,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { zip, entries } = await listZip(source, bounds);
  try {
    const files = new Map<string, Uint8Array>();
    for (const entry of entries) {
      const pieces: Uint8Array[] = [];
      for await (const piece of contentOf(zip, entry)) pieces.push(piece);
      files.set(entry.path, new Uint8Array(Buffer.concat(pieces)));
    }
    return files;
  } finally {
    zip.close();
  }
}

/**
 * Unpacks a package below `parent` and tells its folder. Archives that hold one folder and archives that hold the package's files
 * themselves are both common; the latter take the archive's name.
 */
export async function unpackPackageZip(file: string, parent: string): Promise<string> {
  const directory = join(parent, packageName(parse(file).name));
  await unpackZip(file, directory).catch((error: unknown) => {
    throw error instanceof ZipError ? naming(file, error) : error;
  });
  const [only, second] = await readdir(directory, { withFileTypes: true });
  if (only === undefined || second !== undefined || !only.isDirectory()) return directory;
  return join(directory, only.name);
}

/** Which file it is, and what to do about it. */
function naming(file: string, { code, message, cause }: ZipError): ZipError {
  const named = /^(?:is|holds|would) /.test(message) ? `${file} ${message}` : `${file}: ${message}`;
  const isBroken = code === "DIKAST_ZIP_NO_ARCHIVE" || code === "DIKAST_ZIP_DAMAGED";
  return new ZipError(code, isBroken ? `${named}; get the file again, or make it anew` : named, { cause });
}

/** A folder's name that may stand for a problem's short name. */
function packageName(stem: string): string {
  return (
    stem
      .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 60) || "package"
  );
}

async function writeEntry(zip: ZipFile, entry: ZipEntry, directory: string): Promise<void> {
  const path = join(directory, ...entry.path.split("/"));
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx", 0o644);
  try {
    for await (const piece of contentOf(zip, entry)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

/** The entry's content; never more than its directory promised. */
async function* contentOf(zip: ZipFile, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let checksum = 0;
  try {
    const stored = await zip.openReadStreamPromise(entry.raw, { decodeFileData: false });
    for await (const piece of entry.raw.compressionMethod === 0 ? stored : inflated(stored)) {
      const part = piece as Uint8Array;
      bytes += part.length;
      if (bytes > entry.sizeBytes) break;
      checksum = crc32(part, checksum);
      yield part;
    }
  } catch (error) {
    throw damaged(error);
  }
  if (bytes !== entry.sizeBytes || checksum !== entry.raw.crc32)
    throw new ZipError(
      "DIKAST_ZIP_DAMAGED",
      `"${entry.path}" is damaged: it does not have the size or checksum that it should have`,
    );
}

function inflated(stored: Readable): Readable {
  const inflate = createInflateRaw();
  // Its error reaches whoever reads `inflate`.
  pipeline(stored, inflate).catch(() => undefined);
  return inflate;
}
