/** What must hold in every state of one node (protocol.md "Invariants", the local part). */
import { termOfCertificate } from "../src/model/index.ts";
import { endOf, TAIL_MAX } from "./log/chain.ts";
import type { Live, Machine } from "./machine.ts";
import { PENDING_MAX } from "./submissions/intake.ts";

/** The words of what does not hold; empty when all is well. Never throws. */
export function checkInvariants(m: Machine): readonly string[] {
  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  must(m.local.length === 0 && m.happened.length === 0, "a step leaves nothing undone");
  if (m.live !== null) checkLive(m, m.live, must);
  return faults;
}

function checkLive(m: Machine, live: Live, must: (holds: boolean, what: string) => void): void {
  const { chain, ledger, leading } = live;
  must(chain.tail.length <= TAIL_MAX, "the uncommitted tail is bounded");
  must(
    endOf(chain).head.index === chain.committed.head.index + chain.tail.length,
    "the tail follows the committed head",
  );
  must(ledger.pending.size <= ledger.submissions.size, "what is pending was received");
  must(ledger.pending.size <= 2 * PENDING_MAX, "the pending queue is bounded");
  must(ledger.judged <= ledger.receipts, "nothing is judged without a receipt");
  if (leading !== null) {
    must(leading.term >= live.promised, "a leader acknowledges nothing above its own term");
    must(live.leader !== null && termOfCertificate(live.leader) === leading.term, "a leader knows itself");
    must(
      leading.inFlight === null || leading.inFlight.end.hash === chain.tail.at(-1)?.hash,
      "the block in flight ends the tail",
    );
  }
}
