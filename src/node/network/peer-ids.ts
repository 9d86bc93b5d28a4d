/** Between libp2p's PeerId objects and our NodeId strings; a bounded cache, since parsing base58 is slow. */
import type { PeerId } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { type NodeId, parseNodeId } from "../../model/index.ts";
import { PEERS_KNOWN_MAX } from "./limits.ts";

const peerIds = new Map<NodeId, PeerId>();

export function peerIdOf(node: NodeId): PeerId {
  const cached = peerIds.get(node);
  if (cached !== undefined) return cached;
  if (peerIds.size >= PEERS_KNOWN_MAX) peerIds.clear();
  const made = peerIdFromString(node);
  peerIds.set(node, made);
  return made;
}

/** Undefined for a peer whose key is not secp256k1: it cannot be a node of this protocol. */
export function nodeIdOf(peer: PeerId): NodeId | undefined {
  return parseNodeId(peer.toString());
}
