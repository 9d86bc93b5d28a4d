/** The real network: libp2p host, peer manager, direct messages, gossip. */
import type { PeerId } from "@libp2p/interface";
import type { ContestId, Hash, NodeId, SignedMessage } from "../../model/index.ts";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { invariant, parseNodeId } from "../../model/index.ts";
import { AddressBook } from "./address-book.ts";
import { DistributedTable } from "./distributed-table.ts";
import { DirectMessages } from "./direct-messages.ts";
import { Gossip } from "./gossip.ts";
import { createHost, type Host, startHost } from "./host.ts";
import { ADDRESSES_PER_PEER_MAX, ASK_AGAIN_MS, CONNECTIONS_WANTED, FIND_EVERY_MS } from "./limits.ts";
import type { Network, NetworkCounters, NetworkHandlers, PeerStatus } from "./network.ts";
import { answerPeerRequests, askForPeers, type ToldPeers } from "./peer-exchange.ts";
import { nodeIdOf } from "./peer-ids.ts";
import { Reach, type ReachStatus, type RelayUse } from "./reach.ts";
import { answerReachability } from "./reachability.ts";
import { Relays } from "./relays.ts";
import { type ClockReading, readClockOf, tellTime } from "./time-exchange.ts";
import { libp2pPrivateKey } from "./private-key.ts";
import { PeerManager } from "./peer-manager.ts";

export interface Libp2pNetworkOptions {
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
  readonly contest: ContestId;
  readonly listen: readonly string[];
  readonly announce?: readonly string[];
  /** Peers remembered from earlier (`onPeerLearned`), to be dialled at once. */
  readonly remembered?: readonly { readonly id: NodeId; readonly addresses: readonly string[] }[];
  /** Called when a peer's addresses are new or changed, for the store. */
  readonly onPeerLearned?: (id: NodeId, addresses: readonly string[]) => void;
  /** Kinds of direct messages that overtake others. */
  readonly isUrgent?: (kind: string) => boolean;
  /** A sage: relays for others, and tells them whether they can be dialled. */
  readonly serves?: boolean;
  /** Whether this node takes a place at a relay: when nobody can dial it, always, or never. */
  readonly relay?: RelayUse;
  /** When the distributed table starts; the default leaves the first seconds to others. */
  readonly tableAfterMs?: number;
}

const CLOCKS_ASKED_MAX = 5;

export class Libp2pNetwork implements Network {
  readonly id: NodeId;
  readonly host: Host;
  readonly #options: Libp2pNetworkOptions;
  readonly #book: AddressBook;
  readonly #peers: PeerManager;
  readonly #direct: DirectMessages;
  readonly #gossip: Gossip;
  readonly #table: DistributedTable;
  readonly #relays: Relays;
  readonly #reach: Reach;
  readonly #counters = { sent: 0, received: 0, published: 0, gossiped: 0, dropped: 0, malformed: 0 };
  #handlers: NetworkHandlers | undefined;
  #nextAskMs = 0;
  #nextFindMs = 0;
  readonly #finding = new Set<Hash>();

  /** Use `createLibp2pNetwork`. */
  constructor(host: Host, id: NodeId, topic: string, options: Libp2pNetworkOptions) {
    this.host = host;
    this.id = id;
    this.#options = options;
    this.#book = new AddressBook(id);
    this.#gossip = new Gossip(host, topic);
    this.#table = new DistributedTable(host, options.tableAfterMs);
    this.#relays = new Relays(host);
    const sages = (): ReturnType<AddressBook["all"]> =>
      this.#book.all().filter(({ id: peer, keep }) => keep && this.#peers.isConnected(peer));
    // Asking tells where this node is reached: of two relayed nodes the later one hears of the earlier one at once.
    const tell = (): void => {
      for (const known of this.#peers.connectedPeers().slice(0, CONNECTIONS_WANTED)) void this.#ask(known);
    };
    this.#reach = new Reach(host, this.#relays, options.relay ?? "auto", sages, tell);
    this.#direct = new DirectMessages(host, {
      onMessage: (from, message) => {
        this.#counters.received += 1;
        this.#handlers?.onMessage(from, message);
      },
      onFault: (from, fatal) => this.#onFault(from, fatal),
      onDropped: (count) => this.#onDropped(count),
      onWanted: (peer) => this.#peers.want(peer),
      isUrgent: options.isUrgent ?? (() => false),
    });
    this.#peers = new PeerManager(host, id, this.#book, {
      gossipStreams: () => this.#gossip.streams(),
      wanted: () => this.#direct.wanted(),
      onTick: (nowMs) => this.#onTick(nowMs),
      onRelayed: () => this.#relays.ready(),
    });
  }

  addresses(): readonly string[] {
    return this.host.getMultiaddrs().map(String);
  }

  async start(handlers: NetworkHandlers): Promise<void> {
    this.#handlers = handlers;
    this.host.addEventListener("peer:connect", ({ detail }) => this.#onConnect(detail));
    this.host.addEventListener("peer:disconnect", ({ detail }) => this.#onDisconnect(detail));
    this.host.addEventListener("peer:identify", ({ detail }) => {
      const id = nodeIdOf(detail.peerId);
      if (id !== undefined) this.#learn(id, detail.listenAddrs.map(String), false);
    });
    await this.#direct.start();
    await answerPeerRequests(
      this.host,
      (asker, addresses) => this.#learn(asker, addresses, false),
      () => this.#peersToTell(),
    );
    await tellTime(this.host);
    await startHost(this.host, this.#options.listen);
    this.#gossip.start({
      onGossip: (from, message) => {
        this.#counters.gossiped += 1;
        return this.#handlers?.onGossip(from, message) ?? "ignore";
      },
      onFault: (from) => this.#onFault(from, false),
      onDropped: (count) => this.#onDropped(count),
    });
    for (const { id, addresses } of this.#options.remembered ?? []) this.#peers.remember(id, addresses, false);
    this.#peers.start();
    this.#table.start();
    if (this.#options.serves === true) await this.serveOthers();
  }

  send(to: NodeId, message: SignedMessage): void {
    if (to === this.id) return;
    this.#counters.sent += 1;
    this.#direct.send(to, message);
  }

  publish(message: SignedMessage): void {
    this.#counters.published += 1;
    this.#gossip.publish(message, (count) => this.#onDropped(count));
  }

  remember(peer: NodeId, addresses: readonly string[], keep = false): void {
    this.#learn(peer, addresses, keep);
  }

  peers(): readonly PeerStatus[] {
    return this.#book.all().map(({ id, addresses, failures }) => ({
      id,
      connected: this.#peers.isConnected(id),
      addresses,
      roundTripMs: this.#peers.roundTripMs(id),
      failures,
    }));
  }

  /** What the clocks of some connected peers say, sages first. */
  async clocks(): Promise<readonly ClockReading[]> {
    const connected = this.#book.all().filter(({ id }) => this.#peers.isConnected(id));
    const asked = connected.toSorted((a, b) => Number(b.keep) - Number(a.keep)).slice(0, CLOCKS_ASKED_MAX);
    const readings = await Promise.all(asked.map(async ({ id }) => await readClockOf(this.host, id)));
    return readings.filter((reading) => reading !== undefined);
  }

  /** Others that look for the bundle find this node. */
  announceBundle(bundle: Hash): void {
    this.#table.announce(bundle);
  }

  /** Learns who has a bundle, and dials them. */
  async findBundle(bundle: Hash): Promise<readonly NodeId[]> {
    // One look-up of a bundle at a time: whoever misses it asks again and again.
    if (this.#finding.has(bundle)) return [];
    this.#finding.add(bundle);
    const found = await this.#table.providersOf(bundle).finally(() => this.#finding.delete(bundle));
    const providers = found.filter(({ id }) => id !== this.id);
    for (const { id, addresses } of providers) {
      this.#learn(id, addresses, false);
      this.#peers.want(id);
    }
    return providers.map(({ id }) => id);
  }

  /** What is known of whether others can dial this node. */
  reach(): ReachStatus {
    return this.#reach.status();
  }

  /** As a sage does: relays for others, and tells them whether they can be dialled. */
  async serveOthers(): Promise<void> {
    this.#reach.serves();
    await answerReachability(this.host);
    await this.#relays.serve();
  }

  counters(): NetworkCounters {
    return { ...this.#counters };
  }

  async stop(): Promise<void> {
    this.#handlers = undefined;
    this.#peers.stop();
    this.#direct.stop();
    await this.#table.stop();
    await this.#relays.stop();
    await this.host.stop();
  }

  #onConnect(peer: PeerId): void {
    const id = nodeIdOf(peer);
    if (id === undefined || !this.#peers.onConnected(id)) {
      void this.host.hangUp(peer).catch(() => undefined);
      return;
    }
    // Known even before it says where it listens, so that it shows among the peers.
    this.#book.remember(id, [], Date.now(), Date.now());
    this.#handlers?.onPeerConnected(id);
    this.#direct.flush(id);
    void this.#ask(id);
  }

  #onDisconnect(peer: PeerId): void {
    const id = nodeIdOf(peer);
    if (id === undefined || !this.#peers.isConnected(id)) return;
    this.#peers.onDisconnected(id);
    this.#direct.disconnected(id);
    this.#handlers?.onPeerDisconnected(id);
  }

  async #ask(id: NodeId): Promise<void> {
    const told = await askForPeers(this.host, id, this.addresses());
    for (const { id: toldId, addresses } of told) this.#learn(toldId, addresses, false);
  }

  /** A loss-tolerant second chance for whatever the first exchange missed. */
  #onTick(nowMs: number): void {
    this.#direct.expire(nowMs);
    this.#findWanted(nowMs);
    this.#reach.onTick(nowMs);
    if (nowMs < this.#nextAskMs) return;
    this.#nextAskMs = nowMs + ASK_AGAIN_MS;
    const connected = this.#peers.connectedPeers();
    const chosen = connected[Math.floor(Math.random() * connected.length)];
    if (chosen !== undefined) void this.#ask(chosen);
  }

  /** Looks up a peer that a message waits for and nobody around knows. */
  #findWanted(nowMs: number): void {
    if (nowMs < this.#nextFindMs) return;
    const unknown = this.#direct.wanted().find((id) => (this.#book.get(id)?.addresses.length ?? 0) === 0);
    if (unknown === undefined) return;
    this.#nextFindMs = nowMs + FIND_EVERY_MS;
    void this.#table.addressesOf(unknown).then((addresses) => this.#learn(unknown, addresses, false));
  }

  #learn(id: NodeId, addresses: readonly string[], keep: boolean): void {
    if (id === this.id || addresses.length === 0) return;
    const before = this.#book.get(id)?.addresses ?? [];
    this.#peers.remember(id, addresses, keep);
    const after = this.#book.get(id)?.addresses ?? [];
    if (after.length > 0 && after.join() !== before.join()) this.#options.onPeerLearned?.(id, after);
  }

  /** Connected ones first, then others that were not found dead; a random start spreads a large network. */
  #peersToTell(): ToldPeers {
    const known = this.#book.all().filter(({ addresses }) => addresses.length > 0);
    const alive = known.filter(({ id, failures }) => this.#peers.isConnected(id) || failures < 3);
    const start = Math.floor(Math.random() * alive.length);
    return [...alive.slice(start), ...alive.slice(0, start)].map(({ id, addresses }) => ({
      id,
      addresses: addresses.slice(0, ADDRESSES_PER_PEER_MAX),
    }));
  }

  #onFault(from: NodeId, fatal: boolean): void {
    this.#counters.malformed += 1;
    if (fatal) this.#peers.ban(from);
  }

  #onDropped(count: number): void {
    this.#counters.dropped += count;
  }
}

export async function createLibp2pNetwork(options: Libp2pNetworkOptions): Promise<Libp2pNetwork> {
  const privateKey = libp2pPrivateKey(options.secretKey);
  const id = parseNodeId(peerIdFromPrivateKey(privateKey).toString());
  invariant(id !== undefined, "a secp256k1 key makes a node id");
  const topic = `/dikast/1/${options.contest}`;
  const host = await createHost({
    privateKey,
    listen: options.listen,
    announce: options.announce ?? [],
    topic,
  });
  return new Libp2pNetwork(host, id, topic, options);
}
