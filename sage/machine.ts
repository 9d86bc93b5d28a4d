/** The machine of one sage: its state and its one entry. */
import { InvariantError, type StoredRecord } from "../src/model/index.ts";
import type { SageConfig, SageEffect, SageEvent } from "./face.ts";

/** The kinds of messages that belong to this machine; all others belong to the session machine of the same node. */
export const SAGE_KINDS: ReadonlySet<string> = new Set([
  "register",
  "withdraw",
  "contest-request",
  "admissions",
  "roster-prepare",
  "roster-promise",
  "roster-propose",
  "roster-vote",
]);

export interface SageState {
  readonly config: SageConfig;
}

export function createSage(config: SageConfig): SageState {
  return restoreSage(config, []);
}

/** A sage as its store left it; `records` is everything this machine stored. Its keys all begin with `sage/`. */
export function restoreSage(config: SageConfig, records: Iterable<StoredRecord>): SageState {
  throw new InvariantError(`not built yet ${config.leadMs} ${typeof records}`);
}

/** Handles one event; `state` is updated in place. Timers begin with `sage/`. */
export function stepSage(state: SageState, event: SageEvent): readonly SageEffect[] {
  throw new InvariantError(`not built yet ${state.config.leadMs} ${event.type}`);
}
