/**
 * What the driver asks of a network and hears from it. The real one is `libp2p-network.ts`; tests use an in-memory one
 * that passes the same compliance suite (`test/compliance/network.ts`).
 */
import type { NodeId, SignedMessage } from "../../model/index.ts";

/** What gossip does with a message: forward it, drop it, or drop it and count it against the forwarder. */
export type GossipValidity = "accept" | "ignore" | "reject";

export interface NetworkHandlers {
  /** A direct message; well-formed and within the size bounds, the signature unchecked. Never throws. */
  onMessage(from: NodeId, message: SignedMessage): void;
  /** A gossiped message; `from` is the forwarder. Answers within 100 ms, else the message is ignored. */
  onGossip(from: NodeId, message: SignedMessage): GossipValidity | Promise<GossipValidity>;
  /** The first connection to a peer is open. */
  onPeerConnected(peer: NodeId): void;
  /** The last connection to a peer is closed. */
  onPeerDisconnected(peer: NodeId): void;
}

export interface PeerStatus {
  readonly id: NodeId;
  readonly connected: boolean;
  /** Known multiaddrs, the last used one first. */
  readonly addresses: readonly string[];
  /** Round trip of the last ping in milliseconds; undefined before the first. */
  readonly roundTripMs: number | undefined;
  /** Failed dials in a row. */
  readonly failures: number;
}

/** Counters since the start; all only grow. */
export interface NetworkCounters {
  readonly sent: number;
  readonly received: number;
  readonly published: number;
  readonly gossiped: number;
  /** Dropped because a bounded queue was full or a peer could not be reached in time. */
  readonly dropped: number;
  /** Frames that did not parse or broke a bound. */
  readonly malformed: number;
}

export interface Network {
  readonly id: NodeId;
  /** Multiaddrs (with `/p2p/<id>`) under which others reach this node; empty before `start`. */
  addresses(): readonly string[];
  /**
   * Listens, dials the known peers, and calls the handlers from now on.
   * @throws NetworkError `DIKAST_ADDRESS_IN_USE` and `DIKAST_LISTEN_FAILED`.
   */
  start(handlers: NetworkHandlers): Promise<void>;
  /** Best effort, in order per peer while connected; dials a known peer that is not connected. Never throws. */
  send(to: NodeId, message: SignedMessage): void;
  /** To every node of the contest by gossip. Never throws. */
  publish(message: SignedMessage): void;
  /** Adds addresses of a peer; `keep` makes it one that is always connected to (a sage). */
  remember(peer: NodeId, addresses: readonly string[], keep?: boolean): void;
  peers(): readonly PeerStatus[];
  counters(): NetworkCounters;
  /** Closes every connection; idempotent. */
  stop(): Promise<void>;
}

/** The network cannot work; `code` is stable. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  readonly code: string;
  constructor(code: `DIKAST_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
