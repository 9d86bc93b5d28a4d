/** Every bound of the network layer, with its reason (architecture.md: "Bound everything"). */
import { MESSAGE_BYTES_MAX } from "../../model/index.ts";

/** One frame of a direct stream or of gossip: a signed message and its envelope. */
export const FRAME_BYTES_MAX = MESSAGE_BYTES_MAX + 64 * 1024;

/** What a muxed stream buffers unread: two of the largest frames, so that a reader that keeps up never overflows it. */
export const STREAM_READ_BUFFER_BYTES_MAX = 2 * FRAME_BYTES_MAX;

/** What waits to be written on one stream; Yamux itself has no limit. A peer that reads nothing costs no more than this. */
export const STREAM_WRITE_BUFFER_BYTES_MAX = 2 * FRAME_BYTES_MAX;

/** Waiting for one peer in the outbox; what does not fit is dropped, the protocol asks again. */
export const OUTBOX_MESSAGES_MAX = 2_000;
export const OUTBOX_BYTES_MAX = 4 * MESSAGE_BYTES_MAX;

/** A message to a peer that is not connected waits this long for the dial. */
export const OUTBOX_AGE_MS_MAX = 10_000;

/** Peers with a non-empty outbox at once; a node speaks to its cluster, the council and the sages. */
export const OUTBOX_PEERS_MAX = 2_000;

/** Frames of one peer that do not parse or break a bound before its connection is closed. */
export const PEER_FAULTS_MAX = 10;
/** How long a peer that was closed for faults may not come back. */
export const PEER_BAN_MS = 60_000;

/** Connections in all; the default of libp2p, with room for a sage that everybody bootstraps from. */
export const CONNECTIONS_MAX = 500;

/** Inbound connections a second from one address: a whole room behind one NAT, or ten nodes on loopback, start at once. */
export const INBOUND_CONNECTIONS_PER_SECOND_MAX = 200;
export const INBOUND_CONNECTIONS_PENDING_MAX = 100;

/** With so few known peers everybody is connected to everybody (one hop for every vote). */
export const FULL_MESH_PEERS_MAX = 40;
/** Connections that a node of a larger network keeps open by itself; gossip needs about a dozen. */
export const CONNECTIONS_WANTED = 24;

/** Remembered peers, in memory and in the store. */
export const PEERS_KNOWN_MAX = 10_000;
export const ADDRESSES_PER_PEER_MAX = 8;
export const ADDRESS_CHARACTERS_MAX = 200;
/** Peers told to another peer in one answer. */
export const PEERS_TOLD_MAX = 128;

/** How often a random connected peer is asked whom it knows. */
export const ASK_AGAIN_MS = 20_000;

/** At most one look-up in the distributed table in this time. */
export const FIND_EVERY_MS = 1_000;

/** Dials at the same time. */
export const DIALS_MAX = 8;
export const DIAL_TIMEOUT_MS = 5_000;
/** The first redial comes soon (a restarted process), then ever more rarely, but it never stops (protocol.md §8). */
export const REDIAL_FIRST_MS = 250;
export const REDIAL_MAX_MS = 30_000;
/** Whoever has the larger id waits before it dials, so that two nodes that learn of each other open one connection. */
export const DIAL_COURTESY_MS = 400;

/**
 * Connections that nothing waits for are opened one after the other at this pace: a node that starts first talks to
 * those it needs.
 */
export const DIAL_PACE_MS = 1_500;

/** How often the peer manager looks at its peers. */
export const PEER_CHECK_MS = 250;
/** A connected peer without a gossip stream for so long is disconnected and dialled again (facts.md). */
export const GOSSIP_STREAM_GRACE_MS = 8_000;
/** Own liveness check of idle connections; so many failures in a row close the connection. */
export const PING_EVERY_MS = 15_000;
export const PING_TIMEOUT_MS = 10_000;
export const PING_FAILURES_MAX = 3;

/** A bundle's chunk. Small enough to verify and resume often, large enough to keep the overhead of a frame small. */
export const BUNDLE_CHUNK_BYTES = 256 * 1024;
/** One problem package, packed. */
export const BUNDLE_BYTES_MAX = 1024 * 1024 * 1024;
export const BUNDLE_CHUNKS_MAX = BUNDLE_BYTES_MAX / BUNDLE_CHUNK_BYTES;
/** A peer that sends nothing for so long is given up for this fetch. */
export const BUNDLE_READ_TIMEOUT_MS = 10_000;
/** Bundle streams that one peer may have open to this node. */
export const BUNDLE_STREAMS_PER_PEER_MAX = 4;
