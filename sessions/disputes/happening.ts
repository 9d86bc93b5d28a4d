/** What committed entries about disputes set off at a node. */
import type { Hash } from "../../src/model/index.ts";
import { notify } from "../context.ts";
import { onJuryNamed, onSettledAtEvaluator } from "../evaluation/evaluator.ts";
import { forget } from "../forgetting.ts";
import { dropLetter } from "../life/letters.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import type { Live, Machine } from "../machine.ts";
import type { Heard, Hearing, Jury } from "./state.ts";

export function onDisputed(m: Machine, hearing: Hearing, doubt: Hash | null): void {
  const { submission, before, by, dissents, from, at } = hearing;
  if (doubt !== null) {
    const body = { type: "disputed", id: doubt, at, session: from } as const;
    for (const request of dropLetter(m, doubt)) m.effects.push({ type: "reply", request, body, final: true });
  }
  notify(m, {
    type: "disputed",
    submission: submission.id,
    attempt: before.statement.attempt,
    by,
    dissenters: [...dissents.keys()],
    session: from,
  });
}

/** The letter that brought it has arrived. */
export function onContradicted(m: Machine, doubt: Hash): void {
  dropLetter(m, doubt);
}

export function onJury(m: Machine, live: Live, { submission, before }: Hearing, jury: Jury): void {
  onJuryNamed(m, live, submission.id, jury);
  const { attempt, session, members, quorum } = jury;
  const disputed = before.statement.attempt;
  notify(m, { type: "jury-drawn", submission: submission.id, disputed, attempt, session, members, quorum });
}

export function onHeard(m: Machine, live: Live, submission: LedgerSubmission, heard: Heard): void {
  const { outcome, before, after, by, liars } = heard;
  const isOverturned = outcome === "overturned";
  notify(m, {
    type: "dispute-heard",
    submission: submission.id,
    outcome,
    by,
    before: before.statement.verdict,
    after: (isOverturned ? after : before)?.statement.verdict ?? before.statement.verdict,
    liars,
  });
  if (isOverturned) notify(m, { type: "board-changed", index: live.chain.committed.head.index });
  forget(m, live, submission);
  onSettledAtEvaluator(m, live, submission, isOverturned ? after : null);
}
