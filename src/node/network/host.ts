/**
 * The libp2p host with the settings that were measured to work (facts.md, "js-libp2p 3.3"): many nodes behind one
 * address, bounded buffers, gossip without libp2p's own signatures, no silent limits on redialling.
 */
import { hash } from "node:crypto";
import { type GossipSub, gossipsub } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import type { Libp2p, PrivateKey } from "@libp2p/interface";
import type { kadDHT } from "@libp2p/kad-dht";
import { noise } from "@libp2p/noise";
import { type Ping, ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import {
  CONNECTIONS_MAX,
  DIAL_TIMEOUT_MS,
  DIALS_MAX,
  FRAME_BYTES_MAX,
  INBOUND_CONNECTIONS_PENDING_MAX,
  INBOUND_CONNECTIONS_PER_SECOND_MAX,
  STREAM_READ_BUFFER_BYTES_MAX,
  STREAM_WRITE_BUFFER_BYTES_MAX,
} from "./limits.ts";
import { NetworkError } from "./network.ts";

export interface HostServices extends Record<string, unknown> {
  readonly identify: Identify;
  readonly ping: Ping;
  readonly gossip: GossipSub;
  /** What services are made of, for those that are started later (`distributed-table.ts`). */
  readonly components: () => HostComponents;
}
export type HostComponents = Parameters<ReturnType<typeof kadDHT>>[0];
export type Host = Libp2p<HostServices>;

export interface HostOptions {
  /** The node's identity. */
  readonly privateKey: PrivateKey;
  /** Multiaddrs to listen on, e.g. `/ip4/127.0.0.1/tcp/0`. */
  readonly listen: readonly string[];
  /** Multiaddrs to tell others instead of the observed ones (behind a NAT with a forwarded port). */
  readonly announce: readonly string[];
  /** The one gossip topic of the contest. */
  readonly topic: string;
}

/** Streams live as long as their connection; own pings find dead ones. Longest delay a timer can have. */
const NEVER_MS = 2 ** 31 - 1;

export async function createHost(options: HostOptions): Promise<Host> {
  return await createLibp2p<HostServices>({
    start: false,
    privateKey: options.privateKey,
    addresses: { listen: [...options.listen], announce: [...options.announce] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        streamOptions: {
          maxReadBufferLength: STREAM_READ_BUFFER_BYTES_MAX,
          maxWriteBufferLength: STREAM_WRITE_BUFFER_BYTES_MAX,
          maxStreamWindowSize: 4 * 1024 * 1024,
          inactivityTimeout: NEVER_MS,
        },
      }),
    ],
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      maxParallelDials: DIALS_MAX * 2,
      dialTimeout: DIAL_TIMEOUT_MS,
      inboundConnectionThreshold: INBOUND_CONNECTIONS_PER_SECOND_MAX,
      maxIncomingPendingConnections: INBOUND_CONNECTIONS_PENDING_MAX,
      // The peer manager redials; libp2p's own queue gives up after a few tries.
      reconnectRetries: 0,
    },
    // A loaded machine misses pings; the peer manager decides when a connection is dead.
    connectionMonitor: { enabled: false, abortConnectionOnPingFailure: false },
    services: {
      identify: identify({ maxInboundStreams: 64, maxOutboundStreams: 64, runOnLimitedConnection: true }),
      ping: ping({ maxInboundStreams: 8, maxOutboundStreams: 8, runOnLimitedConnection: true }),
      gossip: gossipsub({
        // Messages carry our own signatures (protocol.md §1); libp2p's would cost 20 times the throughput.
        globalSignaturePolicy: "StrictNoSign",
        emitSelf: false,
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        floodPublish: true,
        doPX: false,
        // Relayed connections carry everything (relays.ts).
        runOnLimitedConnection: true,
        fallbackToFloodsub: false,
        allowedTopics: [options.topic],
        maxInboundDataLength: FRAME_BYTES_MAX,
        maxOutboundBufferSize: STREAM_WRITE_BUFFER_BYTES_MAX,
        maxInboundStreams: 8,
        maxOutboundStreams: 8,
        msgIdFn: (message) => new Uint8Array(hash("sha256", message.data, "buffer")),
        scoreParams: {
          // A lecture hall is one address.
          IPColocationFactorWeight: 0,
          behaviourPenaltyThreshold: 6,
          topics: {
            [options.topic]: {
              topicWeight: 1,
              timeInMeshWeight: 0.01,
              timeInMeshQuantum: 1_000,
              timeInMeshCap: 1_000,
              firstMessageDeliveriesWeight: 0.1,
              firstMessageDeliveriesDecay: 0.9,
              firstMessageDeliveriesCap: 100,
              // Traffic comes in bursts: silence is no fault.
              meshMessageDeliveriesWeight: 0,
              meshMessageDeliveriesDecay: 0.9,
              meshMessageDeliveriesCap: 100,
              meshMessageDeliveriesThreshold: 1,
              meshMessageDeliveriesWindow: 10,
              meshMessageDeliveriesActivation: 5_000,
              meshFailurePenaltyWeight: 0,
              meshFailurePenaltyDecay: 0.9,
              // Squared: 3 invalid messages cost 9, the graylist begins at −80.
              invalidMessageDeliveriesWeight: -1,
              invalidMessageDeliveriesDecay: 0.99,
            },
          },
        },
      }),
      // Wrapped: libp2p starts and stops whatever a service is made of.
      components: (components) => () => components,
    },
  });
}

/** @throws NetworkError that says which address could not be listened on, and why. */
export async function startHost(host: Host, listen: readonly string[]): Promise<void> {
  try {
    await host.start();
  } catch (error) {
    // `start` leaves what already runs running.
    await Promise.resolve(host.stop()).catch(() => undefined);
    const reason = listenFailure(error);
    const wanted = listen.join(", ");
    if (reason.includes("EADDRINUSE")) {
      throw new NetworkError(
        "DIKAST_ADDRESS_IN_USE",
        `the address ${wanted} is already in use; choose another port, or 0 for any free one`,
        { cause: error },
      );
    }
    throw new NetworkError("DIKAST_LISTEN_FAILED", `cannot listen on ${wanted}: ${reason}`, { cause: error });
  }
}

function listenFailure(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(listenFailure).join("; ");
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `; ${listenFailure(error.cause)}`;
  return `${error.message}${cause}`;
}
