/** Results on trial on their way into the log: from the cluster's leader, who froze the commitments (protocol.md §9). */
import {
  COMMITMENT_SET_KIND,
  type CommitmentSet,
  commitmentSet,
  letterIdOf,
  type SignedMessage,
  TRIAL_KIND,
  trial as trialShape,
  type Trial,
} from "../../src/model/index.ts";
import { send, signed } from "../context.ts";
import { enqueue } from "../council/leading.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";
import { trialFault } from "./quarantine.ts";

/** The verdict is logged: a quarantined member's result that agrees with it is shown, best effort. */
export function tellTrial(m: Machine, live: Live, frozen: CommitmentSet, result: SignedMessage): void {
  if (live.leader === null || !live.ledger.quarantine.trials.has(result.signer)) return;
  const set = signed(m, COMMITMENT_SET_KIND, commitmentSet, frozen);
  if (trialFault(live.ledger, { set, result }) === undefined) {
    send(m, live.leader.leader, TRIAL_KIND, trialShape, { set, result });
  }
}

/** At the central leader. */
export function onTrial(m: Machine, live: Live, body: Trial): Validity {
  const { leading, ledger } = live;
  if (leading === null) return ignore("not-leading");
  const id = letterIdOf(body.result);
  if (leading.queued.has(id)) return ignore("known");
  const fault = trialFault(ledger, body);
  if (fault !== undefined) return ignore(fault);
  leading.queued.add(id);
  enqueue(m, live, { type: "entry", entry: { type: "trial", ...body } });
  return ACCEPT;
}
