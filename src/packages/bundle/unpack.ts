/** From the bytes of a bundle, which nobody vouches for, to a folder. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ByteSource } from "./byte-source.ts";
import { BundleError } from "./errors.ts";
import { type BundleEntry, type BundleIndex, decodeIndex, indexLengthOf, PREAMBLE_BYTES } from "./format.ts";

/**
 * Unpacks into `directory`, which must not exist yet; it appears whole or not at all. Every name, size and hash is checked; nothing is
 * written outside, nothing is executable. `accept` may throw before the first file is written.
 * @throws BundleError with a `DIKAST_BUNDLE_*` code if the bundle is damaged or hostile; errors of the source and of the disk pass through.
 */
export async function unpackBundle(
  source: AsyncIterable<Uint8Array>,
  directory: string,
  accept: (index: BundleIndex) => void = () => undefined,
): Promise<BundleIndex> {
  if ((await stat(directory).catch(() => undefined)) !== undefined)
    throw new BundleError("DIKAST_BUNDLE_TARGET_EXISTS", `"${directory}" exists already`);
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  const partial = join(parent, `.${randomUUID()}.partial`);
  const bytes = new ByteSource(source);
  try {
    await mkdir(partial);
    const index = await readIndex(bytes);
    accept(index);
    for (const entry of index.files) await writeEntry(bytes, entry, partial);
    if (!(await bytes.atEnd())) throw new BundleError("DIKAST_BUNDLE_BAD_FORMAT", "goes on after its last file");
    await rename(partial, directory);
    return index;
  } catch (error) {
    await bytes.stop();
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Unpacks a small bundle into memory: at most `bytesMax` bytes of files. @throws BundleError as `unpackBundle`. */
export async function readBundle(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const bytes = new ByteSource(source);
  try {
    const index = await readIndex(bytes);
    const files = new Map<string, Uint8Array>();
    let left = bytesMax;
    for (const entry of index.files) {
      left -= entry.size;
      if (left < 0) throw new BundleError("DIKAST_BUNDLE_TOO_LARGE", `holds more than ${bytesMax} bytes`);
      const content = await bytes.read(entry.size);
      checkHash(createHash("sha256").update(content).digest(), entry);
      files.set(entry.path, content);
    }
    if (!(await bytes.atEnd())) throw new BundleError("DIKAST_BUNDLE_BAD_FORMAT", "goes on after its last file");
    return files;
  } finally {
    await bytes.stop();
  }
}

async function readIndex(bytes: ByteSource): Promise<BundleIndex> {
  const length = indexLengthOf(await bytes.read(PREAMBLE_BYTES));
  return decodeIndex(await bytes.read(length));
}

async function writeEntry(bytes: ByteSource, entry: BundleEntry, directory: string): Promise<void> {
  const path = join(directory, ...entry.path.split("/"));
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx", 0o644);
  try {
    const hash = createHash("sha256");
    for await (const piece of bytes.take(entry.size)) {
      hash.update(piece);
      await file.writeFile(piece);
    }
    checkHash(hash.digest(), entry);
  } finally {
    await file.close();
  }
}

function checkHash(actual: Uint8Array, entry: BundleEntry): void {
  if (!Buffer.from(entry.sha256).equals(actual))
    throw new BundleError("DIKAST_BUNDLE_DAMAGED", `"${entry.path}" does not have the content that it should have`);
}
