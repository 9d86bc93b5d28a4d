/** From a folder to the bytes of a bundle, as a stream: memory is bounded by one piece, whatever the folder's size. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Hash } from "../../model/ids.ts";
import { scanPackage } from "../tree.ts";
import { bundledFiles } from "./contents.ts";
import { BundleError } from "./errors.ts";
import { type BundleEntry, type BundleIndex, contentBytesOf, contentHashOf, encodeHead } from "./format.ts";

export interface BundlePlan {
  readonly index: BundleIndex;
  /** Everything before the first file. */
  readonly head: Uint8Array;
  readonly sizeBytes: number;
  readonly contentHash: Hash;
  /** Opens a file of the index. */
  readonly open: (path: string) => AsyncIterable<Uint8Array>;
}

/** Files that are made, not read: they replace those of the same path. */
export type ExtraFiles = Readonly<Record<string, Uint8Array>>;

/**
 * What the bundle of a problem package will hold: the files that contestants and judges need, `extra`, and whatever else is
 * `needed` (paths inside the package). Reads every file once, for
 * its hash.
 * @throws PackageError if the folder is none or breaks its bounds; BundleError if a name is not portable.
 */
export async function planPackageBundle(
  directory: string,
  extra: ExtraFiles = {},
  needed: readonly string[] = [],
): Promise<BundlePlan> {
  const tree = await scanPackage(directory);
  const missing = needed.find((path) => !tree.has(path));
  if (missing !== undefined)
    throw new BundleError("DIKAST_BUNDLE_CHANGED", `"${missing}" is gone: read the package again`);
  return await planBundle(tree.directory, [...bundledFiles(tree), ...needed], extra);
}

/** A bundle of some files of a folder and of `extra`. */
export async function planBundle(
  directory: string,
  files: readonly string[],
  extra: ExtraFiles = {},
): Promise<BundlePlan> {
  const paths = [...new Set([...files, ...Object.keys(extra)])].sort();
  const open = (path: string): AsyncIterable<Uint8Array> => {
    const made = Object.hasOwn(extra, path) ? extra[path] : undefined;
    return made === undefined ? createReadStream(join(directory, path)) : oneOf(made);
  };
  const entries: BundleEntry[] = [];
  for (const path of paths) entries.push({ path, ...(await measure(open(path))) });
  const index: BundleIndex = { version: 1, files: entries };
  const head = encodeHead(index);
  return { index, head, sizeBytes: head.length + contentBytesOf(index), contentHash: contentHashOf(index), open };
}

/**
 * The bundle's bytes. Reads every file again and checks that it is still the one of the plan.
 * @throws BundleError `DIKAST_BUNDLE_CHANGED` if not.
 */
export async function* packBundle(plan: BundlePlan): AsyncGenerator<Uint8Array> {
  yield plan.head;
  for (const entry of plan.index.files) {
    const hash = createHash("sha256");
    let left = entry.size;
    for await (const piece of plan.open(entry.path)) {
      left -= piece.length;
      if (left < 0) break;
      hash.update(piece);
      yield piece;
    }
    if (left !== 0 || !hash.digest().equals(entry.sha256))
      throw new BundleError("DIKAST_BUNDLE_CHANGED", `"${entry.path}" changed while it was packed: pack again`);
  }
}

async function measure(content: AsyncIterable<Uint8Array>): Promise<{ size: number; sha256: Uint8Array }> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
  }
  return { size, sha256: new Uint8Array(hash.digest()) };
}

async function* oneOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}
