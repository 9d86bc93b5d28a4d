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
import { Given } from "./memo.ts";

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
  /** Checking costs less than remembering what was checked. */
  readonly isCheap?: true;
}

/** A node's own key. */
export interface Signer {
  readonly id: NodeId;
  sign(digest: Uint8Array): Uint8Array;
}

/** Messages that belong to no contest yet (the manifest itself) are signed under 32 zero bytes. */
const NO_CONTEST = "0".repeat(64);

/** Domains in use: contests of one process, and kinds of messages, a few dozen. Bounded: emptied when full. */
const DOMAINS_MAX = 100;
const domains = new Map<string, Map<string, Uint8Array>>();

/** Of the contest that was asked about last: it is seldom another one. */
let lastContest = "";
let lastKinds: Map<string, Uint8Array> | undefined;

function domainOf(kind: string, contest: string): Uint8Array {
  if (contest !== lastContest) {
    lastKinds = domains.get(contest);
    if (lastKinds !== undefined) lastContest = contest;
  }
  return lastKinds?.get(kind) ?? newDomain(kind, contest);
}

function newDomain(kind: string, contest: string): Uint8Array {
  const domain = concat(new TextEncoder().encode(`dikast/1/${kind}\0`), fromHex(contest));
  let kinds = domains.get(contest);
  if (kinds === undefined || kinds.size >= DOMAINS_MAX) {
    if (domains.size >= DOMAINS_MAX) domains.clear();
    domains.set(contest, (kinds = new Map()));
    lastContest = "";
  }
  kinds.set(kind, domain);
  return domain;
}

/** Longer bodies are joined to their domain in memory of their own. */
const JOINED_BYTES_MAX = 8192;
const joined = new Uint8Array(JOINED_BYTES_MAX);
let idealized: ((domain: Uint8Array, body: Uint8Array) => Uint8Array) | undefined;

export function signingDigest(kind: string, contest: ContestId | undefined, body: Uint8Array): Uint8Array {
  const domain = domainOf(kind, contest ?? NO_CONTEST);
  if (idealized !== undefined) return idealized(domain, body);
  const length = domain.length + body.length;
  if (length > JOINED_BYTES_MAX) return sha256(concat(domain, body));
  joined.set(domain);
  joined.set(body, domain.length);
  return sha256(joined.subarray(0, length));
}

/**
 * What signatures sign, for simulators with ideal signatures: `digest` gives 32 bytes that depend on both; the same domain is
 * the same object almost always. Back to SHA-256 with undefined.
 */
export function useSigningDigest(digest: ((domain: Uint8Array, body: Uint8Array) => Uint8Array) | undefined): void {
  idealized = digest;
}

/** A message is hashed once, though it be signed, checked, gossiped and checked again: it never changes. */
class Digested extends Given {
  #contest: ContestId | undefined;
  #digest: Uint8Array;

  constructor(message: SignedMessage, contest: ContestId | undefined, digest: Uint8Array) {
    super(message);
    this.#contest = contest;
    this.#digest = digest;
  }

  static of(message: SignedMessage, contest: ContestId | undefined): Uint8Array | undefined {
    if (!(#digest in message)) return undefined;
    const digested = message as unknown as Digested;
    return digested.#contest === contest ? digested.#digest : undefined;
  }

  static note(message: SignedMessage, contest: ContestId | undefined, digest: Uint8Array): void {
    if (!(#digest in message)) {
      void new Digested(message, contest, digest);
      return;
    }
    const digested = message as unknown as Digested;
    digested.#contest = contest;
    digested.#digest = digest;
  }
}

function digestOf(contest: ContestId | undefined, message: SignedMessage): Uint8Array {
  const known = Digested.of(message, contest);
  if (known !== undefined) return known;
  const digest = signingDigest(message.kind, contest, message.body);
  Digested.note(message, contest, digest);
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
  Digested.note(message, contest, digest);
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
