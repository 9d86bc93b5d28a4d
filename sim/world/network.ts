/**
 * The virtual network: when a message sent now arrives, if at all. Links are streams (in order per pair while connected)
 * over a lossy, jittery, partitionable net; gossip hops are unordered.
 */
import type { RandomStream, Randomness } from "../engine/random.ts";
import { drawLatency, type LatencyModel } from "./latency.ts";

export interface NetworkOptions {
  readonly latency: LatencyModel;
  /** Share of messages that never arrive. */
  readonly loss: number;
  /** Share of messages that arrive twice. */
  readonly duplication: number;
  /** Share of gossip hops held back by up to ten latencies, so that later ones overtake them. */
  readonly reordering: number;
  /** Each node's uplink, bits per second; 0 is unbounded. */
  readonly uplinkBitsPerSecond: number;
  /** A broken or new link is noticed after so long; microseconds, drawn uniformly up to this. */
  readonly detectionMicros: number;
}

export const CALM_NETWORK: NetworkOptions = {
  latency: { type: "log-normal", medianMicros: 500, sigma: 0.3 },
  loss: 0,
  duplication: 0,
  reordering: 0,
  uplinkBitsPerSecond: 0,
  detectionMicros: 50_000,
};

/** A partition: messages from a node on one side do not reach the other. */
export interface Cut {
  /** 1 for nodes on the near side, 0 for the others; indexed by node. */
  readonly side: Uint8Array;
  /** Only messages from the near side to the far side are lost. */
  readonly oneWay: boolean;
}

/** What a message costs on the wire besides its body: envelope, signature, stream and TCP/IP headers. */
export const OVERHEAD_BYTES = 220;
/** A first message to a peer pays for dialling: TCP, Noise, Yamux and identify take three round trips. */
const DIAL_LATENCIES = 6;
const NEVER = -1;

export class Network {
  options: NetworkOptions;
  readonly nodes: number;
  /** Loss and latency are raised by faults for a while. */
  extraLoss = 0;
  latencyFactor = 1;
  sent = 0;
  lost = 0;
  duplicated = 0;
  readonly #random: RandomStream;
  readonly #faultRandom: RandomStream;
  readonly #cuts = new Map<number, Cut>();
  #nextCut = 0;
  /** Per ordered pair that talked: when its last message arrives; negative: it must dial. */
  readonly #lastArrival: Float64Array;
  readonly #uplinkFreeAt: Float64Array;

  constructor(nodes: number, options: NetworkOptions, randomness: Randomness) {
    this.nodes = nodes;
    this.options = options;
    this.#random = randomness.stream(-1, "network/latency");
    this.#faultRandom = randomness.stream(-1, "network/faults");
    this.#uplinkFreeAt = new Float64Array(nodes);
    this.#lastArrival = new Float64Array(nodes * nodes).fill(NEVER);
  }

  cut(cut: Cut): number {
    const id = this.#nextCut;
    this.#nextCut += 1;
    this.#cuts.set(id, cut);
    return id;
  }

  heal(id: number): void {
    this.#cuts.delete(id);
  }

  healAll(): void {
    this.#cuts.clear();
    this.extraLoss = 0;
    this.latencyFactor = 1;
  }

  get cutCount(): number {
    return this.#cuts.size;
  }

  blocked(from: number, to: number): boolean {
    if (this.#cuts.size === 0) return false;
    for (const { side, oneWay } of this.#cuts.values()) {
      if (side[from] !== side[to] && (!oneWay || side[from] === 1)) return true;
    }
    return false;
  }

  /** Whether a connection between the two can live: both directions are needed. */
  severed(a: number, b: number): boolean {
    return this.#cuts.size > 0 && (this.blocked(a, b) || this.blocked(b, a));
  }

  /** The pair's streams are gone; the next message dials anew. */
  disconnect(a: number, b: number): void {
    this.#lastArrival[a * this.nodes + b] = NEVER;
    this.#lastArrival[b * this.nodes + a] = NEVER;
  }

  /** All streams of a node that crashed are gone. */
  forget(node: number): void {
    for (let other = 0; other < this.nodes; other += 1) this.disconnect(node, other);
  }

  /** Arrival of a message on the stream from → to, or undefined when it is lost. */
  deliverDirect(from: number, to: number, bytes: number, now: number): number | undefined {
    const departure = this.#transmit(from, bytes, now);
    if (this.#drops(from, to)) return undefined;
    const key = from * this.nodes + to;
    const last = this.#lastArrival[key] as number;
    const latency = this.#drawLatency(from, to) * (last < 0 ? 1 + DIAL_LATENCIES : 1);
    const arrival = Math.max(departure + latency, last + 1);
    this.#lastArrival[key] = arrival;
    return arrival;
  }

  /** Arrival over one edge of the overlay, whose streams are always open; undefined when lost. */
  deliverGossip(from: number, to: number, bytes: number, now: number): number | undefined {
    const departure = this.#transmit(from, bytes, now);
    if (this.#drops(from, to)) return undefined;
    let latency = this.#drawLatency(from, to);
    if (this.options.reordering > 0 && this.#faultRandom.chance(this.options.reordering)) {
      latency = Math.ceil(latency * (1 + 9 * this.#faultRandom.fraction()));
    }
    return departure + latency;
  }

  duplicates(): boolean {
    if (this.options.duplication === 0 || !this.#faultRandom.chance(this.options.duplication)) return false;
    this.duplicated += 1;
    return true;
  }

  #drawLatency(from: number, to: number): number {
    return Math.ceil(drawLatency(this.options.latency, from, to, this.#random) * this.latencyFactor);
  }

  #drops(from: number, to: number): boolean {
    this.sent += 1;
    const loss = this.options.loss + this.extraLoss;
    if (this.blocked(from, to) || (loss > 0 && this.#faultRandom.chance(loss))) {
      this.lost += 1;
      return true;
    }
    return false;
  }

  #transmit(from: number, bytes: number, now: number): number {
    const rate = this.options.uplinkBitsPerSecond;
    if (rate === 0) return now;
    const start = Math.max(now, this.#uplinkFreeAt[from] as number);
    const end = Math.ceil(start + ((bytes + OVERHEAD_BYTES) * 8e6) / rate);
    this.#uplinkFreeAt[from] = end;
    return end;
  }
}
