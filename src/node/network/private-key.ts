/**
 * The node's key as libp2p wants it. libp2p's own class computes everything with noble; this one signs with the native
 * binding, which every connection does twice (Noise handshake, identify record).
 */
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PrivateKey, Secp256k1PublicKey } from "@libp2p/interface";
import { concat, equalBytes, publicKeyOf, sha256 } from "../../model/index.ts";
import { fastSigner } from "../identity/index.ts";

/** @throws RangeError unless the secret key is 32 bytes in the group's range. */
export function libp2pPrivateKey(secretKey: Uint8Array): PrivateKey {
  const signer = fastSigner(secretKey);
  return {
    type: "secp256k1",
    raw: secretKey,
    publicKey: publicKeyFromRaw(publicKeyOf(signer.id)) as Secp256k1PublicKey,
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
