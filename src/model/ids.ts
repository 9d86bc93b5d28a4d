/** Identities and other names of the protocol (protocol.md §1). Branded strings, made only by their parsers. */
import { base58 } from "@scure/base";
import { concat, fromHex } from "./bytes.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A libp2p PeerId in base58: the identity multihash of a compressed secp256k1 public key. Always 53 characters. */
export type NodeId = Branded<"NodeId">;
/** SHA-256 in lower-case hex, 64 characters. */
export type Hash = Branded<"Hash">;
/** `sha256(manifest)`. */
export type ContestId = Hash & { readonly [brand]: "ContestId" };

/**
 * Identity multihash (0x00), 37 bytes; protobuf PublicKey{1: Secp256k1 = 2, 2: 33 bytes}
 * (libp2p peer-ids specification, "Peer Ids" and "Keys").
 */
const PEER_ID_PREFIX = fromHex("002508021221");
const PUBLIC_KEY_BYTES = 33;
const NODE_ID_CHARACTERS = 53;

/** Decoding base58 is quadratic; the same few ids come again and again. Bounded: it is emptied when full. */
const PUBLIC_KEYS_CACHED_MAX = 10_000;
const publicKeys = new Map<NodeId, Uint8Array>();

export function nodeIdOfPublicKey(publicKey: Uint8Array): NodeId {
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError("not a compressed secp256k1 public key");
  return base58.encode(concat(PEER_ID_PREFIX, publicKey)) as NodeId;
}

/** The id, or undefined when `text` is not a well-formed secp256k1 PeerId (the point itself is checked when it verifies). */
export function parseNodeId(text: string): NodeId | undefined {
  if (text.length !== NODE_ID_CHARACTERS) return undefined;
  if (publicKeys.has(text as NodeId)) return text as NodeId;
  let bytes: Uint8Array;
  try {
    bytes = base58.decode(text);
  } catch {
    return undefined;
  }
  if (bytes.length !== PEER_ID_PREFIX.length + PUBLIC_KEY_BYTES) return undefined;
  if (PEER_ID_PREFIX.some((byte, index) => bytes[index] !== byte)) return undefined;
  const parity = bytes[PEER_ID_PREFIX.length];
  if (parity !== 2 && parity !== 3) return undefined;
  if (publicKeys.size >= PUBLIC_KEYS_CACHED_MAX) publicKeys.clear();
  publicKeys.set(text as NodeId, bytes.subarray(PEER_ID_PREFIX.length));
  return text as NodeId;
}

/** The 33-byte compressed public key inside the id. */
export function publicKeyOf(node: NodeId): Uint8Array {
  const cached = publicKeys.get(node);
  if (cached !== undefined) return cached;
  if (parseNodeId(node) === undefined) throw new RangeError(`not a node id: ${node}`);
  return publicKeyOf(node);
}

/** A hash, or undefined when `text` is not 64 lower-case hex digits. */
export function parseHash(text: string): Hash | undefined {
  // Heads of the log and contests come again and again.
  if (text === lastHash || text === lastHashButOne) return text as Hash;
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined;
  lastHashButOne = lastHash;
  lastHash = text;
  return text as Hash;
}

let lastHash = "0".repeat(64);
let lastHashButOne = lastHash;
