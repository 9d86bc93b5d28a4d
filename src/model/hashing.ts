/** SHA-256, the only hash of the protocol. */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./bytes.ts";
import type { Hash } from "./ids.ts";

export { sha256 };

/** Of short texts making the hasher is half of the work: one is kept, and begun anew from one that has read nothing. */
const SHORT_BYTES = 1024;
const unread = sha256.create();
const hasher = sha256.create();
const digest = new Uint8Array(32);

export function hashOf(bytes: Uint8Array): Hash {
  if (bytes.length > SHORT_BYTES) return toHex(sha256(bytes)) as Hash;
  unread._cloneInto(hasher).update(bytes).digestInto(digest);
  return toHex(digest) as Hash;
}

/** Lots are drawn from the same few texts again and again. Bounded: emptied when full. */
const TEXTS_MAX = 4096;
const TEXT_LENGTH_MAX = 300;
const texts = new Map<string, Hash>();
const encoder = new TextEncoder();

/** Of its UTF-8. */
export function hashOfText(text: string): Hash {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const hash = hashOf(encoder.encode(text));
  if (text.length > TEXT_LENGTH_MAX) return hash;
  if (texts.size >= TEXTS_MAX) texts.clear();
  texts.set(text, hash);
  return hash;
}
