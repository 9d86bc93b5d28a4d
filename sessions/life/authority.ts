/**
 * Who speaks for the contest while it runs (protocol.md §2 "Authority transfer"): the log carries every transfer of a seat, so that
 * all nodes count the same orders. Folded here; `transfers.ts` brings them into the log.
 */
import {
  type EntryOf,
  type LogEntry,
  type Manifest,
  type NodeId,
  type Seats,
  type Verifier,
} from "../../src/model/index.ts";
import type { Ledger, LedgerChange } from "../log/ledger.ts";

/** Who holds a seat, and an organizer whose key is none of the seats: where it is one, its right goes with the seat. */
export function speaksFor(seats: Seats, { organizer }: Pick<Manifest, "organizer">, node: NodeId): boolean {
  return seats.heldBy(node).length > 0 || (node === organizer && !seats.seats.includes(node));
}

/** Who may order, by the log so far. */
export function mayOrder(ledger: Ledger, node: NodeId): boolean {
  return speaksFor(ledger.life.seats, ledger.basis.manifest, node);
}

/** Who reads questions and private answers; sorted. */
export function readersOf({ life, basis }: Ledger): readonly NodeId[] {
  const { organizer } = basis.manifest;
  return [...new Set([...life.seats.holders(), ...(life.seats.seats.includes(organizer) ? [] : [organizer])])].sort();
}

/** A transfer counts once, in its seat's order; a seat's holder may sign two different ones, of which the first in the log holds. */
export function applyAuthority(ledger: Ledger, { message }: EntryOf<"authority">, verifier: Verifier): LedgerChange {
  const entry: LogEntry["type"] = "authority";
  if (!ledger.life.seats.apply(message, verifier, ledger.basis.contest))
    return { type: "void", entry, fault: "not-next" };
  return { type: "authority", message };
}
