/** Every timing constant of the session protocol, in milliseconds where it does not say otherwise; the simulator varies them within their legal ranges. */

export interface Timing {
  /** Leader → members, central leader → council and cluster leaders; every second one or so is echoed (protocol.md §8). */
  readonly heartbeatMs: number;
  /** A leader silent for so long is replaced: its voters start a new round. */
  readonly suspectMs: number;
  /** A member silent for so long is dead: its work is given to others. */
  readonly deadMs: number;
  /** Bounds of the random wait before candidacy (§4.1); within them it follows the measured round trips. */
  readonly electionSpreadMinMs: number;
  readonly electionSpreadMaxMs: number;
  /** Who stands first: by lot of beacon and round, or after random waits as in Raft (for comparison). */
  readonly electionOrder: "lot" | "random";
  /** Bounds of the election timer (§4.5). */
  readonly electionTimeoutMinMs: number;
  readonly electionTimeoutMaxMs: number;
  /** The central election waits so long for every cluster; then a majority of them is enough (§4). */
  readonly centralGraceMs: number;
  /** A cluster leader that hears no opening from the outgoing central leader for so long opens it itself (§4). */
  readonly centralOpenMs: number;
  /** The inputs of the next cluster map are logged so long ahead of the session (§3); at most a quarter of it. */
  readonly mapLeadMs: number;
  /** Bounds of the back-off of everything that is retried for as long as it takes. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** A block without a majority of acknowledgements is sent again. */
  readonly appendRetryMs: number;
  /** A busy leader collects entries for so long at most before it cuts a block; an idle one cuts at once. */
  readonly blockBatchMs: number;
  /** A gap in the log is filled by asking after so long without the missing block. */
  readonly catchUpMs: number;
  /** An evaluator that neither progresses nor answers for so long is late: others are asked (§6.4). */
  readonly evaluationSilentMs: number;
  /** The longest a cluster may hold a task, on top of the work that was waiting before it (§6.3). */
  readonly assignmentMs: number;
  /** A standby that holds a verdict's reveals publishes them itself after so long (§6.6). */
  readonly standbyMs: number;
  /** An evaluation that runs longer is abandoned by its evaluator. */
  readonly evaluationMaxMs: number;
  /** A council member that sees no receipt of a submitter for so long after it presented a submission asks for another leader (§9). */
  readonly censorshipMs: number;
  /** A submitter's token bucket (§6.2): so many at once, then one for each refill. */
  readonly submissionBurst: number;
  readonly submissionRefillMs: number;
  /** Sages that hear no majority of the council for so long name another one (§5). */
  readonly recoveryMs: number;
  /** At most one progress message of a task in this time (§6.9). */
  readonly progressMs: number;
}

export const DEFAULT_TIMING: Timing = {
  heartbeatMs: 150,
  suspectMs: 700,
  deadMs: 2500,
  electionSpreadMinMs: 60,
  electionSpreadMaxMs: 1500,
  electionOrder: "lot",
  electionTimeoutMinMs: 400,
  electionTimeoutMaxMs: 6000,
  centralGraceMs: 700,
  centralOpenMs: 1500,
  mapLeadMs: 3000,
  retryMinMs: 300,
  retryMaxMs: 30_000,
  appendRetryMs: 150,
  blockBatchMs: 25,
  catchUpMs: 200,
  evaluationSilentMs: 15_000,
  assignmentMs: 60_000,
  standbyMs: 2000,
  evaluationMaxMs: 900_000,
  censorshipMs: 5000,
  submissionBurst: 60,
  submissionRefillMs: 1000,
  recoveryMs: 120_000,
  progressMs: 250,
};
