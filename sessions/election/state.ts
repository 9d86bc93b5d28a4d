/** What one node knows of an election (protocol.md §4). */
import type { Instant, LeaderCertificate, LogHead, NodeId } from "../../src/model/index.ts";

/** One scope's election at one node (protocol.md §4). */
export interface Election {
  session: number;
  round: number;
  role: ElectionRole;
  /** Rounds lost in a row: widens the spread. */
  failures: number;
  /** When the leader was last heard. */
  heardAt: Instant;
  /** When this node last learnt of a leader: members are given time from then on. */
  settledAt: Instant;
}

export type ElectionRole =
  /** Nothing to do yet: the election is not open, or this node is no candidate and has not voted. */
  | { readonly type: "idle" }
  /** In the random wait before candidacy. */
  | { readonly type: "waiting" }
  /** It has not voted yet: its own vote is the last one it needs, so that doubting alone disturbs nobody. */
  | {
      readonly type: "candidate";
      readonly votes: Map<NodeId, CastVote>;
      readonly asked: Set<NodeId>;
      /** When the round is lost. */
      readonly until: Instant;
      /** How often it has asked. */
      asks: number;
    }
  /** `patientUntil`: it votes in no higher round before. */
  | { readonly type: "voter"; readonly candidate: NodeId; readonly patientUntil: Instant }
  | { readonly type: "settled"; readonly certificate: LeaderCertificate };

export interface CastVote {
  readonly head: LogHead | null;
  readonly signature: Uint8Array;
}
