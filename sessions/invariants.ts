/** What must hold in every state of one node (protocol.md "Invariants", the local part). */
import type { ParticipantState } from "./participant.ts";

/** The codes and words of what does not hold; empty when all is well. Never throws. */
export function checkInvariants(_state: ParticipantState): readonly string[] {
  return [];
}
