/**
 * The distributed hash table (Kademlia): finds peers of a large contest that nobody around knows, and who has a bundle. Started a while
 * after the node, because the first seconds belong to the sages and the cluster, and loading it costs as much as a connection.
 */
import type { KadDHT } from "@libp2p/kad-dht";
import { CID } from "multiformats/cid";
import { create as digestOf } from "multiformats/hashes/digest";
import { fromHex, type Hash, type NodeId } from "../../model/index.ts";
import type { Host } from "./host.ts";
import { nodeIdOf, peerIdOf } from "./peer-ids.ts";

const START_AFTER_MS = 15_000;
const FIND_TIMEOUT_MS = 10_000;
const ANNOUNCE_TIMEOUT_MS = 20_000;
/** Bundles that wait for the table to run, or are announced again. */
const ANNOUNCED_MAX = 256;
/** Records expire after a day (libp2p Kademlia specification, "Content provider advertisement"). */
const ANNOUNCE_AGAIN_MS = 8 * 3_600_000;
/** Between two announcements: each one talks to up to twenty peers. */
const ANNOUNCE_PAUSE_MS = 1_000;
const PROVIDERS_MAX = 16;
/** multicodec `raw` and `sha2-256`. */
const RAW = 0x55;
const SHA2_256 = 0x12;

export interface Provider {
  readonly id: NodeId;
  readonly addresses: readonly string[];
}

export class DistributedTable {
  readonly #host: Host;
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;
  #dht: KadDHT | undefined;
  #stopped = false;
  /** What this node has, with when it is to be announced next. */
  readonly #held = new Map<Hash, number>();
  #announcing: NodeJS.Timeout | undefined;

  constructor(host: Host, afterMs = START_AFTER_MS) {
    this.#host = host;
    this.#afterMs = afterMs;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#open().catch(() => undefined), this.#afterMs);
    this.#timer.unref();
  }

  /** From now on others find this node when they look for the bundle. */
  announce(bundle: Hash): void {
    if (this.#held.size < ANNOUNCED_MAX && !this.#held.has(bundle)) this.#held.set(bundle, 0);
  }

  /** Who announced a bundle; none when nobody did, or the table is not running yet. */
  async providersOf(bundle: Hash): Promise<readonly Provider[]> {
    if (this.#dht === undefined) return [];
    const found = new Map<NodeId, Provider>();
    try {
      for await (const event of this.#dht.findProviders(cidOf(bundle), {
        signal: AbortSignal.timeout(FIND_TIMEOUT_MS),
      })) {
        if (event.name !== "PROVIDER" && event.name !== "PEER_RESPONSE") continue;
        for (const { id, multiaddrs } of event.providers) {
          const node = nodeIdOf(id);
          if (node !== undefined) found.set(node, { id: node, addresses: multiaddrs.map(String) });
        }
        if (found.size >= PROVIDERS_MAX) break;
      }
    } catch {
      // Whoever was found in time.
    }
    return [...found.values()];
  }

  #announceNext(): void {
    const nowMs = Date.now();
    const due = [...this.#held].find(([, atMs]) => atMs <= nowMs)?.[0];
    if (due !== undefined && this.#dht !== undefined) {
      this.#held.set(due, nowMs + ANNOUNCE_AGAIN_MS);
      void provide(this.#dht, due).catch(() => this.#held.set(due, nowMs + ANNOUNCE_TIMEOUT_MS));
    }
    // Spread out: in a lecture hall everybody starts at once.
    this.#announcing = setTimeout(() => this.#announceNext(), ANNOUNCE_PAUSE_MS * (1 + Math.random()));
    this.#announcing.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#announcing);
    await stopService(this.#dht);
  }

  /** Multiaddrs of a peer, or none when the table does not know it or is not running yet. */
  async addressesOf(peer: NodeId): Promise<readonly string[]> {
    if (this.#dht === undefined) return [];
    const signal = AbortSignal.timeout(FIND_TIMEOUT_MS);
    try {
      for await (const event of this.#dht.findPeer(peerIdOf(peer), { signal })) {
        if (event.name === "FINAL_PEER") return event.peer.multiaddrs.map(String);
      }
    } catch {
      // Not found in time.
    }
    return [];
  }

  async #open(): Promise<void> {
    const { kadDHT, passthroughMapper } = await import("@libp2p/kad-dht");
    if (this.#stopped) return;
    const dht = kadDHT({
      protocol: "/dikast/kad/1.0.0",
      clientMode: false,
      // Contests run in local networks too.
      peerInfoMapper: passthroughMapper,
      allowQueryWithZeroPeers: true,
      initialQuerySelfInterval: 10_000,
    })(this.#host.services.components());
    this.#dht = dht;
    await startService(dht);
    if (this.#stopped) await stopService(dht);
    else this.#announceNext();
  }
}

async function provide(dht: KadDHT, bundle: Hash): Promise<void> {
  const signal = AbortSignal.timeout(ANNOUNCE_TIMEOUT_MS);
  for await (const _event of dht.provide(cidOf(bundle), { signal })) signal.throwIfAborted();
}

/** A bundle's name is the SHA-256 of its index. */
function cidOf(bundle: Hash): CID {
  return CID.createV1(RAW, digestOf(SHA2_256, fromHex(bundle)));
}

interface Startable {
  start?: () => void | Promise<void>;
  stop?: () => void | Promise<void>;
}

async function startService(service: unknown): Promise<void> {
  await (service as Startable).start?.();
}

async function stopService(service: unknown): Promise<void> {
  await (service as Startable | undefined)?.stop?.();
}
