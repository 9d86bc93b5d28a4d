/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) over chunks in the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, "Online
 * Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015, §7. The nonce of a chunk is
 * `prefix (19) ‖ index (4, big-endian) ‖ last (1)`: no chunk can be moved, dropped, repeated or cut off unnoticed.
 *
 * Two additions. The prefix is derived from key and content, so that packing a corrected package with the same key never uses a nonce for
 * two texts. And the header commits to the key: without that, one sealed file could be made to open to different tests under different keys
 * (Albertini et al., "How to Abuse and Fix Authenticated Encryption Without Key Commitment", USENIX Security 2022), and a dishonest
 * organizer could hand different tests to different nodes.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equalBytes, invariant } from "../../src/model/index.ts";
import {
  CHUNK_BYTES_DEFAULT,
  CHUNK_BYTES_MAX,
  CHUNK_BYTES_MIN,
  decodeFields,
  encodeFields,
  HEADER_TAGGED_BYTES,
  layoutOf,
  NONCE_PREFIX_BYTES,
  PLAIN_BYTES_MAX,
  plainChunkBytes,
  type SealedLayout,
  TAG_BYTES,
} from "./layout.ts";

export const SEALING_KEY_BYTES = 32;
const NONCE_BYTES = 24;
/** The header's own tag: an index that no chunk has (`PLAIN_BYTES_MAX / CHUNK_BYTES_MIN` chunks at most). */
const HEADER_INDEX = 0xffff_ffff;

const utf8 = new TextEncoder();
const PREFIX_DOMAIN = utf8.encode("dikast/1/sealing/nonce\0");
const COMMITMENT_DOMAIN = utf8.encode("dikast/1/sealing/key\0");

/** XChaCha20-Poly1305: 32-byte key, 24-byte nonce, 16-byte tag behind the text. `decrypt` throws where the tag does not fit. */
export type Aead = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad?: Uint8Array,
) => { readonly encrypt: (plain: Uint8Array) => Uint8Array; readonly decrypt: (sealed: Uint8Array) => Uint8Array };

export interface SealerOptions {
  /** 32 random bytes, used for this one thing. */
  readonly key: Uint8Array;
  readonly plainBytes: number;
  /** SHA-256 (32 bytes) that changes whenever the plain text does. */
  readonly contentHash: Uint8Array;
  /** 1 KiB to 4 MiB. */
  readonly chunkBytes?: number;
  /** A faster implementation; the default is the reference. */
  readonly aead?: Aead;
}

export interface Sealer {
  readonly layout: SealedLayout;
  /** Comes before the first chunk. */
  readonly header: Uint8Array;
  /** Chunk `index` of the plain text; all but the last hold `layout.chunkBytes` bytes. Equal arguments give equal bytes. */
  readonly seal: (index: number, plain: Uint8Array) => Uint8Array;
}

export interface Opener {
  readonly layout: SealedLayout;
  /** The plain chunk, or undefined unless it is exactly the one that was sealed at this index. */
  readonly open: (index: number, sealed: Uint8Array) => Uint8Array | undefined;
}

export type OpenFault =
  /** No sealed file of this version. */
  | "bad-header"
  /** The header is one, but of another key, or it was altered. */
  | "wrong-key";

/** @throws InvariantError when the options are out of bounds. */
export function createSealer(options: SealerOptions): Sealer {
  const { key, plainBytes, contentHash, chunkBytes = CHUNK_BYTES_DEFAULT, aead = xchacha20poly1305 } = options;
  invariant(key.length === SEALING_KEY_BYTES, "a sealing key has 32 bytes");
  invariant(contentHash.length === 32, "a content hash has 32 bytes");
  invariant(
    Number.isSafeInteger(chunkBytes) && chunkBytes >= CHUNK_BYTES_MIN && chunkBytes <= CHUNK_BYTES_MAX,
    "chunkBytes",
  );
  invariant(Number.isSafeInteger(plainBytes) && plainBytes >= 0 && plainBytes <= PLAIN_BYTES_MAX, "plainBytes");
  const layout = layoutOf(plainBytes, chunkBytes);
  const size = new Uint8Array(12);
  new DataView(size.buffer).setUint32(0, chunkBytes);
  new DataView(size.buffer).setBigUint64(4, BigInt(plainBytes));
  const noncePrefix = hmac(sha256, key, concat(PREFIX_DOMAIN, contentHash, size)).slice(0, NONCE_PREFIX_BYTES);
  const fields = encodeFields({ chunkBytes, plainBytes, noncePrefix, commitment: commitmentOf(key, noncePrefix) });
  const tag = aead(key, nonceOf(noncePrefix, HEADER_INDEX, true), fields).encrypt(new Uint8Array());
  return {
    layout,
    header: concat(fields, tag),
    seal: (index, plain) => {
      invariant(index >= 0 && index < layout.chunks, "no such chunk");
      invariant(plain.length === plainChunkBytes(layout, index), "a chunk of the wrong length");
      return aead(key, nonceOf(noncePrefix, index, index === layout.chunks - 1)).encrypt(plain);
    },
  };
}

/** The header decides whether a key is the right one, before any chunk is read. */
export function createOpener(header: Uint8Array, key: Uint8Array, aead: Aead = xchacha20poly1305): Opener | OpenFault {
  const fields = decodeFields(header);
  if (fields === undefined) return "bad-header";
  const { noncePrefix } = fields;
  if (key.length !== SEALING_KEY_BYTES || !equalBytes(commitmentOf(key, noncePrefix), fields.commitment))
    return "wrong-key";
  const tagged = header.subarray(0, HEADER_TAGGED_BYTES);
  const tag = header.subarray(HEADER_TAGGED_BYTES);
  if (decrypt(aead, key, nonceOf(noncePrefix, HEADER_INDEX, true), tag, tagged) === undefined) return "wrong-key";
  const layout = layoutOf(fields.plainBytes, fields.chunkBytes);
  return {
    layout,
    open: (index, sealed) => {
      if (index < 0 || index >= layout.chunks || sealed.length !== plainChunkBytes(layout, index) + TAG_BYTES)
        return undefined;
      return decrypt(aead, key, nonceOf(noncePrefix, index, index === layout.chunks - 1), sealed);
    },
  };
}

function decrypt(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad?: Uint8Array,
): Uint8Array | undefined {
  try {
    return aead(key, nonce, aad).decrypt(sealed);
  } catch {
    return undefined;
  }
}

function commitmentOf(key: Uint8Array, noncePrefix: Uint8Array): Uint8Array {
  return hmac(sha256, key, concat(COMMITMENT_DOMAIN, noncePrefix));
}

function nonceOf(prefix: Uint8Array, index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(NONCE_PREFIX_BYTES, index);
  nonce[NONCE_BYTES - 1] = last ? 1 : 0;
  return nonce;
}
