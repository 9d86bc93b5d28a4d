/**
 * XChaCha20-Poly1305 by OpenSSL: HChaCha20 of key and the nonce's first 16 bytes gives the key of an ordinary ChaCha20-Poly1305, whose nonce
 * is four zeros and the last 8 bytes (draft-irtf-cfrg-xchacha-03 §2.3). Property-tested against the reference.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { hchacha } from "@noble/ciphers/chacha.js";
import type { Aead } from "../../../sage/sealing/index.ts";

const ALGORITHM = "chacha20-poly1305";
const TAG_BYTES = 16;
/** RFC 8439 §2.3. */
const SIGMA = words(new TextEncoder().encode("expand 32-byte k"));

export const nativeAead: Aead = (key, nonce, aad) => {
  const subkey = subkeyOf(key, nonce.subarray(0, 16));
  const shortNonce = new Uint8Array(12);
  shortNonce.set(nonce.subarray(16), 4);
  return {
    encrypt: (plain) => {
      const cipher = createCipheriv(ALGORITHM, subkey, shortNonce, { authTagLength: TAG_BYTES });
      if (aad !== undefined) cipher.setAAD(aad, { plaintextLength: plain.length });
      const sealed = new Uint8Array(plain.length + TAG_BYTES);
      sealed.set(cipher.update(plain));
      cipher.final();
      sealed.set(cipher.getAuthTag(), plain.length);
      return sealed;
    },
    decrypt: (sealed) => {
      if (sealed.length < TAG_BYTES) throw new RangeError("shorter than a tag");
      const text = sealed.subarray(0, -TAG_BYTES);
      const decipher = createDecipheriv(ALGORITHM, subkey, shortNonce, { authTagLength: TAG_BYTES });
      if (aad !== undefined) decipher.setAAD(aad, { plaintextLength: text.length });
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const plain = new Uint8Array(decipher.update(text));
      decipher.final();
      return plain;
    },
  };
};

/** `hchacha` takes and gives words in the byte order of the bytes they lie on. */
function subkeyOf(key: Uint8Array, prefix: Uint8Array): Uint8Array {
  const subkey = new Uint32Array(8);
  hchacha(SIGMA, words(key), words(prefix), subkey);
  return new Uint8Array(subkey.buffer);
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}
