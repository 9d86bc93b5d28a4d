/**
 * Ideal signatures: a keyed tag in place of elliptic curves, some hundred times faster. Unforgeable by construction
 * within one world: tags are made only by the signers handed out, and whoever holds none for an identity has no way to
 * its key. Ids look like real ones, so that every codec accepts them.
 */
import { type NodeId, nodeIdOfPublicKey, SIGNATURE_BYTES, type Signer, type Verifier } from "../../src/model/index.ts";
import { Randomness, threefry } from "../engine/random.ts";

export interface IdealKeys {
  readonly verifier: Verifier;
  /** The same index always has the same identity. */
  readonly signer: (index: number) => Signer;
}

interface Key {
  readonly k0: number;
  readonly k1: number;
}

export function idealKeys(seed: number): IdealKeys {
  const randomness = new Randomness(seed);
  const keys = new Map<NodeId, Key>();
  const signers = new Map<number, Signer>();
  const expected = new Uint8Array(SIGNATURE_BYTES);
  return {
    verifier: {
      verify(digest, signature, signer) {
        const key = keys.get(signer);
        if (key === undefined || signature.length !== SIGNATURE_BYTES) return false;
        tag(key, digest, expected);
        for (let index = 0; index < SIGNATURE_BYTES; index += 1) {
          if (signature[index] !== expected[index]) return false;
        }
        return true;
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
          const signature = new Uint8Array(SIGNATURE_BYTES);
          tag(key, digest, signature);
          return signature;
        },
      };
      keys.set(signer.id, key);
      signers.set(index, signer);
      return signer;
    },
  };
}

const block = new Uint32Array(2);

/** 128 bits that depend on all of the digest and the key, the rest zero. */
function tag(key: Key, digest: Uint8Array, out: Uint8Array): void {
  out.fill(0);
  for (let lane = 0; lane < 2; lane += 1) {
    let c0 = lane;
    let c1 = digest.length;
    for (let offset = 0; offset < digest.length; offset += 8) {
      threefry(key.k0, key.k1, c0 ^ word(digest, offset), c1 ^ word(digest, offset + 4), block);
      c0 = block[0] as number;
      c1 = block[1] as number;
    }
    for (let byte = 0; byte < 4; byte += 1) {
      out[lane * 8 + byte] = c0 >>> (byte * 8);
      out[lane * 8 + 4 + byte] = c1 >>> (byte * 8);
    }
  }
}

function word(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] ?? 0) |
      ((bytes[offset + 1] ?? 0) << 8) |
      ((bytes[offset + 2] ?? 0) << 16) |
      ((bytes[offset + 3] ?? 0) << 24)) >>>
    0
  );
}
