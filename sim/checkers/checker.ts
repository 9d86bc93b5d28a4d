/** What every checker of an invariant is: it looks on, and throws when what it guards does not hold. */
import type { Notice } from "../../sessions/index.ts";
import type { Block, Effect, Event, SignedMessage } from "../../src/model/index.ts";
import type { ContestWorld } from "../contest/contest-world.ts";
import type { Host } from "../world/host.ts";
import type { SeenMaps } from "./cluster-maps.ts";
import type { LogModel } from "./log-model.ts";

/** An invariant of protocol.md does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly code = "DIKAST_VIOLATION";
  /** Stable name of the invariant, to tell failures apart while shrinking. */
  readonly invariant: string;

  constructor(invariantName: string, what: string) {
    super(`${invariantName}: ${what}`);
    this.invariant = invariantName;
  }
}

/** A block of the one committed log, as soon as its contents are known; in order, each once. */
export interface CommittedBlock {
  readonly index: number;
  readonly hash: string;
  readonly block: Block;
  readonly message: SignedMessage;
}

export interface Checker {
  /** Stable name; the number is protocol.md's. */
  readonly name: string;
  /**
   * The kinds of messages that it looks at; all when absent. `sent` hears of no others, and `stepped` of no step that neither
   * handles nor sends one of them nor tells anything: most steps are heartbeats.
   */
  readonly kinds?: readonly string[];
  /** After every step of every node, before its effects are carried out. */
  readonly stepped?: (host: Host, event: Event, effects: readonly Effect[]) => void;
  /** A message leaves its node, after any liar changed it. */
  readonly sent?: (host: Host, message: SignedMessage) => void;
  readonly noticed?: (host: Host, notice: Notice) => void;
  readonly committed?: (committed: CommittedBlock) => void;
  /** Every so often, and once more at the end: for what is too dear to look at after every step. */
  readonly checkpoint?: () => void;
  /** When everything should have settled. */
  readonly settled?: () => void;
}

export interface CheckerContext {
  readonly contest: ContestWorld;
  /** What the committed log means; knows each block before the checkers hear of it. */
  readonly model: LogModel;
  readonly maps: SeenMaps;
  /** Whether a node runs unmodified code on a disk that forgot nothing, once: the ones that the promises are about. */
  readonly isHonest: (node: number) => boolean;
  /** Nodes that are not honest and signed two things that contradict each other. */
  readonly contradicted: Set<number>;
}

export type CheckerMaker = (context: CheckerContext) => Checker;
