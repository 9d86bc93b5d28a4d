/** What a node keeps of a submission only until it is settled. */
import { dropTask } from "./evaluation/coordinator.ts";
import type { LedgerSubmission } from "./log/submission.ts";
import type { Live, Machine } from "./machine.ts";
import { settleOutbox } from "./submissions/outbox.ts";
import { tellWatchers } from "./submissions/watches.ts";

/** The body stays in the store, for disputes and the archive. */
export function forget(m: Machine, live: Live, submission: LedgerSubmission): void {
  live.bodies.delete(submission.id);
  dropTask(m, live, submission);
  settleOutbox(m, submission.id);
  tellWatchers(m, submission.id);
}
