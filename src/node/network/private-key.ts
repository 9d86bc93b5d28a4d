/**
 * Keys as libp2p wants them. libp2p's own classes compute everything with noble; here they sign and verify with the
 * native binding, which every connection does twice (Noise handshake, identify record): a stranger who opens
 * connections costs a tenth of a millisecond instead of several, and ten nodes that start together are ready sooner.
 */
import { hash } from "node:crypto";
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PrivateKey, Secp256k1PublicKey } from "@libp2p/interface";
import { concat, equalBytes, publicKeyOf, sha256 } from "../../model/index.ts";
import { fastSigner, nativeVerify } from "../identity/index.ts";

/** @throws RangeError unless the secret key is 32 bytes in the group's range. */
export function libp2pPrivateKey(secretKey: Uint8Array): PrivateKey {
  const signer = fastSigner(secretKey);
  const publicKey = publicKeyFromRaw(publicKeyOf(signer.id)) as Secp256k1PublicKey;
  verifyNatively(Object.getPrototypeOf(publicKey) as Secp256k1PublicKey);
  return {
    type: "secp256k1",
    raw: secretKey,
    publicKey,
    equals: (other) => other?.raw instanceof Uint8Array && equalBytes(other.raw, secretKey),
    sign: (data) => derOf(signer.sign(sha256(data instanceof Uint8Array ? data : data.subarray()))),
  };
}

/** A 64-byte signature as libp2p exchanges them: DER (libp2p peer-ids specification, "Secp256k1"). */
function derOf(signature: Uint8Array): Uint8Array {
  const parts = concat(derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32)));
  return concat(new Uint8Array([0x30, parts.length]), parts);
}

/** Minimal: no leading zeros but the one that keeps it positive. */
function derInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? new Uint8Array([0]) : bytes.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? new Uint8Array([0]) : new Uint8Array();
  return concat(new Uint8Array([2, sign.length + digits.length]), sign, digits);
}

const native = new WeakSet<Secp256k1PublicKey>();

/**
 * Lets all secp256k1 keys of libp2p verify with the native binding: libp2p makes the keys of others itself and takes no
 * other implementation. What is not plainly a signature is left to libp2p's own judgement.
 */
function verifyNatively(prototype: Secp256k1PublicKey): void {
  const verify = nativeVerify;
  if (verify === undefined || native.has(prototype)) return;
  native.add(prototype);
  // oxlint-disable-next-line unbound-method -- called with its own `this` below.
  const original = prototype.verify;
  prototype.verify = function (this: Secp256k1PublicKey, data, der, options) {
    const signature = compactOf(der);
    if (signature === undefined || this.raw.length !== 33) return original.call(this, data, der, options);
    options?.signal?.throwIfAborted();
    return verify(hash("sha256", data instanceof Uint8Array ? data : data.subarray(), "buffer"), signature, this.raw);
  };
}

/** Inverse of `derOf`: r and s, 64 bytes; undefined unless it is exactly what `derOf` makes. */
function compactOf(der: Uint8Array): Uint8Array | undefined {
  if (der.length > 72) return undefined;
  const signature = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const digits = der.subarray(at + 2, at + 2 + length);
    const value = digits[0] === 0 ? digits.subarray(1) : digits;
    if (value.length > 32) return undefined;
    signature.set(value, end - value.length);
    at += 2 + length;
  }
  return equalBytes(derOf(signature), der) ? signature : undefined;
}
