/** What the world needs of a machine, whichever it is: the production ones of `sessions/` and `sage/`, or a toy in a test. */
import type { Effect, Event, NodeId } from "../../src/model/index.ts";

export interface Machine {
  /** The one entry; effects are carried out in order. */
  step(event: Event): readonly Effect[];
  /** @throws when the machine's own invariants do not hold. */
  checkInvariants(): void;
}

export interface Boot {
  /** The records that survived, in bytewise order of keys. */
  readonly records: readonly (readonly [string, Uint8Array])[];
  /** 0 at first, one more with every restart. */
  readonly incarnation: number;
  /** Seeds the generator inside the machine; differs with every incarnation. */
  readonly seed: bigint;
  /** What the node's clock reads now. */
  readonly at: number;
}

/** How one node of the world comes up. Two blueprints may share an id: twins. */
export interface Blueprint {
  readonly id: NodeId;
  readonly boot: (boot: Boot) => Machine;
}

/**
 * A lie wrapped around an unmodified machine: what it hears and what it says can be dropped, changed or added to.
 * Undefined hooks leave things alone.
 */
export interface Interceptor {
  readonly name: string;
  readonly inbound?: (event: Event) => Event | undefined;
  readonly outbound?: (effects: readonly Effect[], event: Event) => readonly Effect[];
}
