/**
 * The directory of a zip archive, read whole and judged before anything is unpacked. What is refused: names that lead out or are absolute, that
 * collide or trick the eye; links and devices; encryption; more than the bounds; bombs by ratio, by overlapping entries, by nesting; and entries
 * that two readers would see differently.
 */
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from "yauzl";
import { pathFault, PathSet } from "../paths.ts";
import { RATIO_FREE_BYTES, RATIO_MAX, type ZipBounds } from "./bounds.ts";
import { entryNameOf } from "./entry-names.ts";
import { ZipError } from "./errors.ts";

export interface ZipEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly raw: Entry;
}

export interface ZipListing {
  readonly zip: ZipFile;
  /** Files only, in bytewise order of paths. */
  readonly entries: readonly ZipEntry[];
}

const FILE_TYPE_MASK = 0o170000;
const FILE_TYPES: Readonly<Record<number, "file" | "directory" | "link">> = {
  0: "file",
  0o100000: "file",
  0o040000: "directory",
  0o120000: "link",
};
const STORED = 0;
const DEFLATED = 8;
const STRONG_ENCRYPTION_FLAG = 0x40;
/** What archivers of desktops add. */
const LITTER = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/;
const NESTED = /\.(?:zip|jar|7z|rar|gz|tgz|bz2|xz|zst|tar|cab|iso)$/i;

/** @throws ZipError; the caller closes `zip`. */
export async function listZip(source: string | Uint8Array, bounds: ZipBounds): Promise<ZipListing> {
  const zip = await openZip(source);
  try {
    return { zip, entries: await checkedEntries(zip, bounds) };
  } catch (error) {
    zip.close();
    if (error instanceof ZipError) throw error;
    throw damaged(error);
  }
}

export function damaged(error: unknown): ZipError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ZipError("DIKAST_ZIP_DAMAGED", `is damaged: ${reason}`, { cause: error });
}

async function openZip(source: string | Uint8Array): Promise<ZipFile> {
  // Names are decoded and judged here, so that every refusal has the same form.
  const options = { decodeStrings: false, autoClose: false, lazyEntries: true };
  try {
    return typeof source === "string"
      ? await openPromise(source, options)
      : await fromBufferPromise(Buffer.from(source.buffer, source.byteOffset, source.length), options);
  } catch (error) {
    if (typeof source === "string" && (error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new ZipError("DIKAST_ZIP_NO_ARCHIVE", "is no zip archive, or was cut off", { cause: error });
  }
}

async function checkedEntries(zip: ZipFile, bounds: ZipBounds): Promise<readonly ZipEntry[]> {
  if (zip.entryCount > 2 * bounds.files) throw tooMany(bounds);
  const entries: ZipEntry[] = [];
  const taken = new PathSet();
  let seen = 0;
  for await (const raw of zip.eachEntry()) {
    seen += 1;
    // Folders and litter count, too: each costs time.
    if (seen > 2 * bounds.files) throw tooMany(bounds);
    const entry = checkedEntry(raw, bounds);
    if (entry === undefined) continue;
    const collision = taken.add(entry.path);
    if (collision !== undefined) throw new ZipError("DIKAST_ZIP_DUPLICATE", `"${entry.path}" ${collision}`);
    entries.push(entry);
    if (entries.length > bounds.files) throw tooMany(bounds);
  }
  checkSizes(entries, bounds);
  await checkPlaces(zip, entries);
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function tooMany(bounds: ZipBounds): ZipError {
  return new ZipError("DIKAST_ZIP_TOO_LARGE", `holds more than ${bounds.files} files`);
}

/** Undefined for folders and litter. */
function checkedEntry(raw: Entry, bounds: ZipBounds): ZipEntry | undefined {
  const named = entryNameOf(raw);
  if ("fault" in named) throw new ZipError("DIKAST_ZIP_BAD_NAME", `the entry "${shown(raw)}" ${named.fault}`);
  const { name } = named;
  if (LITTER.test(name)) return undefined;
  const isFolder = name.endsWith("/");
  const path = isFolder ? name.slice(0, -1) : name;
  const fault = pathFault(path);
  if (fault !== undefined) throw new ZipError("DIKAST_ZIP_BAD_NAME", `"${name}" ${fault}`);
  // The upper half holds the mode wherever a Unix tool wrote it; elsewhere it is 0.
  const type = FILE_TYPES[(raw.externalFileAttributes >>> 16) & FILE_TYPE_MASK];
  if (type === "link") throw new ZipError("DIKAST_ZIP_LINK", `"${path}" is a link; replace it by the file itself`);
  if (type === undefined || (type === "directory" && !isFolder))
    throw new ZipError("DIKAST_ZIP_LINK", `"${path}" is neither a file nor a folder`);
  if (raw.isEncrypted() || (raw.generalPurposeBitFlag & STRONG_ENCRYPTION_FLAG) !== 0)
    throw new ZipError("DIKAST_ZIP_ENCRYPTED", `"${path}" is encrypted; pack it without a password`);
  if (isFolder) {
    if (raw.uncompressedSize > 0) throw new ZipError("DIKAST_ZIP_BAD_NAME", `the folder "${path}" has content`);
    return undefined;
  }
  if (raw.compressionMethod !== STORED && raw.compressionMethod !== DEFLATED)
    throw new ZipError(
      "DIKAST_ZIP_METHOD",
      `"${path}" is compressed by another method than deflate; pack it as an ordinary zip`,
    );
  if (NESTED.test(path) && !path.includes("attachments/"))
    throw new ZipError("DIKAST_ZIP_NESTED", `"${path}" is an archive inside the archive; unpack it first`);
  if (raw.uncompressedSize > bounds.fileBytes)
    throw new ZipError("DIKAST_ZIP_TOO_LARGE", `"${path}" has more than ${bounds.fileBytes} bytes`);
  return { path, sizeBytes: raw.uncompressedSize, raw };
}

function shown(raw: Entry): string {
  return raw.fileNameRaw
    .toString("latin1")
    .slice(0, 60)
    .replaceAll(/[^\x20-\x7e]/g, "?");
}

function checkSizes(entries: readonly ZipEntry[], bounds: ZipBounds): void {
  const bytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (bytes > bounds.bytes) throw new ZipError("DIKAST_ZIP_TOO_LARGE", `holds more than ${bounds.bytes} bytes`);
  const packed = entries.reduce((sum, entry) => sum + entry.raw.compressedSize, 0);
  if (bytes > RATIO_FREE_BYTES && bytes > packed * RATIO_MAX) {
    throw new ZipError("DIKAST_ZIP_BOMB", `would grow from ${packed} to ${bytes} bytes: it looks like a bomb`);
  }
}

/** Every entry has its own bytes in the file, and its own header tells the same name. */
async function checkPlaces(zip: ZipFile, entries: readonly ZipEntry[]): Promise<void> {
  let end = 0;
  let previous = "";
  const inFile = [...entries].sort((a, b) => a.raw.relativeOffsetOfLocalHeader - b.raw.relativeOffsetOfLocalHeader);
  for (const { path, raw } of inFile) {
    if (raw.relativeOffsetOfLocalHeader < end)
      throw new ZipError("DIKAST_ZIP_BOMB", `"${path}" shares its bytes with "${previous}": it looks like a bomb`);
    const header = await zip.readLocalFileHeaderPromise(raw);
    if (!raw.fileNameRaw.equals(header.fileName))
      throw new ZipError("DIKAST_ZIP_BAD_NAME", `"${path}" has another name in its own header`);
    end = header.fileDataStart + raw.compressedSize;
    previous = path;
  }
}
