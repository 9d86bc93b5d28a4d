/** The virtual world: hosts, network and gossip on one queue of events in virtual microseconds. */
import { type Effect, type Event, InvariantError, type NodeId, type SignedMessage } from "../../src/model/index.ts";
import type { QueueEntry } from "../engine/queue.ts";
import { hashText, Randomness } from "../engine/random.ts";
import { fingerprint, TraceHash } from "../engine/trace.ts";
import { TimingWheel } from "../engine/wheel.ts";
import { type ClockOptions, PERFECT_CLOCK, VirtualClock } from "./clock.ts";
import { type DiskOptions, INSTANT_DISK, VirtualDisk } from "./disk.ts";
import { type EvaluatorModel, NO_EVALUATOR } from "./evaluator.ts";
import { GossipTable, type GossipRecord, hasSeen, HEARTBEAT_MICROS, LAZY_PULLS_MAX, markSeen } from "./gossip.ts";
import { Host, type Timer } from "./host.ts";
import type { Blueprint } from "./machine.ts";
import { CALM_NETWORK, Network, type NetworkOptions } from "./network.ts";
import { drawOverlay } from "./overlay.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly network?: NetworkOptions;
  /** Mean number of neighbours in the overlay; default 8, gossipsub's D. */
  readonly degree?: number;
  readonly clockOf?: (node: number) => ClockOptions;
  readonly diskOf?: (node: number) => DiskOptions;
  readonly evaluatorOf?: (node: number) => EvaluatorModel;
}

/** Who looks on. Observers never change anything. */
export interface Observer {
  readonly stepped?: (host: Host, event: Event, effects: readonly Effect[]) => void;
  /** A message leaves its node: what it waited for is durable. Once for each receiver. */
  readonly sent?: (host: Host, message: SignedMessage) => void;
  readonly noticed?: (host: Host, notice: { readonly type: string }) => void;
  readonly crashed?: (host: Host) => void;
}

export interface GossipContext {
  readonly record: GossipRecord;
  readonly from: number;
}

/** Peers hear so soon that a process died. */
const RESET_MICROS = 1_000;
/** A started node has dialled its neighbours within this time. */
const RECONNECT_MICROS = 20_000;

const NOBODY: readonly Host[] = [];

/** All have the same fields in the same order: the loop that serves them meets one form of object. */
interface ActionOf<Type extends string, On extends Host | undefined, Item> {
  readonly type: Type;
  /** Whom it happens to. */
  readonly host: On;
  /** Of that host, when the action was made; −1 where it does not matter. */
  readonly incarnation: number;
  /** The node that a message comes from; −1 where none does. */
  readonly from: number;
  readonly item: Item;
}

type Action =
  | ActionOf<"call", undefined, () => void>
  | ActionOf<"call-on", Host, () => void>
  | ActionOf<"timer", Host, Timer>
  | ActionOf<"direct", Host, SignedMessage>
  | ActionOf<"hop", Host, GossipRecord>;

export interface Counters {
  /** Queue entries served. */
  events: number;
  /** Events handed to machines. */
  steps: number;
  published: number;
  rejected: number;
}

export class World {
  readonly randomness: Randomness;
  readonly network: Network;
  readonly hosts: readonly Host[];
  readonly trace = new TraceHash();
  readonly counters: Counters = { events: 0, steps: 0, published: 0, rejected: 0 };
  readonly observers: Observer[] = [];
  /** Virtual microseconds since the world began. */
  now = 0;
  readonly #queue = new TimingWheel({ bucketsLog2: 15, bucketMicros: 256 });
  readonly #entry: QueueEntry = { time: 0, sequence: 0, payload: 0 };
  #sequence = 0;
  readonly #actions: (Action | undefined)[] = [];
  readonly #freeActions: number[] = [];
  /** Several for twins: they answer to one name. */
  readonly #hostsOf = new Map<NodeId, Host[]>();
  readonly #overlay: readonly Int32Array[];
  readonly #gossip: GossipTable;
  /** Pairs a < b that are connected, as a · nodes + b. */
  readonly #connected = new Set<number>();
  readonly #linkRandom;
  readonly #replies = new Map<string, (body: unknown, final: boolean) => void>();
  #requests = 0;

  constructor(blueprints: readonly Blueprint[], options: WorldOptions) {
    const nodes = blueprints.length;
    this.randomness = new Randomness(options.seed);
    this.network = new Network(nodes, options.network ?? CALM_NETWORK, this.randomness);
    this.#overlay = drawOverlay(nodes, options.degree ?? 8, this.randomness.stream(-1, "overlay"));
    this.#gossip = new GossipTable(nodes);
    this.#linkRandom = this.randomness.stream(-1, "links");
    this.hosts = blueprints.map(
      (blueprint, node) =>
        new Host(this, node, blueprint, {
          clock: new VirtualClock(options.clockOf?.(node) ?? PERFECT_CLOCK),
          disk: new VirtualDisk(options.diskOf?.(node) ?? INSTANT_DISK, this.randomness.stream(node, "disk")),
          evaluator: options.evaluatorOf?.(node) ?? NO_EVALUATOR,
          random: this.randomness.stream(node, "host"),
        }),
    );
    for (const host of this.hosts) {
      const named = this.#hostsOf.get(host.id);
      if (named === undefined) this.#hostsOf.set(host.id, [host]);
      else named.push(host);
    }
  }

  /** Carries out everything up to and including virtual `micros`. */
  runUntil(micros: number): void {
    while (this.#queue.size > 0) {
      if (!this.#queue.pop(this.#entry)) break;
      const { time, payload, sequence } = this.#entry;
      if (time > micros) {
        this.#queue.push(time, sequence, payload);
        break;
      }
      this.now = time;
      const action = this.#actions[payload] as Action;
      this.#actions[payload] = undefined;
      this.#freeActions.push(payload);
      this.counters.events += 1;
      this.#act(action);
    }
    this.now = micros;
  }

  /** Runs until `done`, looking every `everyMicros`; false when `limitMicros` came first. */
  runWhile(goesOn: () => boolean, limitMicros: number, everyMicros = 50_000): boolean {
    while (goesOn()) {
      if (this.now >= limitMicros) return false;
      this.runUntil(Math.min(limitMicros, this.now + everyMicros));
    }
    return true;
  }

  at(micros: number, run: () => void): void {
    this.#push(micros, { type: "call", host: undefined, incarnation: -1, from: -1, item: run });
  }

  after(micros: number, run: () => void): void {
    this.#push(this.now + micros, { type: "call", host: undefined, incarnation: -1, from: -1, item: run });
  }

  start(node: number): void {
    const host = this.#host(node);
    if (host.status !== "down") return;
    this.trace.add(hashText("start") ^ node);
    host.start();
    this.#checkLinksOf(node, RECONNECT_MICROS);
  }

  crash(node: number, disk: "keep" | "wipe" = "keep"): void {
    const host = this.#host(node);
    if (host.status === "down") return;
    this.trace.add(hashText("crash") ^ node);
    host.crash();
    if (disk === "wipe") host.disk.wipe();
    this.network.forget(node);
    for (const peer of this.#overlay[node] as Int32Array) {
      if (!this.#connected.delete(this.#pair(node, peer))) continue;
      const other = this.#host(peer);
      // The kernel resets the connections of a dead process at once; a fast restart connects only afterwards.
      this.after(RESET_MICROS, () => {
        other.handle(() => ({ type: "peer-disconnected", at: other.clock.read(this.now), peer: host.id }));
      });
    }
    for (const observer of this.observers) observer.crashed?.(host);
  }

  pause(node: number): void {
    this.#host(node).pause();
  }

  resume(node: number): void {
    this.#host(node).resume();
  }

  /** Cuts or heals changed: connections notice after a while. */
  linksChanged(): void {
    for (let node = 0; node < this.hosts.length; node += 1) {
      this.#checkLinksOf(node, this.network.options.detectionMicros, true);
    }
  }

  /** Asks a node's own machine; `onReply` hears every answer. */
  command(node: number, body: { readonly type: string }, onReply?: (body: unknown, final: boolean) => void): void {
    this.#requests += 1;
    const request = `sim-${this.#requests}`;
    if (onReply !== undefined) this.#replies.set(request, onReply);
    this.#host(node).command(request, body);
  }

  // What hosts call.

  send(from: Host, to: NodeId, message: SignedMessage): void {
    for (const observer of this.observers) observer.sent?.(from, message);
    for (const host of this.#hostsOf.get(to) ?? NOBODY) {
      if (host === from) continue;
      const arrival = this.network.deliverDirect(from.index, host.index, bytesOf(message), this.now);
      if (arrival === undefined) continue;
      const action = { type: "direct", host, incarnation: -1, from: from.index, item: message } as const;
      this.#push(arrival, action);
      if (this.network.duplicates()) this.#push(arrival, action);
    }
  }

  publish(from: Host, message: SignedMessage): void {
    for (const observer of this.observers) observer.sent?.(from, message);
    const record = this.#gossip.open(message, bytesOf(message), this.now);
    if (!markSeen(record, from.index)) return;
    this.counters.published += 1;
    this.#forward(record, from.index, -1);
  }

  judged(outcome: "accept" | "ignore" | "reject"): void {
    if (outcome === "reject") this.counters.rejected += 1;
  }

  /** The machine accepted a gossiped message: on it goes. */
  forward(host: Host, gossip: GossipContext): void {
    this.#forward(gossip.record, host.index, gossip.from);
  }

  timer(host: Host, timer: Timer): void {
    this.#push(timer.micros, { type: "timer", host, incarnation: host.incarnation, from: -1, item: timer });
  }

  /** Runs unless the node has crashed meanwhile. */
  afterOn(host: Host, micros: number, run: () => void): void {
    this.#push(this.now + micros, { type: "call-on", host, incarnation: host.incarnation, from: -1, item: run });
  }

  noticed(host: Host, notice: { readonly type: string }): void {
    for (const observer of this.observers) observer.noticed?.(host, notice);
  }

  replied(_host: Host, request: string, body: unknown, final: boolean): void {
    const onReply = this.#replies.get(request);
    if (final) this.#replies.delete(request);
    onReply?.(body, final);
  }

  stepped(host: Host, event: Event, effects: readonly Effect[]): void {
    this.counters.steps += 1;
    const { trace } = this;
    trace.addInteger(this.now);
    trace.add((host.index << 8) ^ eventWord(event.type) ^ (effects.length << 24));
    if (event.type === "message-received") trace.add(fingerprint(event.message.signature));
    host.machine?.checkInvariants();
    for (const observer of this.observers) observer.stepped?.(host, event, effects);
  }

  #host(node: number): Host {
    const host = this.hosts[node];
    if (host === undefined) throw new InvariantError(`no node ${node}`);
    return host;
  }

  #push(micros: number, action: Action): void {
    if (Number.isNaN(micros)) throw new InvariantError("an action at no time");
    const slot = this.#freeActions.pop() ?? this.#actions.length;
    this.#actions[slot] = action;
    this.#sequence += 1;
    this.#queue.push(Math.max(micros, this.now), this.#sequence, slot);
  }

  #act(action: Action): void {
    switch (action.type) {
      case "call":
        return action.item();
      case "call-on":
        if (action.host.incarnation === action.incarnation && action.host.status !== "down") action.item();
        return;
      case "timer":
        if (action.host.incarnation === action.incarnation) action.host.timerDue(action.item);
        return;
      case "direct":
        if (this.network.blocked(action.from, action.host.index)) return;
        return action.host.receive(this.#host(action.from).id, "direct", action.item);
      case "hop":
        return this.#arrive(action.host, action.from, action.item);
    }
  }

  #forward(record: GossipRecord, from: number, source: number): void {
    for (const to of this.#overlay[from] as Int32Array) {
      if (to !== source) this.#hop(record, from, to, 0);
    }
  }

  #hop(record: GossipRecord, from: number, to: number, tries: number): void {
    const arrival = this.network.deliverGossip(from, to, record.bytes, this.now);
    if (arrival !== undefined) {
      // What a node has seen already arrives without a trace.
      if (hasSeen(record, to)) return;
      this.#push(arrival, { type: "hop", host: this.#host(to), incarnation: -1, from, item: record });
      return;
    }
    if (tries >= LAZY_PULLS_MAX) return;
    this.after(Math.ceil(HEARTBEAT_MICROS * (0.5 + this.#linkRandom.fraction())), () => {
      if (this.hosts[from]?.status === "up") this.#hop(record, from, to, tries + 1);
    });
  }

  #arrive(host: Host, from: number, record: GossipRecord): void {
    if (host.status === "down" || this.network.blocked(from, host.index) || !markSeen(record, host.index)) return;
    host.receive(this.#host(from).id, "gossip", record.message, { record, from });
  }

  #checkLinksOf(node: number, delayMicros: number, onlyAbove = false): void {
    for (const peer of this.#overlay[node] as Int32Array) {
      if (onlyAbove && peer < node) continue;
      const delay = RESET_MICROS + 1 + Math.ceil(delayMicros * this.#linkRandom.fraction());
      this.after(delay, () => this.#checkLink(node, peer));
    }
  }

  #pair(a: number, b: number): number {
    return Math.min(a, b) * this.hosts.length + Math.max(a, b);
  }

  /** Brings the two ends' knowledge of their connection up to the truth; harmless when nothing changed. */
  #checkLink(a: number, b: number): void {
    const key = this.#pair(a, b);
    const first = this.#host(a);
    const second = this.#host(b);
    const alive = first.status !== "down" && second.status !== "down" && !this.network.severed(a, b);
    if (alive === this.#connected.has(key)) return;
    if (alive) this.#connected.add(key);
    else {
      this.#connected.delete(key);
      this.network.disconnect(a, b);
    }
    const type = alive ? "peer-connected" : "peer-disconnected";
    first.handle(() => ({ type, at: first.clock.read(this.now), peer: second.id }));
    second.handle(() => ({ type, at: second.clock.read(this.now), peer: first.id }));
  }
}

const eventWords = new Map<string, number>();

function eventWord(type: string): number {
  let word = eventWords.get(type);
  if (word === undefined) eventWords.set(type, (word = hashText(type)));
  return word;
}

function bytesOf(message: SignedMessage): number {
  return message.body.length + message.signature.length;
}
