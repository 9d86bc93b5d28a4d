/** Into a contest that runs (protocol.md §2 "Latecomers"): a sage's admission in the log. Folded here; `latecomer.ts` brings it there. */
import { isOver, setTeams } from "../../src/contest/index.ts";
import {
  type Admission,
  ADMISSION_KIND,
  admission as admissionShape,
  type Block,
  codec,
  distinctName,
  type EntryOf,
  nameKey,
  type NodeId,
  REGISTER_BYTES_MAX,
  ROSTER_MEMBERS_MAX,
  type RosterMember,
  type SignedMessage,
  type Verifier,
  verifyMessage,
} from "../../src/model/index.ts";
import { admitMember } from "../clusters/history.ts";
import { teamsOf } from "../life/orders.ts";
import type { Ledger, LedgerChange } from "../log/ledger.ts";

export type AdmissionFault = "closed" | "known" | "not-a-sage" | "over" | "full" | "malformed" | "forged";

export function openAdmission(message: SignedMessage): Admission | undefined {
  return message.kind === ADMISSION_KIND ? codec.decode(admissionShape, message.body, REGISTER_BYTES_MAX) : undefined;
}

/** Why it does not hold at this place of the log; its signature aside. */
export function admissionFault(
  ledger: Ledger,
  signer: NodeId,
  { node, at }: Admission,
  now: number,
): AdmissionFault | undefined {
  const { basis, life, maps } = ledger;
  const { late, closesAt } = basis.manifest.registration;
  if (maps.members.has(node)) return "known";
  // Whoever was admitted before the start and is not in the roster was removed from it, or withdrew.
  if (!late || at < basis.startsAt || (closesAt !== null && at >= closesAt)) return "closed";
  if (life.seats.heldBy(signer).length === 0) return "not-a-sage";
  if (life.finalized !== null || isOver(life.timeline, now)) return "over";
  return maps.members.size >= ROSTER_MEMBERS_MAX ? "full" : undefined;
}

export function applyAdmission(
  ledger: Ledger,
  { message }: EntryOf<"admission">,
  block: Block,
  verifier: Verifier,
): LedgerChange {
  const found = openAdmission(message);
  const fault = found === undefined ? "malformed" : admissionFault(ledger, message.signer, found, block.at);
  if (found === undefined || fault !== undefined)
    return { type: "void", entry: "admission", fault: fault ?? "malformed" };
  if (!verifyMessage(verifier, ledger.basis.contest, message))
    return { type: "void", entry: "admission", fault: "forged" };
  const { node: id, role, capabilities, region } = found;
  const taken = new Set([...ledger.maps.members.values()].map((member) => nameKey(member.displayName)));
  const member: RosterMember = {
    id,
    displayName: distinctName(taken, found.displayName),
    role,
    capabilities,
    region,
  };
  admitMember(ledger.maps, member);
  setTeams(ledger.standings, teamsOf(ledger));
  return { type: "admitted", member };
}
