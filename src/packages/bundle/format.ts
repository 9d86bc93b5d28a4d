/**
 * The bundle format, version 1. One file that holds a folder:
 *
 * | bytes | what |
 * |---|---|
 * | 8 | `DKBUNDL` and the version, 1 |
 * | 4 | length of the index, big-endian |
 * | … | the index: deterministic CBOR (RFC 8949 §4.2) of {@link bundleIndex} |
 * | … | the files, one after the other, in the index' order, nothing between or after them |
 *
 * Files are ordered bytewise by path and carry nothing but path, size and SHA-256, so that equal folders give equal bytes on every
 * machine. The index comes first: whoever unpacks knows every bound before the first file, and the hash of the index is a hash of the
 * whole content.
 */
import { bytes, decode, encode, integer, list, literal, type ShapeOf, struct, text } from "../../model/codec.ts";
import { hashOf } from "../../model/hashing.ts";
import type { Hash } from "../../model/ids.ts";
import { PACKAGE_BYTES_MAX, PACKAGE_FILE_BYTES_MAX, PACKAGE_FILES_MAX } from "../bounds.ts";
import { PATH_CHARACTERS_MAX, pathFault, PathSet } from "../paths.ts";
import { compareNames } from "../tree.ts";
import { BundleError } from "./errors.ts";

const MAGIC = new Uint8Array([0x44, 0x4b, 0x42, 0x55, 0x4e, 0x44, 0x4c, 1]);
/** Magic and length of the index. */
export const PREAMBLE_BYTES = 12;
/** `PACKAGE_FILES_MAX` entries with paths of ordinary length. */
export const INDEX_BYTES_MAX = 8 * 1024 * 1024;

export const bundleEntry = struct({
  /** Relative, `/`-separated, portable (`pathFault`). */
  path: text(PATH_CHARACTERS_MAX),
  size: integer(0, PACKAGE_FILE_BYTES_MAX),
  sha256: bytes(32, 32),
});
export type BundleEntry = ShapeOf<typeof bundleEntry>;

export const bundleIndex = struct({
  version: literal(1),
  files: list(bundleEntry, PACKAGE_FILES_MAX),
});
export type BundleIndex = ShapeOf<typeof bundleIndex>;

/** The bytes before the first file. @throws BundleError if the index breaks a rule of the format. */
export function encodeHead(index: BundleIndex): Uint8Array {
  const fault = indexFault(index);
  if (fault !== undefined) throw new BundleError("DIKAST_BUNDLE_BAD_FILE", fault);
  const body = encode(bundleIndex, index);
  if (body.length > INDEX_BYTES_MAX) {
    throw new BundleError("DIKAST_BUNDLE_TOO_LARGE", `the list of files is longer than ${INDEX_BYTES_MAX} bytes`);
  }
  const head = new Uint8Array(PREAMBLE_BYTES + body.length);
  head.set(MAGIC);
  new DataView(head.buffer).setUint32(MAGIC.length, body.length);
  head.set(body, PREAMBLE_BYTES);
  return head;
}

/** Length of the index that follows the preamble. @throws BundleError if these bytes begin no bundle. */
export function indexLengthOf(preamble: Uint8Array): number {
  if (preamble.length !== PREAMBLE_BYTES || MAGIC.some((byte, index) => preamble[index] !== byte)) {
    throw new BundleError("DIKAST_BUNDLE_BAD_FORMAT", "is no bundle of version 1");
  }
  const length = new DataView(preamble.buffer, preamble.byteOffset).getUint32(MAGIC.length);
  if (length > INDEX_BYTES_MAX)
    throw new BundleError("DIKAST_BUNDLE_TOO_LARGE", `its list of files is longer than ${INDEX_BYTES_MAX} bytes`);
  return length;
}

/** @throws BundleError unless the bytes are a canonical index that keeps every rule. */
export function decodeIndex(body: Uint8Array): BundleIndex {
  const index = decode(bundleIndex, body, INDEX_BYTES_MAX);
  if (index === undefined) throw new BundleError("DIKAST_BUNDLE_BAD_FORMAT", "its list of files is damaged");
  const fault = indexFault(index);
  if (fault !== undefined) throw new BundleError("DIKAST_BUNDLE_BAD_FILE", fault);
  return index;
}

/** Bytes of the files, without the head. */
export function contentBytesOf(index: BundleIndex): number {
  return index.files.reduce((sum, file) => sum + file.size, 0);
}

/** Identifies the content, whatever it is sealed with: the hash of the encoded index. */
export function contentHashOf(index: BundleIndex): Hash {
  return hashOf(encode(bundleIndex, index));
}

function indexFault(index: BundleIndex): string | undefined {
  const taken = new PathSet();
  let previous: string | undefined;
  for (const { path } of index.files) {
    const fault = pathFault(path) ?? taken.add(path);
    if (fault !== undefined) return `the file name "${path}" ${fault}`;
    if (previous !== undefined && compareNames(previous, path) >= 0) return `the file "${path}" is not in order`;
    previous = path;
  }
  const contentBytes = contentBytesOf(index);
  return contentBytes > PACKAGE_BYTES_MAX
    ? `holds ${contentBytes} bytes, more than the ${PACKAGE_BYTES_MAX} that are allowed`
    : undefined;
}
