/** A node that comes when the contest runs (protocol.md §2 "Latecomers"): it shows a sage's admission to whoever leads until it is logged. */
import { isOver } from "../../src/contest/index.ts";
import { type Admission, bearings, letterIdOf, type SignedMessage, type NodeId } from "../../src/model/index.ts";
import { forward, send } from "../context.ts";
import { enqueue } from "../council/leading.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";
import { admissionFault, openAdmission } from "./late-admission.ts";

/** Whether there is anything to become a member of. */
export function mayComeLate({ ledger, basis }: Live, now: number): boolean {
  return basis.manifest.registration.late && ledger.life.finalized === null && !isOver(ledger.life.timeline, now);
}

/** Shows what a sage signed; false: another admission is needed first. */
export function showAdmission(m: Machine, live: Live): boolean {
  const message = m.joining.admission;
  const own = message === null ? undefined : openAdmission(message);
  if (message === null || own === undefined) return false;
  if (admissionFault(live.ledger, message.signer, own, m.now) !== undefined) return false;
  if (live.leader !== null) forward(m, live.leader.leader, message);
  return true;
}

/** At the leader; others tell who leads. */
export function onLateAdmission(
  m: Machine,
  live: Live,
  body: Admission,
  message: SignedMessage,
  from: NodeId,
): Validity {
  const { leading, ledger } = live;
  if (leading?.status !== "active") {
    send(m, from, "bearings", bearings, { central: live.leader, cluster: null, head: live.chain.committed.head });
    return ACCEPT;
  }
  const id = letterIdOf(message);
  if (leading.queued.has(id)) return ignore("known");
  const fault = admissionFault(ledger, message.signer, body, m.now);
  if (fault !== undefined) return ignore(fault);
  leading.queued.add(id);
  enqueue(m, live, { type: "entry", entry: { type: "admission", message } });
  return ACCEPT;
}
