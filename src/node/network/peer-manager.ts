/**
 * Keeps the node connected: dials sages always, everybody in a small network, a bounded number in a large one, and
 * whoever a message waits for; redials with bounded back-off for as long as it takes (protocol.md §8); closes
 * connections that are dead or have lost their gossip stream (facts.md), so that they are opened anew.
 */
import { multiaddr } from "@multiformats/multiaddr";
import type { NodeId } from "../../model/index.ts";
import type { AddressBook, KnownPeer } from "./address-book.ts";
import type { Host } from "./host.ts";
import {
  CONNECTIONS_WANTED,
  DIAL_COURTESY_MS,
  DIAL_PACE_MS,
  DIAL_TIMEOUT_MS,
  DIALS_MAX,
  FULL_MESH_PEERS_MAX,
  GOSSIP_STREAM_GRACE_MS,
  PEER_BAN_MS,
  PEER_CHECK_MS,
  PING_EVERY_MS,
  PING_FAILURES_MAX,
  PING_TIMEOUT_MS,
} from "./limits.ts";
import { peerIdOf } from "./peer-ids.ts";
import { isRelayed } from "./relays.ts";

export interface PeerManagerView {
  /** Peers that this node has a gossip stream to. */
  gossipStreams(): ReadonlySet<NodeId>;
  /** Peers that messages wait for. */
  wanted(): readonly NodeId[];
  /** Regular housekeeping of the owner. */
  onTick(nowMs: number): void;
  /** Before an address through a relay is dialled. */
  onRelayed(): Promise<void>;
}

interface Connected {
  readonly sinceMs: number;
  gossipSeenMs: number;
  nextPingMs: number;
  pingFailures: number;
  roundTripMs: number | undefined;
  pinging: boolean;
}

export class PeerManager {
  readonly #host: Host;
  readonly #self: NodeId;
  readonly #book: AddressBook;
  readonly #view: PeerManagerView;
  readonly #connected = new Map<NodeId, Connected>();
  readonly #dialling = new Set<NodeId>();
  readonly #bannedUntilMs = new Map<NodeId, number>();
  #timer: NodeJS.Timeout | undefined;
  #nextUnneededMs = 0;

  constructor(host: Host, self: NodeId, book: AddressBook, view: PeerManagerView) {
    this.#host = host;
    this.#self = self;
    this.#book = book;
    this.#view = view;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(Date.now()), PEER_CHECK_MS);
    this.#tick(Date.now());
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  remember(id: NodeId, addresses: readonly string[], keep: boolean): void {
    const nowMs = Date.now();
    const courtesyMs = keep || this.#self < id ? 0 : DIAL_COURTESY_MS;
    const known = this.#book.remember(id, addresses, nowMs, nowMs + courtesyMs, keep);
    if (known !== undefined && courtesyMs === 0 && this.#timer !== undefined) this.#dialWhatIsDue(nowMs);
  }

  /** A message waits for this peer: dials it now unless a back-off forbids. */
  want(id: NodeId): void {
    const peer = this.#book.get(id);
    if (peer === undefined || this.#timer === undefined || this.#dialling.size >= DIALS_MAX) return;
    // Courtesy is for connections that nobody waits for.
    const nowMs = Date.now();
    if (peer.failures === 0) peer.nextDialMs = Math.min(peer.nextDialMs, nowMs);
    if (this.#isDue(peer, nowMs)) void this.#dial(peer);
  }

  isConnected(id: NodeId): boolean {
    return this.#connected.has(id);
  }

  connectedPeers(): readonly NodeId[] {
    return [...this.#connected.keys()];
  }

  roundTripMs(id: NodeId): number | undefined {
    return this.#connected.get(id)?.roundTripMs;
  }

  /** False for a peer that is banned: the caller closes the connection. */
  onConnected(id: NodeId): boolean {
    const nowMs = Date.now();
    if ((this.#bannedUntilMs.get(id) ?? 0) > nowMs) return false;
    this.#book.connected(id, nowMs);
    this.#connected.set(id, {
      sinceMs: nowMs,
      gossipSeenMs: nowMs,
      nextPingMs: nowMs + 1_000 + Math.random() * PING_EVERY_MS,
      pingFailures: 0,
      roundTripMs: undefined,
      pinging: false,
    });
    return true;
  }

  onDisconnected(id: NodeId): void {
    this.#connected.delete(id);
    this.#book.failed(id, Date.now(), Math.random());
  }

  ban(id: NodeId): void {
    if (this.#bannedUntilMs.size >= 1_000) this.#bannedUntilMs.clear();
    this.#bannedUntilMs.set(id, Date.now() + PEER_BAN_MS);
    this.hangUp(id);
  }

  hangUp(id: NodeId): void {
    void this.#host.hangUp(peerIdOf(id)).catch(() => undefined);
  }

  #tick(nowMs: number): void {
    this.#dialWhatIsDue(nowMs);
    this.#watch(nowMs);
    for (const [id, untilMs] of this.#bannedUntilMs) if (untilMs <= nowMs) this.#bannedUntilMs.delete(id);
    this.#view.onTick(nowMs);
  }

  #dialWhatIsDue(nowMs: number): void {
    const wanted = new Set(this.#view.wanted());
    const known = this.#book.all();
    const smallNetwork = known.length <= FULL_MESH_PEERS_MAX;
    let room = CONNECTIONS_WANTED - this.#connected.size - this.#dialling.size;
    const due = known.filter((peer) => this.#isDue(peer, nowMs));
    // Those that failed least come first; a large network is sampled by the order of the random back-off.
    due.sort((a, b) => Number(b.keep) - Number(a.keep) || a.failures - b.failures || a.nextDialMs - b.nextDialMs);
    for (const peer of due) {
      if (this.#dialling.size >= DIALS_MAX) return;
      if (!peer.keep && !wanted.has(peer.id)) {
        if ((!smallNetwork && room <= 0) || nowMs < this.#nextUnneededMs) continue;
        this.#nextUnneededMs = nowMs + DIAL_PACE_MS * (0.5 + Math.random());
        room -= 1;
      }
      void this.#dial(peer);
    }
  }

  #isDue(peer: KnownPeer, nowMs: number): boolean {
    return (
      peer.addresses.length > 0 &&
      peer.nextDialMs <= nowMs &&
      !this.#connected.has(peer.id) &&
      !this.#dialling.has(peer.id) &&
      !this.#bannedUntilMs.has(peer.id)
    );
  }

  async #dial(peer: KnownPeer): Promise<void> {
    this.#dialling.add(peer.id);
    try {
      if (peer.addresses.some(isRelayed)) await this.#view.onRelayed();
      const addresses = peer.addresses.map((address) => multiaddr(`${address}/p2p/${peer.id}`));
      await this.#host.dial(addresses, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) });
    } catch {
      if (!this.#connected.has(peer.id)) this.#book.failed(peer.id, Date.now(), Math.random());
    } finally {
      this.#dialling.delete(peer.id);
    }
  }

  #watch(nowMs: number): void {
    const gossiping = this.#view.gossipStreams();
    for (const [id, peer] of this.#connected) {
      if (gossiping.has(id)) peer.gossipSeenMs = nowMs;
      else if (nowMs - peer.gossipSeenMs > GOSSIP_STREAM_GRACE_MS) {
        peer.gossipSeenMs = nowMs;
        this.hangUp(id);
        continue;
      }
      if (!peer.pinging && nowMs >= peer.nextPingMs) void this.#ping(id, peer);
    }
  }

  async #ping(id: NodeId, peer: Connected): Promise<void> {
    peer.pinging = true;
    try {
      peer.roundTripMs = await this.#host.services.ping.ping(peerIdOf(id), {
        signal: AbortSignal.timeout(PING_TIMEOUT_MS),
      });
      peer.pingFailures = 0;
    } catch {
      peer.pingFailures += 1;
      if (peer.pingFailures >= PING_FAILURES_MAX) this.hangUp(id);
    } finally {
      peer.pinging = false;
      peer.nextPingMs = Date.now() + PING_EVERY_MS;
    }
  }
}
