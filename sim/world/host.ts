/**
 * One virtual node: a machine, its timers, its disk, its clock and its sandbox. Carries effects out in order: what
 * follows a `store` waits until that is durable.
 */
import {
  type Command,
  type Effect,
  type EvaluationRequest,
  type Event,
  type NodeId,
  type SignedMessage,
  type TaskId,
  type TimerKey,
  unreachable,
} from "../../src/model/index.ts";
import type { RandomStream } from "../engine/random.ts";
import type { VirtualClock } from "./clock.ts";
import type { VirtualDisk } from "./disk.ts";
import type { EvaluatorModel } from "./evaluator.ts";
import type { Blueprint, Interceptor, Machine } from "./machine.ts";
import type { GossipContext, World } from "./world.ts";

export interface Timer {
  readonly key: TimerKey;
  /** When it fires; infinite when cleared. */
  micros: number;
  /** When its one queue entry comes up; a later `micros` moves on from there instead of piling up entries. */
  queuedMicros: number;
}

interface Evaluation {
  readonly request: EvaluationRequest;
  status: "waiting" | "running" | "over";
}

/** What waits for the disk. */
type Waiting = Exclude<Effect, { type: "set-timer" | "clear-timer" | "validity" }>;
type Deferred = Exclude<Waiting, { type: "store" }>;

export type HostStatus = "up" | "paused" | "down";

/** Reading a range of records back takes so long. */
const READ_MICROS = 200;
/** A machine that sets more timers than this has lost count of them. */
const TIMERS_MAX = 100_000;

export class Host {
  readonly index: number;
  readonly blueprint: Blueprint;
  readonly clock: VirtualClock;
  readonly disk: VirtualDisk;
  evaluator: EvaluatorModel;
  interceptors: readonly Interceptor[] = [];
  status: HostStatus = "down";
  /** Counts lives; what an earlier life had started must not reach a later one. */
  incarnation = -1;
  machine: Machine | undefined;
  readonly #world: World;
  readonly #random: RandomStream;
  #timers = new Map<TimerKey, Timer>();
  /** Effects that wait for the disk. */
  #waiting: Waiting[] = [];
  #diskBusy = false;
  /** Events that came while the process was stopped. */
  #backlog: (() => void)[] = [];
  #evaluations = new Map<TaskId, Evaluation>();
  #running = 0;

  constructor(
    world: World,
    index: number,
    blueprint: Blueprint,
    parts: { clock: VirtualClock; disk: VirtualDisk; evaluator: EvaluatorModel; random: RandomStream },
  ) {
    this.#world = world;
    this.index = index;
    this.blueprint = blueprint;
    this.clock = parts.clock;
    this.disk = parts.disk;
    this.evaluator = parts.evaluator;
    this.#random = parts.random;
  }

  get id(): NodeId {
    return this.blueprint.id;
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** How soon a timer fires, in microseconds; undefined when it is not set. */
  timerIn(key: TimerKey): number | undefined {
    const micros = this.#timers.get(key)?.micros;
    return micros === undefined || micros === Number.POSITIVE_INFINITY ? undefined : micros - this.#world.now;
  }

  start(): void {
    if (this.status !== "down") return;
    this.incarnation += 1;
    this.status = "up";
    const at = this.clock.read(this.#world.now);
    this.machine = this.blueprint.boot({
      records: this.disk.read(),
      incarnation: this.incarnation,
      seed: this.#random.word64(),
      at,
    });
    this.step({ type: "started", at });
  }

  /** Power off, or SIGKILL: what was not durable is lost. */
  crash(): void {
    if (this.status === "down") return;
    this.status = "down";
    this.machine = undefined;
    this.#timers = new Map();
    this.#waiting = [];
    this.#diskBusy = false;
    this.#backlog = [];
    this.#evaluations = new Map();
    this.#running = 0;
    this.disk.crash();
  }

  /** SIGSTOP: nothing is handled, nothing is lost but time. */
  pause(): void {
    if (this.status === "up") this.status = "paused";
  }

  resume(): void {
    if (this.status !== "paused") return;
    this.status = "up";
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const handle of backlog) handle();
  }

  /** A message arrived: as `handle`, without a closure in the ordinary case. */
  receive(from: NodeId, via: "direct" | "gossip", message: SignedMessage, gossip?: GossipContext): void {
    if (this.status === "up") this.step({ type: "message-received", at: this.#at(), from, via, message }, gossip);
    else this.handle(() => ({ type: "message-received", at: this.#at(), from, via, message }), gossip);
  }

  /** Hands one event to the machine, now or when the process goes on; `make` is asked for it then. */
  handle(make: () => Event, gossip?: GossipContext): void {
    if (this.status === "up") this.step(make(), gossip);
    else if (this.status === "paused") this.#backlog.push(() => this.handle(make, gossip));
  }

  command(request: string, command: Command["body"]): void {
    this.handle(() => ({ type: "command-received", at: this.#at(), request, command }));
  }

  step(given: Event, gossip?: GossipContext): void {
    if (this.machine === undefined) return;
    const event = this.interceptors.length === 0 ? given : this.#intercepted(given);
    if (event === undefined) return;
    let effects = this.machine.step(event);
    for (const { outbound } of this.interceptors) if (outbound !== undefined) effects = outbound(effects, event);
    this.#world.stepped(this, event, effects);
    // As the real driver does it: timers and the verdict on a message take effect at once, all else waits for the disk.
    let validity = "ignore";
    let others = 0;
    let isStored = this.#diskBusy;
    for (let index = 0; index < effects.length; index += 1) {
      const effect = effects[index] as Effect;
      if (effect.type === "set-timer") this.#setTimer(effect.timer, this.clock.microsAt(effect.at, this.#world.now));
      else if (effect.type === "clear-timer") this.#clearTimer(effect.timer);
      else if (effect.type === "validity") {
        if (gossip !== undefined) validity = effect.outcome;
        this.#world.judged(effect.outcome);
      } else {
        others += 1;
        isStored ||= effect.type === "store";
      }
    }
    if (validity === "accept" && gossip !== undefined) this.#world.forward(this, gossip);
    if (others === 0) return;
    if (isStored) this.#await(effects);
    else this.#performAll(effects);
  }

  /** Nothing is on its way to the disk, and nothing goes there. */
  #performAll(effects: readonly Effect[]): void {
    for (let index = 0; index < effects.length; index += 1) {
      const effect = effects[index] as Effect;
      if (effect.type === "set-timer" || effect.type === "clear-timer") continue;
      if (effect.type !== "validity" && effect.type !== "store") this.#perform(effect);
    }
  }

  #await(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "set-timer" || effect.type === "clear-timer" || effect.type === "validity") continue;
      this.#waiting.push(effect);
    }
    if (!this.#diskBusy) this.#carryOut();
  }

  #intercepted(given: Event): Event | undefined {
    let event: Event | undefined = given;
    for (const { inbound } of this.interceptors) {
      if (inbound !== undefined && event !== undefined) event = inbound(event);
    }
    return event;
  }

  timerDue(timer: Timer): void {
    if (this.#timers.get(timer.key) !== timer) return;
    const now = this.#world.now;
    if (timer.micros > now) {
      if (timer.micros === Number.POSITIVE_INFINITY) this.#timers.delete(timer.key);
      else this.#queueTimer(timer);
      return;
    }
    this.#timers.delete(timer.key);
    if (this.status === "up") this.step({ type: "timer-fired", at: this.#at(), timer: timer.key });
    else this.handle(() => ({ type: "timer-fired", at: this.#at(), timer: timer.key }));
  }

  #at(): Event["at"] {
    return this.clock.read(this.#world.now);
  }

  /** All stores that wait at one moment share one synced write; nothing behind a store is done before it is durable. */
  #carryOut(): void {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      let stores = 0;
      let first = batch.length;
      for (let index = 0; index < batch.length; index += 1) {
        const effect = batch[index] as Waiting;
        if (effect.type === "store") {
          this.disk.write(effect.writes);
          stores += 1;
          first = Math.min(first, index);
        } else if (stores === 0) this.#perform(effect);
      }
      if (stores === 0) continue;
      const behind = batch.slice(first).filter((effect) => effect.type !== "store");
      const micros = this.disk.drawSyncMicros();
      if (micros === 0) this.#durable(stores, behind);
      else {
        this.#diskBusy = true;
        this.#world.afterOn(this, micros, () => {
          this.#durable(stores, behind);
          this.#diskBusy = false;
          this.#carryOut();
        });
        return;
      }
    }
  }

  #durable(stores: number, behind: readonly Deferred[]): void {
    this.disk.sync(stores);
    for (const effect of behind) this.#perform(effect);
  }

  #perform(effect: Deferred): void {
    switch (effect.type) {
      case "send":
        return this.#world.send(this, effect.to, effect.message);
      case "publish":
        return this.#world.publish(this, effect.message);
      case "evaluate":
        return this.#evaluate(effect.request);
      case "cancel-evaluation": {
        const evaluation = this.#evaluations.get(effect.task);
        if (evaluation !== undefined) this.#finish(evaluation);
        return;
      }
      case "read":
        return this.#read(effect);
      case "remember-peer":
        return;
      case "notify":
        return this.#world.noticed(this, effect.notice);
      case "reply":
        return this.#world.replied(this, effect.request, effect.body, effect.final);
      default:
        return unreachable(effect);
    }
  }

  #clearTimer(key: TimerKey): void {
    const timer = this.#timers.get(key);
    if (timer !== undefined) timer.micros = Number.POSITIVE_INFINITY;
  }

  #setTimer(key: TimerKey, micros: number): void {
    const existing = this.#timers.get(key);
    if (existing !== undefined) {
      existing.micros = micros;
      if (existing.queuedMicros <= micros) return;
      // Sooner than its entry comes up: that entry is orphaned by a new timer of the same key.
      this.#timers.delete(key);
    }
    if (this.#timers.size >= TIMERS_MAX) throw new RangeError(`node ${this.index} set more than ${TIMERS_MAX} timers`);
    const timer: Timer = { key, micros, queuedMicros: micros };
    this.#timers.set(key, timer);
    this.#queueTimer(timer);
  }

  #queueTimer(timer: Timer): void {
    timer.queuedMicros = timer.micros;
    this.#world.timer(this, timer);
  }

  #read(effect: Extract<Effect, { type: "read" }>): void {
    const records = this.disk.range(effect.from, effect.to, effect.countMax, effect.bytesMax);
    this.#world.afterOn(this, READ_MICROS, () =>
      this.handle(() => ({ type: "records-read", at: this.#at(), read: effect.read, records })),
    );
  }

  #evaluate(request: EvaluationRequest): void {
    this.#evaluations.set(request.task, { request, status: "waiting" });
    this.#runNext();
  }

  #runNext(): void {
    for (const evaluation of this.#evaluations.values()) {
      if (this.#running >= this.evaluator.concurrency) return;
      if (evaluation.status === "waiting") this.#run(evaluation);
    }
  }

  #run(evaluation: Evaluation): void {
    this.#running += 1;
    evaluation.status = "running";
    const { request } = evaluation;
    const { task } = request;
    const micros = Math.max(1, Math.round(this.evaluator.costMicros(request, this.#random)));
    const total = this.evaluator.progressSteps + 1;
    for (let done = 1; done < total; done += 1) {
      this.#world.afterOn(this, Math.ceil((micros * done) / total), () => {
        if (evaluation.status !== "running") return;
        this.handle(() => ({ type: "evaluation-progressed", at: this.#at(), task, done, total }));
      });
    }
    this.#world.afterOn(this, micros, () => {
      if (evaluation.status !== "running") return;
      this.#finish(evaluation);
      const outcome = this.evaluator.outcome(request, this.#random);
      this.handle(() => ({ type: "evaluation-finished", at: this.#at(), task, outcome }));
    });
  }

  /** Done, or killed: the slot is free at once. */
  #finish(evaluation: Evaluation): void {
    if (evaluation.status === "running") this.#running -= 1;
    evaluation.status = "over";
    this.#evaluations.delete(evaluation.request.task);
    this.#runNext();
  }
}
