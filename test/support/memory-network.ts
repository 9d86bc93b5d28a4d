/** An in-memory network for tests; passes the same compliance suite as libp2p. Delivery is asynchronous and in order. */
import { decodeMessage, encodeMessage, type NodeId, type SignedMessage } from "../../src/model/index.ts";
import type { Network, NetworkCounters, NetworkHandlers, PeerStatus } from "../../src/node/network/index.ts";

export class MemoryHub {
  readonly nodes = new Map<NodeId, MemoryNetwork>();
}

export class MemoryNetwork implements Network {
  readonly id: NodeId;
  readonly #hub: MemoryHub;
  readonly #connected = new Set<NodeId>();
  readonly #counters = { sent: 0, received: 0, published: 0, gossiped: 0, dropped: 0, malformed: 0 };
  handlers: NetworkHandlers | undefined;

  constructor(hub: MemoryHub, id: NodeId) {
    this.#hub = hub;
    this.id = id;
  }

  addresses(): readonly string[] {
    return this.handlers === undefined ? [] : [`/ip4/127.0.0.1/tcp/1/p2p/${this.id}`];
  }

  async start(handlers: NetworkHandlers): Promise<void> {
    this.handlers = handlers;
    for (const other of this.#hub.nodes.values()) {
      other.#connect(this.id);
      this.#connect(other.id);
    }
    this.#hub.nodes.set(this.id, this);
  }

  #connect(peer: NodeId): void {
    this.#connected.add(peer);
    queueMicrotask(() => this.handlers?.onPeerConnected(peer));
  }

  send(to: NodeId, message: SignedMessage): void {
    if (to === this.id || this.handlers === undefined) return;
    this.#counters.sent += 1;
    const copy = decodeMessage(encodeMessage(message));
    setImmediate(() => {
      if (copy !== undefined) this.#hub.nodes.get(to)?.handlers?.onMessage(this.id, copy);
    });
  }

  publish(message: SignedMessage): void {
    if (this.handlers === undefined) return;
    this.#counters.published += 1;
    for (const [id, node] of this.#hub.nodes) {
      if (id === this.id) continue;
      const copy = decodeMessage(encodeMessage(message));
      setImmediate(() => {
        if (copy !== undefined) void node.handlers?.onGossip(this.id, copy);
      });
    }
  }

  remember(): void {}

  peers(): readonly PeerStatus[] {
    return [...this.#connected].map((id) => ({ id, connected: true, addresses: [], roundTripMs: 0, failures: 0 }));
  }

  counters(): NetworkCounters {
    return this.#counters;
  }

  async stop(): Promise<void> {
    if (this.handlers === undefined) return;
    this.handlers = undefined;
    this.#hub.nodes.delete(this.id);
    for (const peer of this.#connected) {
      const other = this.#hub.nodes.get(peer);
      if (other !== undefined) other.#disconnect(this.id);
    }
  }

  #disconnect(peer: NodeId): void {
    this.#connected.delete(peer);
    this.handlers?.onPeerDisconnected(peer);
  }
}
