/**
 * `/dikast/bundle/2`: on one stream a peer asks about one bundle as often as it likes. The first answer carries the index; each answer tells
 * what the peer has, and which of the wanted chunks follow, one frame each.
 */
import { codec } from "../../model/index.ts";
import { BUNDLE_CHUNKS_MAX } from "../network/limits.ts";
import { BUNDLE_INDEX_BYTES_MAX } from "./bundle-files.ts";

export const BUNDLE_PROTOCOL = "/dikast/bundle/2";
/** Chunks sent for one question: 1 MiB. */
export const CHUNKS_PER_ANSWER = 4;
/** Chunks named in one question, for the other side to choose from. */
export const CHUNKS_WANTED_MAX = 64;

export const question = codec.struct({
  bundle: codec.hash,
  /** Whether the answer shall carry the index. */
  index: codec.boolean,
  wanted: codec.list(codec.integer(0, BUNDLE_CHUNKS_MAX), CHUNKS_WANTED_MAX),
  /** Nobody else gave any of them: the other side shall not send this peer to others. */
  insist: codec.boolean,
});
export const QUESTION_BYTES_MAX = 1024;

export const answer = codec.struct({
  /** Empty unless it was asked for. */
  index: codec.bytes(BUNDLE_INDEX_BYTES_MAX),
  /** One bit a chunk, the first one highest; empty: the peer has nothing of this bundle. */
  have: codec.bytes(Math.ceil((BUNDLE_CHUNKS_MAX + 8) / 8)),
  /** Chunks that follow, in this order. */
  chunks: codec.list(codec.integer(0, BUNDLE_CHUNKS_MAX), CHUNKS_PER_ANSWER),
});
export const ANSWER_BYTES_MAX = BUNDLE_INDEX_BYTES_MAX + Math.ceil(BUNDLE_CHUNKS_MAX / 8) + 256;

export function bitsOf(count: number, has: (chunk: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (let chunk = 0; chunk < count; chunk += 1) {
    if (has(chunk)) bits[chunk >> 3] = (bits[chunk >> 3] ?? 0) | (0x80 >> (chunk & 7));
  }
  return bits;
}

export function hasBit(bits: Uint8Array, chunk: number): boolean {
  return ((bits[chunk >> 3] ?? 0) & (0x80 >> (chunk & 7))) !== 0;
}
