/**
 * Remembered peers: addresses, failed dials, when to dial next. Pure data with a bound; the peer manager acts on it and
 * the store keeps its entries across restarts.
 */
import type { NodeId } from "../../model/index.ts";
import { backoffMs } from "./backoff.ts";
import {
  ADDRESS_CHARACTERS_MAX,
  ADDRESSES_PER_PEER_MAX,
  PEERS_KNOWN_MAX,
  REDIAL_FIRST_MS,
  REDIAL_MAX_MS,
} from "./limits.ts";

export interface KnownPeer {
  readonly id: NodeId;
  addresses: readonly string[];
  /** Always connected to, never forgotten: a sage. */
  keep: boolean;
  failures: number;
  nextDialMs: number;
  lastSeenMs: number;
}

export class AddressBook {
  readonly #peers = new Map<NodeId, KnownPeer>();
  readonly #self: NodeId;

  constructor(self: NodeId) {
    this.#self = self;
  }

  get(id: NodeId): KnownPeer | undefined {
    return this.#peers.get(id);
  }

  all(): readonly KnownPeer[] {
    return [...this.#peers.values()];
  }

  /** Adds or renews a peer; new addresses come first. Undefined when nothing usable was given or the book is full of kept peers. */
  remember(
    id: NodeId,
    addresses: readonly string[],
    nowMs: number,
    dialAtMs: number,
    keep = false,
  ): KnownPeer | undefined {
    if (id === this.#self) return undefined;
    const usable = addresses.map((address) => bareAddress(address)).filter((address) => address !== undefined);
    const known = this.#peers.get(id);
    if (known === undefined) {
      if (!this.#makeRoom()) return undefined;
      const made = {
        id,
        addresses: usable.slice(0, ADDRESSES_PER_PEER_MAX),
        keep,
        failures: 0,
        nextDialMs: dialAtMs,
        lastSeenMs: nowMs,
      };
      this.#peers.set(id, made);
      return made;
    }
    const added = usable.some((address) => !known.addresses.includes(address));
    known.addresses = [...new Set([...usable, ...known.addresses])].slice(0, ADDRESSES_PER_PEER_MAX);
    known.keep ||= keep;
    // Somewhere new to try: no reason to wait for the old back-off.
    if (added && known.failures > 0) known.nextDialMs = Math.min(known.nextDialMs, dialAtMs);
    return known;
  }

  connected(id: NodeId, nowMs: number): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    peer.failures = 0;
    peer.nextDialMs = nowMs;
    peer.lastSeenMs = nowMs;
  }

  /** A dial failed, or the connection broke: try again later, for as long as it takes. */
  failed(id: NodeId, nowMs: number, fraction: number): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    peer.nextDialMs = nowMs + backoffMs(peer.failures, REDIAL_FIRST_MS, REDIAL_MAX_MS, fraction);
    peer.failures += 1;
  }

  #makeRoom(): boolean {
    if (this.#peers.size < PEERS_KNOWN_MAX) return true;
    let oldest: KnownPeer | undefined;
    for (const peer of this.#peers.values()) {
      if (!peer.keep && (oldest === undefined || peer.lastSeenMs < oldest.lastSeenMs)) oldest = peer;
    }
    return oldest !== undefined && this.#peers.delete(oldest.id);
  }
}

/** The address without its trailing `/p2p/<id>`, or undefined when it is not one to dial. */
export function bareAddress(address: string): string | undefined {
  if (address.length > ADDRESS_CHARACTERS_MAX || !address.startsWith("/")) return undefined;
  const bare = address.replace(/\/p2p\/[^/]+$/, "");
  if (!/^\/(ip4|ip6|dns|dns4|dns6|dnsaddr)\/[^/]+\//.test(bare)) return undefined;
  // Nobody listens on "any address".
  return /^\/ip4\/0\.0\.0\.0\/|^\/ip6\/::\//.test(bare) ? undefined : bare;
}
