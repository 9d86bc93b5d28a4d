/** Pictures of the life of the contest for people and tools. */
import { type Board, boardOf, endOf, isOver, isPaused, newStandings, record } from "../../src/contest/index.ts";
import type { NodeId } from "../../src/model/index.ts";
import type { Ledger } from "../log/ledger.ts";
import { judged } from "../log/submission.ts";
import type { Live, Machine } from "../machine.ts";
import type { LifeView, NoticeView, QuestionView, RejudgingPreview, RejudgingView, Standing } from "./commands.ts";
import { textOf } from "./letters.ts";
import { mayOrder } from "./authority.ts";
import { hiddenFrom, teamsOf, unfinished } from "./orders.ts";
import { changedBy } from "./rejudging.ts";
import type { LoggedQuestion, Rejudging } from "./state.ts";

export function lifeOf(m: Machine, live: Live): LifeView {
  const { ledger } = live;
  const { life } = ledger;
  return {
    startsAt: life.timeline.startsAt,
    endsAt: endOf(life.timeline),
    durationMs: life.timeline.durationMs,
    paused: isPaused(life.timeline, m.now),
    pausedFor: isPaused(life.timeline, m.now) ? life.pausedFor : "",
    over: isOver(life.timeline, m.now),
    frozenFrom: hiddenFrom(ledger, m.now),
    freeze: life.freeze.type,
    finalized: life.finalized,
    unfinished: unfinished(ledger, m.now),
    notices: life.notices.length,
    questions: life.questions.size,
    deadLetters: [...life.deadLetters.values()].map((submission) => ({
      submission: submission.id,
      submitter: submission.submitter,
      displayName: nameOf(ledger, submission.submitter),
      problem: submission.problem,
      language: submission.language,
      receivedAt: submission.at,
      attempts: submission.assignments.length,
      reason: submission.hindrance,
      practice: submission.practice,
    })),
    waiting: life.waiting.size + life.inWork.size,
    disqualified: [...life.disqualified].map(([node, reason]) => ({ node, displayName: nameOf(ledger, node), reason })),
    uncollected: live.uncollected.size,
    mayOrder: mayOrder(live.ledger, m.self),
  };
}

export function noticesOf(live: Live): readonly NoticeView[] {
  return live.ledger.life.notices;
}

/** Those that this node can read something of: its own, those answered to all, at sages every one. */
export function questionsOf(m: Machine, live: Live): readonly QuestionView[] {
  return [...live.ledger.life.questions.values()]
    .map((question) => questionView(m, live, question))
    .filter(({ text, answers }) => text !== null || answers.some((answer) => answer.toAll));
}

function questionView(m: Machine, { ledger }: Live, question: LoggedQuestion): QuestionView {
  const { id, asker, at, problem, content } = question;
  return {
    id,
    asker,
    displayName: nameOf(ledger, asker),
    at,
    problem,
    text: textOf(m, content),
    answers: question.answers.map((answer) => ({
      at: answer.at,
      by: answer.by,
      toAll: answer.toAll,
      asked: answer.asked,
      text: textOf(m, answer.content),
    })),
  };
}

export function rejudgingView(rejudging: Rejudging): RejudgingView {
  const { id, at, by, selection, reason, status, submissions, results } = rejudging;
  const changed = changedBy(rejudging).length;
  return { id, at, by, selection, reason, status, submissions: submissions.length, judged: results.size, changed };
}

export function previewOf(live: Live, rejudging: Rejudging): RejudgingPreview {
  const { ledger } = live;
  const changes = changedBy(rejudging).map(({ submission, before, after }) => ({
    submission: submission.id,
    submitter: submission.submitter,
    displayName: nameOf(ledger, submission.submitter),
    problem: submission.problem,
    language: submission.language,
    before: before.statement.verdict,
    after: after.statement.verdict,
    beforeScoreMicros: before.statement.scoreMicros,
    afterScoreMicros: after.statement.scoreMicros,
  }));
  return {
    ...rejudgingView(rejudging),
    changes,
    failed: [...rejudging.results].filter(([, verdict]) => verdict === null).map(([id]) => id),
    rows: changedRows(boardWith(ledger, rejudging, "before"), boardWith(ledger, rejudging, "after")),
  };
}

/** The whole board as it is but for this rejudging's verdicts. */
function boardWith(ledger: Ledger, rejudging: Rejudging, which: "before" | "after"): Board {
  const standings = newStandings(ledger.standings.rules, teamsOf(ledger));
  for (const submission of ledger.submissions.values()) {
    if (submission.practice || submission.dismissed) continue;
    const verdict =
      (which === "after" ? rejudging.results.get(submission.id) : undefined) ??
      rejudging.before.get(submission.id) ??
      submission.verdict;
    record(standings, judged({ ...submission, verdict }));
  }
  return boardOf(standings, null);
}

function changedRows(before: Board, after: Board): RejudgingPreview["rows"] {
  const rowsBefore = new Map(before.rows.map((row) => [row.team, row]));
  return after.rows.flatMap((row) => {
    const old = rowsBefore.get(row.team);
    const [one, two] = [old === undefined ? null : standingOf(old), standingOf(row)];
    if (JSON.stringify(one) === JSON.stringify(two)) return [];
    return [{ team: row.team, displayName: row.displayName, before: one, after: two }];
  });
}

function standingOf({ rank, solved, penaltyMinutes, pointsMicros }: Board["rows"][number]): Standing {
  return { rank, solved, penaltyMinutes, pointsMicros };
}

function nameOf(ledger: Ledger, node: NodeId): string {
  return ledger.maps.members.get(node)?.displayName ?? "";
}
