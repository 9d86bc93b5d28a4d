/**
 * At the central leader: members of a cluster say that they cannot judge a task. When no majority can come of the others, it
 * moves on before its time is up (protocol.md §6.8). Each abstention carries its member's own signature: the cluster's leader
 * cannot give a task up alone.
 */
import type { NodeId, Task } from "../../src/model/index.ts";
import { mapOf } from "../clusters/history.ts";
import { setTimer } from "../context.ts";
import { electorate } from "../disputes/quarantine.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import type { Live, Machine } from "../machine.ts";
import { majorityOf } from "../quorum.ts";
import { ASSIGNMENT_TIMER_PREFIX, onAssignmentTimer } from "./dispatch.ts";
import { chooseCluster } from "./scheduler.ts";
import { canJudge } from "./task.ts";

/** Whether it was about a task that is at work. */
export function countAbstention(m: Machine, live: Live, task: Task, member: NodeId): boolean {
  const { leading, ledger } = live;
  const submission = ledger.pending.get(task.submission);
  const assigned = submission?.assignments.at(-1);
  if (leading === null || submission === undefined || assigned === undefined) return false;
  const { id, assignments, language, submitter } = submission;
  const isAtWork =
    task.attempt === assignments.length && task.session === assigned.session && task.cluster === assigned.cluster;
  const members = mapOf(ledger.maps, assigned.session)?.map.clusters[assigned.cluster];
  if (!isAtWork || members?.includes(member) !== true) return false;
  let known = leading.abstained.get(id);
  if (known?.attempt !== task.attempt) {
    known = { attempt: task.attempt, members: new Set(), moved: false };
    leading.abstained.set(id, known);
  }
  known.members.add(member);
  const { members: out } = known;
  const left = electorate(ledger, members, submitter, assigned.index).filter(
    (elector) => !out.has(elector) && canJudge(live, elector, language),
  );
  if (known.moved || left.length >= majorityOf(members.length)) return true;
  known.moved = true;
  const waitMs = isWorthHurrying(live, submission) ? 0 : assigned.at + m.timing.evaluationSilentMs - m.now;
  if (waitMs > 0) setTimer(m, ASSIGNMENT_TIMER_PREFIX + id, waitMs);
  else onAssignmentTimer(m, live, id);
  return true;
}

/** Another cluster may fare better at once, and after the last attempt nobody will. The same one is given a moment: what hinders it may pass. */
function isWorthHurrying({ ledger, basis }: Live, { id, assignments, triesFrom, language }: LedgerSubmission): boolean {
  if (assignments.length - triesFrom >= basis.manifest.attemptsMax) return true;
  const { scheduler } = ledger;
  const tried = assignments.filter(({ session }) => session === scheduler.session).map(({ cluster }) => cluster);
  const next = chooseCluster(scheduler, id, language, tried);
  return next !== undefined && !tried.includes(next);
}
