/**
 * Circuit relays (libp2p circuit-relay-v2): sages relay for nodes that nobody can dial, with limits raised from "enough to punch a hole" to
 * "enough to take part"; such nodes reserve a place at a sage, and try to punch holes (DCUtR). Loaded when first needed: most nodes never do.
 */
import { start, stop } from "@libp2p/interface";
import type { TransportManager } from "@libp2p/interface-internal";
import { multiaddr } from "@multiformats/multiaddr";
import type { Host } from "./host.ts";

/** Nodes that one sage relays for; libp2p's default is 15. */
const RESERVATIONS_MAX = 1_000;
/** Of one relayed connection: a day, and bundles through it; libp2p's default is 2 minutes and 128 KiB. */
const RELAYED_MS_MAX = 24 * 3_600_000;
const RELAYED_BYTES_MAX = 16n * 1024n * 1024n * 1024n;
/** Relayed connections at once, through a sage and at a relayed node. */
const RELAYED_CONNECTIONS_MAX = 4_096;
const RELAYED_STREAMS_PER_PEER_MAX = 300;
const RESERVE_TIMEOUT_MS = 10_000;

export class Relays {
  readonly #host: Host;
  readonly #services: unknown[] = [];
  #transport: Promise<void> | undefined;
  #serving = false;
  #stopped = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** From now on this node relays for others. */
  async serve(): Promise<void> {
    if (this.#serving || this.#stopped) return;
    this.#serving = true;
    const { circuitRelayServer } = await import("@libp2p/circuit-relay-v2");
    await this.#run(
      circuitRelayServer({
        maxInboundHopStreams: RELAYED_CONNECTIONS_MAX,
        maxOutboundHopStreams: RELAYED_CONNECTIONS_MAX,
        maxOutboundStopStreams: RELAYED_CONNECTIONS_MAX,
        reservations: {
          maxReservations: RESERVATIONS_MAX,
          applyDefaultLimit: true,
          defaultDurationLimit: RELAYED_MS_MAX,
          defaultDataLimit: RELAYED_BYTES_MAX,
        },
      })(this.#components()),
    );
  }

  /** Waits until addresses with `/p2p-circuit` can be dialled. */
  async ready(): Promise<void> {
    this.#transport ??= this.#openTransport();
    await this.#transport;
  }

  /** Asks a relay for a place; its address is among the host's from then on. `relay`: with `/p2p/<id>`. False when it refused. */
  async reserve(relay: string): Promise<boolean> {
    try {
      await this.ready();
      if (this.#stopped) return false;
      const manager = this.#components().transportManager;
      const listening = manager.listen([multiaddr(`${relay}/p2p-circuit`)]);
      await Promise.race([listening, elapsed(RESERVE_TIMEOUT_MS)]);
      return this.addresses().length > 0;
    } catch {
      return false;
    }
  }

  /** Own addresses through relays. */
  addresses(): readonly string[] {
    return this.#host
      .getMultiaddrs()
      .map(String)
      .filter((address) => isRelayed(address));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await stop(...this.#services.toReversed()).catch(() => undefined);
  }

  async #openTransport(): Promise<void> {
    const [{ circuitRelayTransport }, { dcutr }] = await Promise.all([
      import("@libp2p/circuit-relay-v2"),
      import("@libp2p/dcutr"),
    ]);
    const transport = circuitRelayTransport({
      maxInboundStopStreams: RELAYED_STREAMS_PER_PEER_MAX,
      maxOutboundStopStreams: RELAYED_STREAMS_PER_PEER_MAX,
      reservationConcurrency: 2,
    })(this.#components());
    this.#components().transportManager.add(transport);
    await this.#run(transport);
    await this.#run(dcutr()(this.#components()));
  }

  async #run(service: unknown): Promise<void> {
    if (this.#stopped) return;
    this.#services.push(service);
    await start(service);
  }

  /** Services are made of everything that the host consists of (`host.ts`). */
  #components(): RelayComponents {
    return this.#host.services.components() as unknown as RelayComponents;
  }
}

type RelayComponents = Parameters<ReturnType<typeof import("@libp2p/circuit-relay-v2").circuitRelayTransport>>[0] &
  Parameters<ReturnType<typeof import("@libp2p/circuit-relay-v2").circuitRelayServer>>[0] &
  Parameters<ReturnType<typeof import("@libp2p/dcutr").dcutr>>[0] & {
    readonly transportManager: TransportManager & { add(transport: unknown): void };
  };

export function isRelayed(address: string): boolean {
  return address.includes("/p2p-circuit");
}

async function elapsed(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms).unref();
  await promise;
}
