/** What every submodule does to the outside: effects of the current step. */
import {
  codec,
  type Instant,
  later,
  type NodeId,
  nextFraction,
  type SignedMessage,
  signMessage,
  type StoreWrite,
} from "../src/model/index.ts";
import type { Happening, Live, Machine, Peer } from "./machine.ts";
import type { Notice } from "./notices.ts";

/** Signs a message of this node. */
export function signed<T>(m: Machine, kind: string, shape: codec.Shape<T>, value: T): SignedMessage {
  return signMessage(m.config.signer, m.contest, kind, codec.encode(shape, value));
}

export function send<T>(m: Machine, to: NodeId, kind: string, shape: codec.Shape<T>, value: T): void {
  forward(m, to, signed(m, kind, shape, value));
}

/** One signature for many receivers. */
export function sendAll<T>(m: Machine, to: Iterable<NodeId>, kind: string, shape: codec.Shape<T>, value: T): void {
  const receivers = [...to];
  if (receivers.length === 0) return;
  const message = signed(m, kind, shape, value);
  for (const receiver of receivers) forward(m, receiver, message);
}

/** To oneself without the network. */
export function forward(m: Machine, to: NodeId, message: SignedMessage): void {
  if (to === m.self) m.local.push(message);
  else m.effects.push({ type: "send", to, message });
}

export function publish(m: Machine, message: SignedMessage): void {
  m.effects.push({ type: "publish", message });
}

export function store(m: Machine, ...writes: readonly StoreWrite[]): void {
  m.effects.push({ type: "store", writes });
}

export function notify(m: Machine, notice: Notice): void {
  m.effects.push({ type: "notify", notice });
}

/** Timers run on the driver's clock. */
export function setTimer(m: Machine, timer: string, inMs: number): void {
  m.effects.push({ type: "set-timer", timer, at: later(m.clock.localMs as Instant, inMs) });
}

export function setTimerAt(m: Machine, timer: string, at: Instant): void {
  m.effects.push({ type: "set-timer", timer, at: later(0 as Instant, Math.max(0, at - m.clock.offsetMs)) });
}

export function clearTimer(m: Machine, timer: string): void {
  m.effects.push({ type: "clear-timer", timer });
}

export function happen(m: Machine, happening: Happening): void {
  m.happened.push(happening);
}

/** Whether to take the unusual path here: always false in production (`ParticipantConfig.maybe`). */
export function maybe(m: Machine, site: string): boolean {
  return m.config.maybe?.(site) === true;
}

/** Uniform in [0, boundMs). */
export function randomWait(m: Machine, boundMs: number): number {
  return nextFraction(m.random) * boundMs;
}

/** Bounded exponential back-off with jitter: what is retried for as long as it takes. */
export function backOff(m: Machine, attempts: number): number {
  const { retryMinMs, retryMaxMs } = m.timing;
  const bound = Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(attempts, 20));
  return bound / 2 + randomWait(m, bound / 2);
}

/** The record of a peer, made when first needed. Bounded by the roster: strangers get none. */
export function peerOf(m: Machine, id: NodeId): Peer {
  let peer = m.peers.get(id);
  if (peer === undefined) {
    peer = { connected: false, heardAt: null, echoedAt: null, rttMs: null };
    m.peers.set(id, peer);
  }
  return peer;
}

/** The contest under way; handlers of its messages run only then. */
export function liveOf(m: Machine): Live | undefined {
  return m.live ?? undefined;
}
