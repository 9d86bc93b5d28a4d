/** What must hold in every state of one node (protocol.md "Invariants", the local part). */
import { termOfCertificate } from "../src/model/index.ts";
import { endOf, TAIL_MAX } from "./log/chain.ts";
import type { Live, Machine } from "./machine.ts";
import { PENDING_MAX } from "./submissions/intake.ts";

const NONE: readonly string[] = [];

/** The words of what does not hold; empty when all is well. Never throws. */
export function checkInvariants(m: Machine): readonly string[] {
  const undone = m.local.length === 0 && m.happened.length === 0 ? undefined : "a step leaves nothing undone";
  const broken = m.live === null ? undefined : brokenAt(m.live);
  if (undone === undefined && broken === undefined) return NONE;
  return [undone, broken].filter((each) => each !== undefined);
}

/** The first one that does not hold. After every step of simulated nodes: without objects of its own. */
function brokenAt({ chain, ledger, leading, leader, promised }: Live): string | undefined {
  const { committed, tail } = chain;
  const { pending } = ledger;
  if (tail.length > TAIL_MAX) return "the uncommitted tail is bounded";
  if (endOf(chain).head.index !== committed.head.index + tail.length) return "the tail follows the committed head";
  if (pending.size > ledger.submissions.size) return "what is pending was received";
  if (pending.size > 2 * PENDING_MAX) return "the pending queue is bounded";
  if (ledger.judged > ledger.receipts) return "nothing is judged without a receipt";
  if (leading === null) return undefined;
  if (leading.term < promised) return "a leader acknowledges nothing above its own term";
  if (leader === null || termOfCertificate(leader) !== leading.term) return "a leader knows itself";
  if (leading.inFlight !== null && leading.inFlight.end.hash !== tail.at(-1)?.hash)
    return "the block in flight ends the tail";
  return undefined;
}
