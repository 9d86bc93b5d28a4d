/**
 * The distributed hash table (Kademlia): finds peers of a large contest that nobody around knows. Started a while after
 * the node, because the first seconds belong to the sages and the cluster, and loading it costs as much as a connection.
 */
import type { KadDHT } from "@libp2p/kad-dht";
import type { NodeId } from "../../model/index.ts";
import type { Host } from "./host.ts";
import { peerIdOf } from "./peer-ids.ts";

const START_AFTER_MS = 15_000;
const FIND_TIMEOUT_MS = 10_000;

export class DistributedTable {
  readonly #host: Host;
  #timer: NodeJS.Timeout | undefined;
  #dht: KadDHT | undefined;
  #stopped = false;

  constructor(host: Host) {
    this.#host = host;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#open().catch(() => undefined), START_AFTER_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
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
  }
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
