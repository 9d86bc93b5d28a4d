/** Whether each task went to the cluster that the logged loads say (protocol.md §6.3, §9 "favouring a cluster"). */
import type { Block, EntryOf } from "../../src/model/index.ts";
import { chooseCluster, recordAssigned, recordDone } from "../evaluation/scheduler.ts";
import { costOf, type Ledger } from "../log/ledger.ts";

/** The first assignment of the block that does not follow from the log before it; undefined when all do. */
export function wrongAssignment(ledger: Ledger, block: Block): string | undefined {
  const { scheduler } = ledger;
  const undo: (() => void)[] = [];
  const received = new Map<string, EntryOf<"receipt">>();
  let fault: string | undefined;
  for (const entry of block.entries) {
    if (entry.type === "receipt") received.set(entry.submission, entry);
    if (entry.type !== "assignment") continue;
    const known = ledger.pending.get(entry.submission) ?? received.get(entry.submission);
    // What the fold calls void was not acted upon.
    if (known === undefined || entry.session !== scheduler.session) continue;
    const tried = (ledger.pending.get(entry.submission)?.assignments ?? [])
      .filter((assignment) => assignment.session === scheduler.session)
      .map((assignment) => assignment.cluster);
    const wanted = chooseCluster(scheduler, entry.submission, known.language, tried);
    if (wanted !== entry.cluster) {
      fault = `submission ${entry.submission} was given to cluster ${entry.cluster}, the loads say ${wanted ?? "none"}`;
      break;
    }
    const before = scheduler.assigned.get(entry.submission);
    recordAssigned(scheduler, entry.submission, entry.cluster, costOf(ledger, known));
    undo.push(() => {
      recordDone(scheduler, entry.submission);
      if (before !== undefined) recordAssigned(scheduler, entry.submission, before.cluster, before.cost);
    });
  }
  for (const step of undo.reverse()) step();
  return fault;
}
