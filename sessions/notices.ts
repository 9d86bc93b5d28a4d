/** What happens in the contest, for people and logs: plain, JSON-able data (`notify` effects). */
import type { Outcome } from "./disputes/state.ts";
import type { Action, Hash, Instant, NodeId, Offence, Verdict } from "../src/model/index.ts";

export type Notice =
  /** Somebody takes part from here on, though the contest runs already. */
  | { readonly type: "latecomer"; readonly node: NodeId; readonly displayName: string }
  /** The manifest is here: problems can be fetched. */
  | { readonly type: "contest-known"; readonly name: string }
  | { readonly type: "registered"; readonly by: NodeId; readonly name: string; readonly registered: number }
  | { readonly type: "registration-rejected"; readonly by: NodeId; readonly code: string; readonly reason: string }
  /** A seat among the sages has a new holder; `from` is `to` where a reclaim is all that this node heard of. */
  | { readonly type: "authority-passed"; readonly seat: NodeId; readonly from: NodeId; readonly to: NodeId }
  /** A sage took its seat back and opened the contest without the roster that this node has: what it does counts nowhere else. */
  | { readonly type: "roster-superseded" }
  | { readonly type: "roster"; readonly epoch: number; readonly members: number; readonly startsAt: Instant }
  | { readonly type: "keys-released"; readonly keys: readonly { readonly problem: string; readonly key: string }[] }
  | {
      readonly type: "session-started";
      readonly session: number;
      readonly endsAt: Instant;
      readonly clusters: readonly (readonly NodeId[])[];
      /** This node's cluster; null: it has none. */
      readonly cluster: number | null;
    }
  | {
      readonly type: "vote-cast";
      readonly scope: ElectionScope;
      readonly session: number;
      readonly round: number;
      readonly candidate: NodeId;
    }
  | {
      readonly type: "leader-elected";
      readonly scope: ElectionScope;
      readonly session: number;
      readonly round: number;
      readonly leader: NodeId;
      readonly voters: readonly NodeId[];
    }
  /** A round ended without a leader, or the leader fell silent. */
  | {
      readonly type: "re-election";
      readonly scope: ElectionScope;
      readonly session: number;
      readonly round: number;
      readonly reason: "timeout" | "leader-silent";
    }
  /** This node commits blocks from now on / no longer. */
  | { readonly type: "leading"; readonly term: number; readonly council: readonly NodeId[] }
  | { readonly type: "stood-down"; readonly term: number }
  | {
      readonly type: "submission-accepted";
      readonly submission: Hash;
      readonly submitter: NodeId;
      readonly problem: string;
      readonly at: Instant;
    }
  | {
      readonly type: "submission-refused";
      readonly submission: Hash;
      readonly code: string;
      readonly retryMs: number | null;
    }
  | { readonly type: "assigned"; readonly submission: Hash; readonly attempt: number; readonly cluster: number }
  | { readonly type: "evaluation-started"; readonly submission: Hash; readonly attempt: number }
  | {
      readonly type: "evaluation-finished";
      readonly submission: Hash;
      readonly attempt: number;
      readonly verdict: Verdict | "abstained";
      readonly reason: string | null;
    }
  /** At the cluster leader: one member's result. */
  | {
      readonly type: "result-received";
      readonly submission: Hash;
      readonly attempt: number;
      readonly evaluator: NodeId;
      readonly verdict: Verdict;
      readonly digest: Hash;
    }
  | { readonly type: "escalated"; readonly submission: Hash; readonly attempt: number; readonly asked: number }
  | { readonly type: "progress"; readonly submission: Hash; readonly done: number; readonly total: number }
  | {
      readonly type: "verdict-settled";
      readonly submission: Hash;
      readonly submitter: NodeId;
      readonly problem: string;
      readonly attempt: number;
      readonly cluster: number;
      readonly verdict: Verdict;
      readonly scoreMicros: number;
      readonly voters: readonly NodeId[];
      /** From the receipt to the block that settles it. */
      readonly tookMs: number;
    }
  | { readonly type: "dead-letter"; readonly submission: Hash; readonly submitter: NodeId; readonly problem: string }
  | {
      readonly type: "block-committed";
      readonly index: number;
      readonly hash: Hash;
      readonly term: number;
      readonly entries: number;
    }
  | { readonly type: "board-changed"; readonly index: number }
  | { readonly type: "suspected"; readonly peer: NodeId; readonly scope: ElectionScope }
  | { readonly type: "died"; readonly peer: NodeId; readonly scope: ElectionScope }
  | { readonly type: "returned"; readonly peer: NodeId; readonly scope: ElectionScope }
  | { readonly type: "caught-up"; readonly from: number; readonly to: number }
  /** Proved to have lied: it leads nothing and counts in no quorum from here on. */
  | { readonly type: "excluded"; readonly node: NodeId; readonly offence: Offence }
  /** A majority of the council is gone for good: the sages named another one. `council-recovered`: the log tells it. */
  | { readonly type: "recovery"; readonly attempt: number; readonly council: readonly NodeId[] }
  | { readonly type: "council-recovered"; readonly council: readonly NodeId[] }
  | { readonly type: "contest-ended" }
  | { readonly type: "notice-posted"; readonly id: Hash; readonly problem: string | null; readonly text: string }
  | {
      readonly type: "question-asked";
      readonly question: Hash;
      readonly asker: NodeId;
      readonly problem: string | null;
    }
  /** Test data to be fetched and opened; told again after a restart. */
  | {
      readonly type: "problem-replaced";
      readonly problem: string;
      readonly revision: number;
      readonly sealedBundle: Hash;
      readonly package: Hash | null;
      /** Hex. */
      readonly key: string;
    }
  | { readonly type: "question-answered"; readonly question: Hash; readonly toAll: boolean }
  /** An order of the organizers took effect: the end, the freeze, who is ranked, verdicts, … */
  | {
      readonly type: "contest-changed";
      readonly by: NodeId;
      readonly at: Instant;
      readonly change: Action["type"];
    }
  | {
      readonly type: "order-void";
      readonly order: Hash;
      readonly by: NodeId;
      readonly action: Action["type"];
      readonly fault: string;
    }
  /** Judged again; the old verdict stays until the rejudging is applied. */
  | { readonly type: "rejudged"; readonly submission: Hash; readonly before: Verdict; readonly after: Verdict }
  /** Its signed results contradicted verdicts again and again: they count for nothing until it has judged right on trial. `index`: of the block. */
  | { readonly type: "quarantined"; readonly node: NodeId; readonly index: number }
  | { readonly type: "released"; readonly node: NodeId; readonly index: number }
  /** A verdict is in doubt; a jury of `session` or a later one hears it. `by` null: an evaluator that was outvoted, or the lot. */
  | {
      readonly type: "disputed";
      readonly submission: Hash;
      readonly attempt: number;
      readonly by: NodeId | null;
      readonly dissenters: readonly NodeId[];
      readonly session: number;
    }
  | {
      readonly type: "jury-drawn";
      readonly submission: Hash;
      /** The attempt whose verdict is in doubt, and the jury's own. */
      readonly disputed: number;
      readonly attempt: number;
      readonly session: number;
      readonly members: readonly NodeId[];
      readonly quorum: number;
    }
  /** `after` is in force. Who signed something else than the jury found is excluded. */
  | {
      readonly type: "dispute-heard";
      readonly submission: Hash;
      readonly outcome: Outcome;
      readonly by: NodeId | null;
      readonly before: Verdict;
      readonly after: Verdict;
      readonly liars: readonly NodeId[];
    }
  /** A peer's message that was refused for a reason worth a look; bounded by the driver's log level. */
  | { readonly type: "refused"; readonly kind: string; readonly from: NodeId; readonly code: string };

/** The index of a cluster, or the contest's own. */
export type ElectionScope = number | "central";
