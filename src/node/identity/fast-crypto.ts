/**
 * Signatures by libsecp256k1 (the prebuilt native binding of the package `secp256k1`; 50 times faster than noble), where
 * the binding loads; noble otherwise. Accepts and rejects exactly what noble does (property-tested). The package's own
 * JavaScript fallback is never used.
 */
import { createRequire } from "node:module";
import {
  type NodeId,
  nobleSigner,
  nobleVerifier,
  nodeIdOfPublicKey,
  publicKeyOf,
  type Signer,
  type Verifier,
} from "../../model/index.ts";

interface Binding {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  ecdsaSign(digest: Uint8Array, secretKey: Uint8Array): { readonly signature: Uint8Array };
  privateKeyVerify(secretKey: Uint8Array): boolean;
  publicKeyCreate(secretKey: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyConvert(publicKey: Uint8Array, compressed: boolean): Uint8Array;
}

function loadBinding(): Binding | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as Binding;
  } catch {
    return undefined; // No prebuilt binary for this platform.
  }
}

const binding = loadBinding();

/** Whether the native binding is in use. */
export const hasNativeCrypto = binding !== undefined;

/**
 * Verifies with the native binding; undefined where it does not load. Digest: 32 bytes; signature: r and s, 64 bytes;
 * public key: compressed, 33 bytes.
 */
export const nativeVerify: ((digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean) | undefined =
  binding === undefined
    ? undefined
    : (digest, signature, publicKey) => {
        try {
          return binding.ecdsaVerify(signature, digest, publicKey);
        } catch {
          return false; // r or s beyond the group's order, or no point of the curve.
        }
      };

/** A square root is a twentieth of a verification, and the same few nodes sign again and again. Bounded: emptied when full. */
const POINTS_CACHED_MAX = 10_000;
const points = new Map<NodeId, Uint8Array>();

/** The whole point of an id, 65 bytes; undefined when it is none of the curve. */
function pointOf(id: NodeId): Uint8Array | undefined {
  const known = points.get(id);
  if (known !== undefined) return known;
  try {
    const point = binding?.publicKeyConvert(publicKeyOf(id), false);
    if (point === undefined) return undefined;
    if (points.size >= POINTS_CACHED_MAX) points.clear();
    points.set(id, point);
    return point;
  } catch {
    return undefined;
  }
}

export const fastVerifier: Verifier =
  nativeVerify === undefined
    ? nobleVerifier
    : {
        verify(digest: Uint8Array, signature: Uint8Array, signer: NodeId): boolean {
          // The library handles the protocol's sizes only and throws on others.
          if (digest.length !== 32) return nobleVerifier.verify(digest, signature, signer);
          if (signature.length !== 64) return false;
          const point = pointOf(signer);
          return point !== undefined && nativeVerify(digest, signature, point);
        },
      };

/** RFC 6979 and low-S on both ways, so both make the same signature. @throws RangeError as `nobleSigner`. */
export function fastSigner(secretKey: Uint8Array): Signer {
  if (binding === undefined || secretKey.length !== 32) return nobleSigner(secretKey);
  if (!binding.privateKeyVerify(secretKey)) throw new RangeError("not a secp256k1 secret key");
  const key = new Uint8Array(secretKey);
  return {
    id: nodeIdOfPublicKey(binding.publicKeyCreate(key, true)),
    // The library signs digests of the protocol's size only.
    sign: (digest) => (digest.length === 32 ? binding.ecdsaSign(digest, key).signature : nobleSigner(key).sign(digest)),
  };
}
