/**
 * Whether each task of a block went to the cluster that the logged loads say (protocol.md §6.3, §9 "favouring a cluster").
 * A leader cuts a block from the log before it and from nothing else, so everybody who has that log can tell.
 */
import type { Block, EntryOf } from "../../src/model/index.ts";
import { chooseCluster, recordAssigned, recordDone } from "../evaluation/scheduler.ts";
import { costOf, type Ledger } from "./ledger.ts";

type Assignment = EntryOf<"assignment">;

export interface Favour {
  readonly entry: Assignment;
  /** The cluster that should have got it; undefined: none, the task should have waited. */
  readonly wanted: number | undefined;
}

/** Those of the block that do not follow from the log before it. Call it ahead of the block's own entries. */
export function favoursIn(ledger: Ledger, block: Block): readonly Favour[] {
  const { scheduler } = ledger;
  const undo: (() => void)[] = [];
  const favours: Favour[] = [];
  const received = new Map<string, EntryOf<"receipt">>();
  for (const entry of block.entries) {
    if (entry.type === "receipt") received.set(entry.submission, entry);
    if (entry.type !== "assignment") continue;
    const pending = ledger.pending.get(entry.submission);
    const known = pending ?? received.get(entry.submission);
    // Void anyhow.
    if (known === undefined || entry.session !== scheduler.session) continue;
    const tried = (pending?.assignments ?? [])
      .filter((assignment) => assignment.session === scheduler.session)
      .map((assignment) => assignment.cluster);
    const wanted = chooseCluster(scheduler, entry.submission, known.language, tried);
    if (wanted !== entry.cluster) {
      favours.push({ entry, wanted });
      continue;
    }
    const before = scheduler.assigned.get(entry.submission);
    recordAssigned(scheduler, entry.submission, entry.cluster, costOf(ledger, known));
    undo.push(() => {
      recordDone(scheduler, entry.submission);
      if (before !== undefined) recordAssigned(scheduler, entry.submission, before.cluster, before.cost);
    });
  }
  for (const step of undo.reverse()) step();
  return favours;
}
