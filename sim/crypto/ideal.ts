/**
 * Ideal signatures: a keyed tag in place of elliptic curves, some hundred times faster. Unforgeable by construction
 * within one world: tags are made only by the signers handed out, and whoever holds none for an identity has no way to
 * its key. Ids look like real ones, so that every codec accepts them.
 */
import {
  equalBytes,
  Given,
  type NodeId,
  nodeIdOfPublicKey,
  SIGNATURE_BYTES,
  type Signer,
  type Verifier,
} from "../../src/model/index.ts";
import { Randomness } from "../engine/random.ts";

export interface IdealKeys {
  readonly verifier: Verifier;
  /** The same index always has the same identity. */
  readonly signer: (index: number) => Signer;
}

interface Key {
  readonly k0: number;
  readonly k1: number;
}

/** Which signatures were made by a signer: those need not be made again to be checked. */
class Minted extends Given {
  #digest: Uint8Array;
  #key: Key;

  constructor(signature: Uint8Array, digest: Uint8Array, key: Key) {
    super(signature);
    this.#digest = digest;
    this.#key = key;
  }

  static isOf(signature: Uint8Array, digest: Uint8Array, key: Key): boolean {
    if (!(#key in signature)) return false;
    const minted = signature as unknown as Minted;
    return minted.#key === key && (minted.#digest === digest || equalBytes(minted.#digest, digest));
  }

  static note(signature: Uint8Array, digest: Uint8Array, key: Key): void {
    void new Minted(signature, digest, key);
  }
}

export function idealKeys(seed: number): IdealKeys {
  const randomness = new Randomness(seed);
  const keys = new Map<NodeId, Key>();
  const signers = new Map<number, Signer>();
  return {
    verifier: {
      isCheap: true,
      verify(digest, signature, signer) {
        const key = keys.get(signer);
        if (key === undefined || signature.length !== SIGNATURE_BYTES) return false;
        if (Minted.isOf(signature, digest, key)) return true;
        return equalBytes(signature, mix(key.k0, key.k1, digest, new Uint8Array(SIGNATURE_BYTES)));
      },
    },
    signer(index) {
      const known = signers.get(index);
      if (known !== undefined) return known;
      const random = randomness.stream(index, "ideal-key");
      const key: Key = { k0: random.integer(2 ** 32) | 0, k1: random.integer(2 ** 32) | 0 };
      const publicKey = random.bytes(33);
      publicKey[0] = 2 + ((publicKey[0] as number) & 1);
      const signer: Signer = {
        id: nodeIdOfPublicKey(publicKey),
        sign(digest) {
          const signature = mix(key.k0, key.k1, digest, new Uint8Array(SIGNATURE_BYTES));
          Minted.note(signature, digest, key);
          return signature;
        },
      };
      keys.set(signer.id, key);
      signers.set(index, signer);
      return signer;
    },
  };
}

const DIGEST_BYTES = 32;

/** In place of SHA-256 where only ideal signatures look at it: 128 bits that depend on every byte. */
export function idealDigest(domain: Uint8Array, body: Uint8Array): Uint8Array {
  const seeds = Seeds.of(domain);
  return mix(seeds.first, seeds.second, body, new Uint8Array(DIGEST_BYTES));
}

/** What a domain comes to, kept on it. */
class Seeds extends Given {
  #seeds: { readonly first: number; readonly second: number };

  constructor(domain: Uint8Array) {
    super(domain);
    const mixed = mix(0x243f6a88, 0x85a308d3, domain, new Uint8Array(DIGEST_BYTES));
    this.#seeds = { first: word(mixed, 0), second: word(mixed, 4) };
  }

  static of(domain: Uint8Array): { readonly first: number; readonly second: number } {
    return (#seeds in domain ? (domain as unknown as Seeds) : new Seeds(domain)).#seeds;
  }
}

/** MurmurHash3_x86_128 (Appleby) with two seeds, into the first 16 bytes of `out`; the rest stays as it is. */
function mix(seed0: number, seed1: number, bytes: Uint8Array, out: Uint8Array): Uint8Array {
  const { length } = bytes;
  let h1 = seed0 ^ length;
  let h2 = seed1 ^ length;
  let h3 = (seed0 + 0x13198a2e) | 0;
  let h4 = (seed1 + 0x03707344) | 0;
  let offset = 0;
  for (; offset + 16 <= length; offset += 16) {
    h1 = (lane(h1, whole(bytes, offset), 0x239b961b, 0xab0e9789) + h2) | 0;
    h2 = (lane(h2, whole(bytes, offset + 4), 0xab0e9789, 0x38b34ae5) + h3) | 0;
    h3 = (lane(h3, whole(bytes, offset + 8), 0x38b34ae5, 0xa1e38b93) + h4) | 0;
    h4 = (lane(h4, whole(bytes, offset + 12), 0xa1e38b93, 0x239b961b) + h1) | 0;
  }
  if (offset < length) {
    h1 = (lane(h1, word(bytes, offset), 0x239b961b, 0xab0e9789) + h2) | 0;
    h2 = (lane(h2, word(bytes, offset + 4), 0xab0e9789, 0x38b34ae5) + h3) | 0;
    h3 = (lane(h3, word(bytes, offset + 8), 0x38b34ae5, 0xa1e38b93) + h4) | 0;
    h4 = (lane(h4, word(bytes, offset + 12), 0xa1e38b93, 0x239b961b) + h1) | 0;
  }
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalize(h1);
  h2 = finalize(h2);
  h3 = finalize(h3);
  h4 = finalize(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  put(out, 0, h1);
  put(out, 4, h2 + h1);
  put(out, 8, h3 + h1);
  put(out, 12, h4 + h1);
  return out;
}

function lane(h: number, input: number, c1: number, c2: number): number {
  const k = Math.imul(input, c1);
  const mixed = h ^ Math.imul((k << 15) | (k >>> 17), c2);
  return (Math.imul((mixed << 19) | (mixed >>> 13), 5) + 0x561ccd1b) | 0;
}

function finalize(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Four bytes that are there, little-endian. */
function whole(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset] as number) |
    ((bytes[offset + 1] as number) << 8) |
    ((bytes[offset + 2] as number) << 16) |
    ((bytes[offset + 3] as number) << 24)
  );
}

/** Little-endian; zeros beyond the end, which the length mixed in tells apart from real ones. */
function word(bytes: Uint8Array, offset: number): number {
  let value = 0;
  for (let index = offset; index < offset + 4 && index < bytes.length; index += 1) {
    value |= (bytes[index] as number) << ((index - offset) * 8);
  }
  return value;
}

function put(out: Uint8Array, offset: number, value: number): void {
  out[offset] = value;
  out[offset + 1] = value >>> 8;
  out[offset + 2] = value >>> 16;
  out[offset + 3] = value >>> 24;
}
