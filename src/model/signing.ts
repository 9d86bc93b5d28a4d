/**
 * Signed messages (protocol.md §1): ECDSA over secp256k1, RFC 6979, low-S, 64 bytes, over
 * `sha256("dikast/1/" ‖ kind ‖ 0x00 ‖ contestId ‖ body)`. Crypto is handed to the machines, so that the simulator can
 * replace it and a faster verifier can stand in.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as secp from "@noble/secp256k1";
import { concat, fromHex } from "./bytes.ts";
import { bytes, decode, encode, nodeId, type ShapeOf, struct, text } from "./codec.ts";
import { type ContestId, type NodeId, nodeIdOfPublicKey, publicKeyOf } from "./ids.ts";

secp.hashes.sha256 = sha256;
secp.hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

export const SIGNATURE_BYTES = 64;
/** The largest message of any kind: a block of many entries with sources. Kinds have smaller bounds of their own. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

export const signedMessage = struct({
  /** `[a-z-]`, the signature's domain. */
  kind: text(40, /^[a-z][a-z-]*$/),
  signer: nodeId,
  /** Deterministic CBOR of the kind's shape. */
  body: bytes(MESSAGE_BYTES_MAX),
  signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES),
});
export type SignedMessage = ShapeOf<typeof signedMessage>;

export function encodeMessage(message: SignedMessage): Uint8Array {
  return encode(signedMessage, message);
}

/** Undefined when malformed or larger than `bytesMax`; the signature is not checked here. */
export function decodeMessage(encoded: Uint8Array, bytesMax = MESSAGE_BYTES_MAX): SignedMessage | undefined {
  return decode(signedMessage, encoded, bytesMax);
}

/** The public half: what everybody can do. */
export interface Verifier {
  /** Never throws; false for anything that is not a valid low-S signature of `signer`. */
  verify(digest: Uint8Array, signature: Uint8Array, signer: NodeId): boolean;
}

/** A node's own key. */
export interface Signer {
  readonly id: NodeId;
  sign(digest: Uint8Array): Uint8Array;
}

/** Messages that belong to no contest yet (the manifest itself) are signed under 32 zero bytes. */
const NO_CONTEST = "0".repeat(64);

/** Domains in use: kinds × contests of one process, a few dozen. Bounded: it is emptied when full. */
const DOMAINS_MAX = 1000;
const domains = new Map<string, Uint8Array>();

function domainOf(kind: string, contest: ContestId | undefined): Uint8Array {
  const name = `${kind}/${contest ?? NO_CONTEST}`;
  const known = domains.get(name);
  if (known !== undefined) return known;
  const domain = concat(new TextEncoder().encode(`dikast/1/${kind}\0`), fromHex(contest ?? NO_CONTEST));
  if (domains.size >= DOMAINS_MAX) domains.clear();
  domains.set(name, domain);
  return domain;
}

export function signingDigest(kind: string, contest: ContestId | undefined, body: Uint8Array): Uint8Array {
  return sha256(concat(domainOf(kind, contest), body));
}

/** A message is hashed once, though it be signed, checked, gossiped and checked again: it never changes. */
const digests = new WeakMap<SignedMessage, { readonly contest: ContestId | undefined; readonly digest: Uint8Array }>();

function digestOf(contest: ContestId | undefined, message: SignedMessage): Uint8Array {
  const known = digests.get(message);
  if (known !== undefined && known.contest === contest) return known.digest;
  const digest = signingDigest(message.kind, contest, message.body);
  digests.set(message, { contest, digest });
  return digest;
}

export function signMessage(
  signer: Signer,
  contest: ContestId | undefined,
  kind: string,
  body: Uint8Array,
): SignedMessage {
  const digest = signingDigest(kind, contest, body);
  const message: SignedMessage = { kind, signer: signer.id, body, signature: signer.sign(digest) };
  digests.set(message, { contest, digest });
  return message;
}

export function verifyMessage(verifier: Verifier, contest: ContestId | undefined, message: SignedMessage): boolean {
  return verifier.verify(digestOf(contest, message), message.signature, message.signer);
}

/** The reference implementation; every faster one accepts and rejects exactly what this does. */
export const nobleVerifier: Verifier = {
  verify(digest, signature, signer) {
    try {
      return secp.verify(signature, digest, publicKeyOf(signer), { prehash: false, lowS: true, format: "compact" });
    } catch {
      return false;
    }
  },
};

/** @throws RangeError unless the secret key is 32 bytes in the group's range. */
export function nobleSigner(secretKey: Uint8Array): Signer {
  if (!secp.utils.isValidSecretKey(secretKey)) throw new RangeError("not a secp256k1 secret key");
  const id = nodeIdOfPublicKey(secp.getPublicKey(secretKey, true));
  return {
    id,
    sign: (digest) => secp.sign(digest, secretKey, { prehash: false, lowS: true, format: "compact" }),
  };
}
