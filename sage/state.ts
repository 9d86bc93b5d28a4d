/** The state of one sage. */
import type {
  Admission,
  ContestId,
  Instant,
  Manifest,
  NodeId,
  RandomState,
  Removal,
  Reveal,
  Roster,
  RosterCertificate,
  Seats,
  SignedMessage,
  StoreWrite,
} from "../src/model/index.ts";
import { later, nextFraction, signMessage, codec } from "../src/model/index.ts";
import type { SageConfig, SageEffect, SageTiming } from "./face.ts";

export interface Admitted {
  readonly admission: Admission;
  readonly message: SignedMessage;
}

/** Agreement on one epoch's roster (single-decree Paxos among the sages). */
export interface Ballots {
  readonly epoch: number;
  /** Nothing of a lower ballot is accepted; −1: none yet. */
  promised: number;
  accepted: AcceptedRoster | null;
  /** As proposer of `ballot`. */
  proposing: Proposing | null;
}

export interface AcceptedRoster {
  readonly ballot: number;
  readonly roster: Uint8Array;
}

export interface Proposing {
  readonly ballot: number;
  readonly promises: Map<
    NodeId,
    { readonly accepted: AcceptedRoster | null; readonly reveal: Reveal | null; readonly heard: readonly NodeId[] }
  >;
  proposal: Uint8Array | null;
  readonly votes: Map<NodeId, Uint8Array>;
}

export interface Sage {
  readonly config: SageConfig;
  readonly timing: SageTiming;
  readonly contest: ContestId;
  readonly manifest: Manifest;
  readonly self: NodeId;
  readonly seats: Seats;
  readonly random: RandomState;
  now: Instant;
  effects: SageEffect[];
  readonly local: SignedMessage[];
  readonly admitted: Map<NodeId, Admitted>;
  readonly removed: Map<NodeId, { readonly removal: Removal; readonly message: SignedMessage }>;
  /** Display names taken, in lower case. */
  readonly names: Map<string, NodeId>;
  /** Where registered nodes may be dialled, and when they were heard. */
  readonly addresses: Map<NodeId, readonly string[]>;
  readonly heardAt: Map<NodeId, Instant>;
  /** The registration is closed for epoch 0. */
  closed: boolean;
  /** Asked for by command or count: the start, counted from the moment when the roster is proposed. */
  openInMs: number | null;
  /** Until then this sage hears whether others have a roster already, and proposes none. */
  listenUntil: Instant;
  ballots: Ballots;
  certificate: RosterCertificate | null;
  roster: Roster | null;
  revealed: number;
  keysReleased: boolean;
}

export const DEFAULT_SAGE_TIMING: SageTiming = {
  syncMs: 1000,
  closeLeadMs: 5000,
  absentMs: 15_000,
  ballotMs: 1500,
  revealLeadMs: 6000,
  listenMs: 8000,
};

export function signed<T>(s: Sage, kind: string, shape: codec.Shape<T>, value: T): SignedMessage {
  return signMessage(s.config.signer, s.contest, kind, codec.encode(shape, value));
}

export function forward(s: Sage, to: NodeId, message: SignedMessage): void {
  if (to === s.self) s.local.push(message);
  else s.effects.push({ type: "send", to, message });
}

export function send<T>(s: Sage, to: NodeId, kind: string, shape: codec.Shape<T>, value: T): void {
  forward(s, to, signed(s, kind, shape, value));
}

export function store(s: Sage, ...writes: readonly StoreWrite[]): void {
  s.effects.push({ type: "store", writes });
}

export function setTimer(s: Sage, timer: string, inMs: number): void {
  s.effects.push({ type: "set-timer", timer, at: later(s.now, Math.max(0, inMs)) });
}

export function jitter(s: Sage, boundMs: number): number {
  return nextFraction(s.random) * boundMs;
}

/** How many are admitted, and neither banned nor withdrawn. */
export function presentOf({ admitted, removed }: Sage): number {
  let present = admitted.size;
  for (const node of removed.keys()) if (admitted.has(node)) present -= 1;
  return present;
}

/** @see Sage.listenUntil */
export function isListening(s: Sage): boolean {
  return s.now < s.listenUntil;
}

export function othersOf(s: Sage): readonly NodeId[] {
  return s.seats.holders().filter((sage) => sage !== s.self);
}

/** Whether this node speaks as a sage now; a seat may have been signed over. */
export function isSage(s: Sage): boolean {
  return s.seats.heldBy(s.self).length > 0;
}
