/** Sealing and opening as transforms of async iterables: one chunk in memory, whatever the file's size. */
import {
  createOpener,
  createSealer,
  type Opener,
  SEALED_HEADER_BYTES,
  sealedChunkRange,
  type SealerOptions,
} from "../../../sage/sealing/index.ts";
import { unreachable } from "../../model/errors.ts";
import { BundleError } from "../../packages/bundle/index.ts";
import { nativeAead } from "./native-aead.ts";

type Transform = (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

/** @throws InvariantError if the stream does not have `options.plainBytes` bytes. */
export function sealing(options: SealerOptions): Transform {
  const sealer = createSealer({ aead: nativeAead, ...options });
  const { chunks, chunkBytes, plainBytes } = sealer.layout;
  return async function* (source) {
    yield sealer.header;
    let index = 0;
    const last = plainBytes - (chunks - 1) * chunkBytes;
    for await (const chunk of inChunks(source, chunkBytes)) {
      yield sealer.seal(index, chunk);
      index += 1;
    }
    if (last === 0) yield sealer.seal(0, new Uint8Array());
  };
}

/**
 * @throws BundleError `DIKAST_BUNDLE_NOT_SEALED`, `DIKAST_BUNDLE_WRONG_KEY`, `DIKAST_BUNDLE_DAMAGED` or `DIKAST_BUNDLE_CUT`. What
 * was yielded before is genuine, but only the end of the stream says that it is all.
 */
export function opening(key: Uint8Array): Transform {
  return async function* (source) {
    let opener: Opener | undefined;
    let index = 0;
    const wanted = (): number => {
      if (opener === undefined) return SEALED_HEADER_BYTES;
      if (index >= opener.layout.chunks) return 0;
      const { from, to } = sealedChunkRange(opener.layout, index);
      return to - from;
    };
    for await (const part of inRuns(source, wanted)) {
      if (opener === undefined) {
        opener = openHeader(part, key);
        continue;
      }
      const plain = opener.open(index, part);
      if (plain === undefined) throw new BundleError("DIKAST_BUNDLE_DAMAGED", `chunk ${index} is damaged`);
      index += 1;
      yield plain;
    }
    if (opener === undefined || index < opener.layout.chunks)
      throw new BundleError("DIKAST_BUNDLE_CUT", "the sealed file ends too early");
  };
}

function openHeader(header: Uint8Array, key: Uint8Array): Opener {
  const opened = createOpener(header, key, nativeAead);
  switch (opened) {
    case "bad-header":
      throw new BundleError("DIKAST_BUNDLE_NOT_SEALED", "is no sealed file of version 1");
    case "wrong-key":
      throw new BundleError(
        "DIKAST_BUNDLE_WRONG_KEY",
        "the key does not open this file, or its first bytes are damaged",
      );
    default:
      return typeof opened === "string" ? unreachable(opened) : opened;
  }
}

function inChunks(source: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncGenerator<Uint8Array> {
  return inRuns(source, () => chunkBytes);
}

/** Cuts a stream into runs of the lengths that `wanted` tells before each run; the last one may be shorter. A length of 0 ends it. */
async function* inRuns(source: AsyncIterable<Uint8Array>, wanted: () => number): AsyncGenerator<Uint8Array> {
  let run = new Uint8Array(wanted());
  let filled = 0;
  for await (const piece of source) {
    for (let offset = 0; offset < piece.length; ) {
      if (run.length === 0) throw new BundleError("DIKAST_BUNDLE_DAMAGED", "the sealed file goes on after its end");
      const part = piece.subarray(offset, offset + run.length - filled);
      run.set(part, filled);
      filled += part.length;
      offset += part.length;
      if (filled < run.length) continue;
      yield run;
      run = new Uint8Array(wanted());
      filled = 0;
    }
  }
  if (filled > 0) yield run.subarray(0, filled);
}
