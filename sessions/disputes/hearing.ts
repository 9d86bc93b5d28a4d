/**
 * The central leader lets the juries of the session work: it fetches the source, asks every juror, freezes their commitments and
 * gathers their results, as a cluster's leader does (protocol.md §6.5, §7). Whoever leads next begins again; jurors keep their results.
 */
import { JURY } from "../../src/model/index.ts";
import { coordinateJury } from "../evaluation/coordinator.ts";
import { taskId } from "../evaluation/task.ts";
import { fetchBody } from "../life/sources.ts";
import type { Live, Machine } from "../machine.ts";
import type { Hearing } from "./state.ts";

/** Called when a term opened, a jury was drawn, a source came. */
export function pumpHearings(m: Machine, live: Live): void {
  for (const hearing of live.ledger.disputes.open.values()) hearNow(m, live, hearing);
}

export function hearNow(m: Machine, live: Live, { submission, jury }: Hearing): void {
  if (live.leading?.status !== "active" || jury === null) return;
  const { id: of } = submission;
  const task = { submission: of, attempt: jury.attempt, session: jury.session, cluster: JURY };
  if (live.tasks.has(taskId(task))) return;
  const message = live.bodies.get(of);
  const revision = submission.assignments[jury.attempt - 1]?.revision ?? 0;
  if (message === undefined) fetchBody(m, live, submission);
  else coordinateJury(m, live, { ...task, revision, message }, jury);
}
