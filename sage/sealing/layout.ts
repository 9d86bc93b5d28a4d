/**
 * A sealed file: a header of 88 bytes and then the sealed chunks, one after the other.
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 8 | `DKSEAL`, 0, version 1 |
 * | 8 | 4 | plain bytes of a chunk, big-endian |
 * | 12 | 8 | plain bytes of the whole, big-endian |
 * | 20 | 19 | nonce prefix |
 * | 39 | 1 | 0 |
 * | 40 | 32 | key commitment |
 * | 72 | 16 | tag: Poly1305 of nothing but the bytes before it |
 *
 * Every chunk but the last holds the same number of plain bytes, so that its place follows from its index.
 */
import { equalBytes } from "../../src/model/index.ts";

export const SEALED_HEADER_BYTES = 88;
export const HEADER_TAGGED_BYTES = 72;
export const TAG_BYTES = 16;
export const NONCE_PREFIX_BYTES = 19;
export const COMMITMENT_BYTES = 32;

/** One chunk is held in memory at a time; its tag costs 16 bytes. */
export const CHUNK_BYTES_DEFAULT = 256 * 1024;
export const CHUNK_BYTES_MIN = 1024;
export const CHUNK_BYTES_MAX = 4 * 1024 * 1024;
/** Above the largest package (4 GiB) and its index. */
export const PLAIN_BYTES_MAX = 8 * 1024 * 1024 * 1024;

const MAGIC = new Uint8Array([0x44, 0x4b, 0x53, 0x45, 0x41, 0x4c, 0, 1]);

/** What the header says, readable without a key; unchecked until a key has opened it. */
export interface SealedLayout {
  readonly chunkBytes: number;
  readonly plainBytes: number;
  /** At least 1: an empty file has one empty chunk. */
  readonly chunks: number;
  /** Of the whole sealed file. */
  readonly fileBytes: number;
}

export interface HeaderFields {
  readonly chunkBytes: number;
  readonly plainBytes: number;
  readonly noncePrefix: Uint8Array;
  readonly commitment: Uint8Array;
}

export function layoutOf(plainBytes: number, chunkBytes: number): SealedLayout {
  const chunks = Math.max(1, Math.ceil(plainBytes / chunkBytes));
  return { chunkBytes, plainBytes, chunks, fileBytes: SEALED_HEADER_BYTES + plainBytes + chunks * TAG_BYTES };
}

/** Where a chunk lies in the sealed file: `[from, to)`. */
export function sealedChunkRange(layout: SealedLayout, index: number): { readonly from: number; readonly to: number } {
  const from = SEALED_HEADER_BYTES + index * (layout.chunkBytes + TAG_BYTES);
  return { from, to: Math.min(layout.fileBytes, from + layout.chunkBytes + TAG_BYTES) };
}

/** Plain bytes of a chunk. */
export function plainChunkBytes(layout: SealedLayout, index: number): number {
  return Math.min(layout.chunkBytes, layout.plainBytes - index * layout.chunkBytes);
}

/** The header without its tag. */
export function encodeFields(fields: HeaderFields): Uint8Array {
  const header = new Uint8Array(HEADER_TAGGED_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(8, fields.chunkBytes);
  view.setBigUint64(12, BigInt(fields.plainBytes));
  header.set(fields.noncePrefix, 20);
  header.set(fields.commitment, 40);
  return header;
}

/** Undefined unless these are the bytes of a header whose numbers are within their bounds. */
export function decodeFields(header: Uint8Array): HeaderFields | undefined {
  if (header.length !== SEALED_HEADER_BYTES || !equalBytes(header.subarray(0, MAGIC.length), MAGIC)) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const chunkBytes = view.getUint32(8);
  const plainBytes = view.getBigUint64(12);
  if (chunkBytes < CHUNK_BYTES_MIN || chunkBytes > CHUNK_BYTES_MAX || plainBytes > BigInt(PLAIN_BYTES_MAX))
    return undefined;
  if (header[39] !== 0) return undefined;
  return {
    chunkBytes,
    plainBytes: Number(plainBytes),
    noncePrefix: header.slice(20, 20 + NONCE_PREFIX_BYTES),
    commitment: header.slice(40, 40 + COMMITMENT_BYTES),
  };
}

/** What a sealed file promises about itself; for progress and bounds before there is a key. */
export function readSealedLayout(header: Uint8Array): SealedLayout | undefined {
  const fields = decodeFields(header);
  return fields === undefined ? undefined : layoutOf(fields.plainBytes, fields.chunkBytes);
}
