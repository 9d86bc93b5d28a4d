/**
 * Runs a machine in the real world: one event at a time, effects in order, nothing after a `store` before it is durable.
 * Timers and the validity of a gossiped message take effect at once; everything else passes through the effect queue.
 */
import {
  type Effect,
  type Event,
  type Instant,
  type NodeId,
  type SignedMessage,
  unreachable,
} from "../../model/index.ts";
import type { GossipValidity, Network, NetworkHandlers } from "../network/index.ts";
import type { Store } from "../store/index.ts";
import { EffectQueue } from "./effect-queue.ts";
import { Evaluator, type Judge } from "./evaluator.ts";
import { Inbox, type Lane, type Received } from "./inbox.ts";
import { Timers } from "./timers.ts";

/** Any sans-IO machine. */
export interface Machine {
  step(event: Event): readonly Effect[];
}

export interface DriverOptions {
  readonly machine: Machine;
  /** The machine's own part of the store. */
  readonly store: Store;
  readonly network: Network;
  readonly judge: Judge;
  /** Evaluations at the same time. */
  readonly slots: number;
  readonly now: () => Instant;
  readonly laneOf: (kind: string) => Lane;
  readonly onNotice: (notice: { readonly type: string }) => void;
  /** A refused message; for the log and counters. */
  readonly onRefused?: (from: NodeId, kind: string, outcome: GossipValidity, code: string) => void;
  /** Our own bug, or a store that cannot be written: the node must stop. Called once. */
  readonly onFatal: (error: unknown) => void;
}

export interface DriverCounters {
  readonly events: number;
  readonly effects: number;
  readonly inboxDropped: number;
  readonly accepted: number;
  readonly ignored: number;
  readonly rejected: number;
}

interface Waiting extends Received {
  readonly answer: ((validity: GossipValidity) => void) | undefined;
}

/** The driver gives the event loop back after so long. */
const SLICE_MS = 8;
/** Commands under way; each may have news for as long as its caller listens. */
export const COMMANDS_MAX = 1_000;

type ReplyHandler = (body: unknown, final: boolean) => void;

export class Driver implements NetworkHandlers {
  readonly #options: DriverOptions;
  readonly #inbox: Inbox<Waiting>;
  readonly #timers: Timers;
  readonly #effects: EffectQueue;
  readonly #evaluator: Evaluator;
  readonly #commands = new Map<string, ReplyHandler>();
  readonly #counters = { events: 0, effects: 0, inboxDropped: 0, accepted: 0, ignored: 0, rejected: 0 };
  #nextRequest = 0;
  #drainScheduled = false;
  #stepping = false;
  #local: Event[] = [];
  #stopped = false;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#inbox = new Inbox(options.laneOf);
    this.#timers = new Timers(options.now, (timer) => this.#handle({ type: "timer-fired", at: options.now(), timer }));
    this.#effects = new EffectQueue(
      (writes) => options.store.write(writes),
      (effect) => this.#carryOut(effect),
      (error) => this.#fatal(error),
    );
    this.#evaluator = new Evaluator(options.judge, options.slots, {
      onProgress: (task, done, total) =>
        this.#handle({ type: "evaluation-progressed", at: options.now(), task, done, total }),
      onFinished: (task, outcome) => this.#handle({ type: "evaluation-finished", at: options.now(), task, outcome }),
    });
  }

  /** Tells the machine that the node came up; the network may be started right after. */
  start(): void {
    this.#handle({ type: "started", at: this.#options.now() });
  }

  onMessage(from: NodeId, message: SignedMessage): void {
    this.#receive({ from, via: "direct", message, answer: undefined });
  }

  onGossip(from: NodeId, message: SignedMessage): Promise<GossipValidity> {
    const { promise, resolve } = Promise.withResolvers<GossipValidity>();
    this.#receive({ from, via: "gossip", message, answer: resolve });
    return promise;
  }

  onPeerConnected(peer: NodeId): void {
    this.#handle({ type: "peer-connected", at: this.#options.now(), peer });
  }

  onPeerDisconnected(peer: NodeId): void {
    this.#handle({ type: "peer-disconnected", at: this.#options.now(), peer });
  }

  /**
   * Gives the machine a command; `onReply` hears every answer, the last one with `final`. Returns a function that stops
   * listening, or undefined when too many commands are under way.
   */
  command(body: { readonly type: string }, onReply: ReplyHandler): (() => void) | undefined {
    if (this.#stopped || this.#commands.size >= COMMANDS_MAX) return undefined;
    this.#nextRequest += 1;
    const request = `c${this.#nextRequest}`;
    this.#commands.set(request, onReply);
    this.#handle({ type: "command-received", at: this.#options.now(), request, command: body });
    return () => this.#commands.delete(request);
  }

  counters(): DriverCounters {
    return { ...this.#counters };
  }

  /** Nothing is stepped any more; what was decided before is carried out and durable when it resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timers.clearAll();
    this.#evaluator.close();
    await this.#effects.idle();
  }

  #receive(received: Waiting): void {
    if (this.#stopped || !this.#inbox.push(received)) {
      this.#counters.inboxDropped += 1;
      received.answer?.("ignore");
      return;
    }
    this.#scheduleDrain();
  }

  /** Handled in a batch after the current I/O, so that what came together is ordered by urgency, not by socket. */
  #scheduleDrain(): void {
    if (this.#drainScheduled) return;
    this.#drainScheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#drainScheduled = false;
    if (this.#stopped) {
      for (let left = this.#inbox.shift(); left !== undefined; left = this.#inbox.shift()) left.answer?.("ignore");
      return;
    }
    const endMs = performance.now() + SLICE_MS;
    while (!this.#stopped && performance.now() < endMs) {
      if (this.#effects.isFull) {
        // The disk is the bottleneck: let it catch up before more work is taken in.
        void this.#effects.idle().then(() => this.#scheduleDrain());
        return;
      }
      const received = this.#inbox.shift();
      if (received === undefined) return;
      this.#stepMessage(received);
    }
    if (this.#inbox.size > 0) this.#scheduleDrain();
  }

  #stepMessage({ from, via, message, answer }: Waiting): void {
    const effects = this.#step({ type: "message-received", at: this.#options.now(), from, via, message });
    const validity = effects.find((effect) => effect.type === "validity");
    const outcome = validity?.outcome ?? "ignore";
    answer?.(outcome);
    if (outcome === "accept") this.#counters.accepted += 1;
    else {
      this.#counters[outcome === "ignore" ? "ignored" : "rejected"] += 1;
      this.#options.onRefused?.(from, message.kind, outcome, validity?.code ?? "no-validity");
    }
    this.#stepLocal();
  }

  /** Events of the node itself: handled at once, one after the other. */
  #handle(event: Event): void {
    this.#local.push(event);
    if (!this.#stepping) this.#stepLocal();
  }

  #stepLocal(): void {
    for (let event = this.#local.shift(); event !== undefined; event = this.#local.shift()) this.#step(event);
  }

  #step(event: Event): readonly Effect[] {
    if (this.#stopped) return [];
    this.#stepping = true;
    try {
      const effects = this.#options.machine.step(event);
      this.#counters.events += 1;
      this.#counters.effects += effects.length;
      for (const effect of effects) {
        if (effect.type === "set-timer") this.#timers.set(effect.timer, effect.at);
        else if (effect.type === "clear-timer") this.#timers.clear(effect.timer);
      }
      this.#effects.push(effects);
      return effects;
    } catch (error) {
      this.#fatal(error);
      return [];
    } finally {
      this.#stepping = false;
    }
  }

  #carryOut(effect: Exclude<Effect, { readonly type: "store" }>): void {
    const { network, now } = this.#options;
    switch (effect.type) {
      case "set-timer":
      case "clear-timer":
      case "validity":
        return; // Done when the step returned.
      case "send":
        return network.send(effect.to, effect.message);
      case "publish":
        return network.publish(effect.message);
      case "remember-peer":
        return network.remember(effect.peer, effect.addresses);
      case "evaluate":
        return this.#evaluator.start(effect.request);
      case "cancel-evaluation":
        return this.#evaluator.cancel(effect.task);
      case "notify":
        return this.#options.onNotice(effect.notice);
      case "reply": {
        const handler = this.#commands.get(effect.request);
        if (effect.final) this.#commands.delete(effect.request);
        return handler?.(effect.body, effect.final);
      }
      case "read":
        this.#options.store.read(effect).then(
          (records) => this.#handle({ type: "records-read", at: now(), read: effect.read, records }),
          (error: unknown) => this.#fatal(error),
        );
        return undefined;
      default:
        return unreachable(effect);
    }
  }

  #fatal(error: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timers.clearAll();
    this.#evaluator.close();
    this.#options.onFatal(error);
  }
}
