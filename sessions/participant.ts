/** The machine of one node: its state and its one entry. */
import { type Effect, type Event, InvariantError, type StoredRecord } from "../src/model/index.ts";
import type { ParticipantCommand, ParticipantReply } from "./commands.ts";
import type { ParticipantConfig } from "./config.ts";
import type { Notice } from "./notices.ts";

export type ParticipantEvent = Event<ParticipantCommand>;
export type ParticipantEffect = Effect<Notice, ParticipantReply>;

/** Opaque to drivers: read it through the views. */
export interface ParticipantState {
  readonly config: ParticipantConfig;
}

/** A node that never ran. */
export function createParticipant(config: ParticipantConfig): ParticipantState {
  return restoreParticipant(config, []);
}

/** A node as its store left it; `records` is everything it stored, in key order. */
export function restoreParticipant(config: ParticipantConfig, records: Iterable<StoredRecord>): ParticipantState {
  throw new InvariantError(`not built yet ${config.contest} ${typeof records}`);
}

/** Handles one event; `state` is updated in place. */
export function step(state: ParticipantState, event: ParticipantEvent): readonly ParticipantEffect[] {
  throw new InvariantError(`not built yet ${state.config.contest} ${event.type}`);
}
