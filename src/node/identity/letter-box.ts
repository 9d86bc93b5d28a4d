/**
 * Sealed letters: words for a few readers in a log that everybody has. A random key seals the text; for each reader it is
 * wrapped with a Diffie-Hellman key of a one-time key and the reader's own (ECIES over secp256k1). Who sealed it is known by
 * the signature of the message around it.
 *
 * Layout: version 1 ‖ one-time public key (33) ‖ readers (1) ‖ per reader: tag (8), wrapped key (48) ‖ sealed text.
 */
import { randomBytes } from "node:crypto";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as secp from "@noble/secp256k1";
import type { LetterBox } from "../../../sessions/index.ts";
import { concat, equalBytes, type NodeId, publicKeyOf } from "../../model/index.ts";

const VERSION = 1;
const KEY_BYTES = 32;
const PUBLIC_BYTES = 33;
const TAG_BYTES = 8;
const WRAPPED_BYTES = KEY_BYTES + 16;
const READERS_MAX = 40;
const PLAIN_BYTES_MAX = 16 * 1024;
const HEAD_BYTES = 1 + PUBLIC_BYTES + 1;
/** Every key seals once only. */
const NONCE = new Uint8Array(24);

/** @throws RangeError when sealing more than the protocol allows. */
export function letterBox(secretKey: Uint8Array): LetterBox {
  const ownPublic = secp.getPublicKey(secretKey, true);
  return {
    seal: (readers, plain) => seal(readers, plain),
    open(box) {
      const parsed = parse(box);
      if (parsed === undefined) return undefined;
      const { oneTime, wrapped, head, sealed } = parsed;
      try {
        const found = wrapped.find(({ tag }) => equalBytes(tag, tagOf(oneTime, ownPublic)));
        if (found === undefined) return undefined;
        const wrapping = wrappingKey(oneTime, ownPublic, secp.getSharedSecret(secretKey, oneTime, true));
        const key = xchacha20poly1305(wrapping, NONCE).decrypt(found.key);
        return xchacha20poly1305(key, NONCE, head).decrypt(sealed);
      } catch {
        return undefined; // Not for us after all, damaged, or no point of the curve.
      }
    },
  };
}

function seal(readers: readonly NodeId[], plain: Uint8Array): Uint8Array {
  if (readers.length > READERS_MAX || plain.length > PLAIN_BYTES_MAX) throw new RangeError("too much to seal");
  const oneTimeSecret = secp.utils.randomSecretKey();
  const oneTime = secp.getPublicKey(oneTimeSecret, true);
  const key = new Uint8Array(randomBytes(KEY_BYTES));
  const wrapped = readers.map((reader) => {
    const readerPublic = publicKeyOf(reader);
    const wrapping = wrappingKey(oneTime, readerPublic, secp.getSharedSecret(oneTimeSecret, readerPublic, true));
    return concat(tagOf(oneTime, readerPublic), xchacha20poly1305(wrapping, NONCE).encrypt(key));
  });
  const head = concat(Uint8Array.of(VERSION), oneTime, Uint8Array.of(readers.length), ...wrapped);
  return concat(head, xchacha20poly1305(key, NONCE, head).encrypt(plain));
}

function parse(box: Uint8Array) {
  const readers = box[HEAD_BYTES - 1];
  if (box[0] !== VERSION || readers === undefined || readers > READERS_MAX) return undefined;
  const headBytes = HEAD_BYTES + readers * (TAG_BYTES + WRAPPED_BYTES);
  if (box.length < headBytes) return undefined;
  const wrapped = Array.from({ length: readers }, (_, index) => {
    const from = HEAD_BYTES + index * (TAG_BYTES + WRAPPED_BYTES);
    return {
      tag: box.subarray(from, from + TAG_BYTES),
      key: box.subarray(from + TAG_BYTES, from + TAG_BYTES + WRAPPED_BYTES),
    };
  });
  return {
    oneTime: box.subarray(1, 1 + PUBLIC_BYTES),
    wrapped,
    head: box.subarray(0, headBytes),
    sealed: box.subarray(headBytes),
  };
}

/** Tells a reader which wrapped key is its own. */
function tagOf(oneTime: Uint8Array, reader: Uint8Array): Uint8Array {
  return sha256(concat(domain("tag"), oneTime, reader)).subarray(0, TAG_BYTES);
}

function wrappingKey(oneTime: Uint8Array, reader: Uint8Array, shared: Uint8Array): Uint8Array {
  return sha256(concat(domain("key"), oneTime, reader, shared));
}

function domain(of: string): Uint8Array {
  return new TextEncoder().encode(`dikast/1/letter-${of}\0`);
}
