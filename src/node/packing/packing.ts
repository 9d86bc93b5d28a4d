/** From problem packages to the streams that are distributed, and back. */
import { pipe } from "it-pipe";
import { fromHex } from "../../model/bytes.ts";
import type { Hash } from "../../model/ids.ts";
import {
  type BundleIndex,
  BundleError,
  type BundlePlan,
  contentHashOf,
  packBundle,
  planOpenBundle,
  planPackageBundle,
  type ExtraFiles,
  unpackBundle,
} from "../../packages/bundle/index.ts";
import { opening, sealing } from "./sealed-stream.ts";

/** Takes a stream in and names it by its content: the store of the transfer (`src/node/bundles`). */
export interface BundleSink {
  add(source: AsyncIterable<Uint8Array>): Promise<Hash>;
}

export interface PackOptions {
  readonly id: string;
  readonly name: string;
  /** The package's folder. */
  readonly directory: string;
  /** 32 random bytes for this problem only. */
  readonly key: Uint8Array;
  /** Files that are made and not read: they replace those of the same path. */
  readonly extra?: ExtraFiles;
  /** Files of the package that must be in it, wherever they lie. */
  readonly needed?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
}

export interface PackedProblem {
  readonly id: string;
  readonly name: string;
  readonly openBundle: Hash;
  readonly sealedBundle: Hash;
  readonly sealedBytes: number;
  /** Of the unsealed content, whatever it is sealed with. */
  readonly contentHash: Hash;
  readonly files: number;
}

/**
 * Packs one problem into its sealed and its open bundle. Equal packages and keys give equal bytes.
 * @throws PackageError, BundleError, errors of the disk, or the signal's reason.
 */
export async function packProblem(options: PackOptions, sink: BundleSink): Promise<PackedProblem> {
  const { id, name, key } = options;
  const plan = await planPackageBundle(options.directory, options.extra, options.needed);
  let sealedBytes = 0;
  const sealedBundle = await pipe(
    packBundle(plan),
    watched(plan, options),
    sealing({ key, plainBytes: plan.sizeBytes, contentHash: fromHex(plan.contentHash) }),
    async function* counted(source) {
      for await (const bytes of source) {
        sealedBytes += bytes.length;
        yield bytes;
      }
    },
    (source) => sink.add(source),
  );
  const { contentHash } = plan;
  const part = { version: 1 as const, id, name, sealedBundle, sealedBytes, contentHash };
  const openBundle = await sink.add(packBundle(await planOpenBundle(part)));
  return { id, name, openBundle, sealedBundle, sealedBytes, contentHash, files: plan.index.files.length };
}

/**
 * Opens a sealed stream into a folder that must not exist yet; it appears whole or not at all. With `contentHash` only that
 * content is accepted.
 * @throws BundleError with its code, or errors of the source and of the disk.
 */
export async function openSealed(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  directory: string,
  contentHash?: Hash,
): Promise<BundleIndex> {
  return await pipe(source, opening(key), (plain) =>
    unpackBundle(plain, directory, (index) => {
      if (contentHash !== undefined && contentHashOf(index) !== contentHash)
        throw new BundleError("DIKAST_BUNDLE_OTHER_CONTENT", "holds other content than was announced");
    }),
  );
}

function watched(plan: BundlePlan, { onProgress, signal }: PackOptions) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let doneBytes = 0;
    for await (const bytes of source) {
      signal?.throwIfAborted();
      yield bytes;
      doneBytes += bytes.length;
      onProgress?.({ doneBytes, totalBytes: plan.sizeBytes });
    }
  };
}
