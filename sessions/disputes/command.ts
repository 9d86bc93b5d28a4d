/** Commands about disputes, at the own node. */
import {
  DISPUTE_KIND,
  DISPUTE_REASON_CHARACTERS_MAX,
  type Hash,
  letterIdOf,
  type NodeId,
} from "../../src/model/index.ts";
import { LETTERS_WAITING_MAX, sendLetter } from "../life/letters.ts";
import type { LifeReply } from "../life/commands.ts";
import type { Ledger } from "../log/ledger.ts";
import type { Live, Machine } from "../machine.ts";
import { isHidden } from "../submissions/view.ts";
import type { DisputeCommand, DisputeReply, DisputeView } from "./commands.ts";
import { signDispute } from "./doubt.ts";
import { type DisputeFailed, disputeFailed } from "./faults.ts";
import { doubtFault, openDoubt } from "./fold.ts";
import { DISPUTES_LOST_MAX, type Heard, type Hearing } from "./state.ts";

type Reply = (body: DisputeReply | LifeReply | DisputeFailed, final: boolean) => void;

export function onDisputeCommand(m: Machine, request: string, command: DisputeCommand, reply: Reply): void {
  const { live } = m;
  if (live === null) reply(disputeFailed("not-joined"), true);
  else if (command.type === "disputes") {
    reply({ type: "disputes", disputes: disputesOf(m, live), left: disputesLeft(live.ledger, m.self) }, true);
  } else dispute(m, live, request, command, reply);
}

function dispute(
  m: Machine,
  live: Live,
  request: string,
  { submission, reason }: Extract<DisputeCommand, { readonly type: "dispute" }>,
  reply: Reply,
): void {
  if (reason.length > DISPUTE_REASON_CHARACTERS_MAX) {
    reply(disputeFailed("too-long"), true);
    return;
  }
  const attempt = live.ledger.submissions.get(submission)?.verdict?.statement.attempt ?? 1;
  const message = signDispute(m, submission, attempt, reason.toWellFormed());
  const doubt = openDoubt(message);
  const isFull = m.letters.size >= LETTERS_WAITING_MAX && !m.letters.has(letterIdOf(message));
  const waiting = [...m.letters.values()].filter((letter) => letter.message.kind === DISPUTE_KIND).length;
  const isSpent = waiting > 0 && waiting >= disputesLeft(live.ledger, m.self);
  const room = isFull ? "too-many" : isSpent ? "spent" : undefined;
  const fault = doubt === undefined ? "unknown-submission" : (doubtFault(live.ledger, doubt) ?? room);
  if (fault !== undefined) reply(disputeFailed(fault), true);
  else reply({ type: "sent", id: sendLetter(m, message, request) }, false);
}

export function disputesLeft({ disputes }: Ledger, node: NodeId): number {
  const open = [...disputes.open.values()].filter(({ by }) => by === node).length;
  return Math.max(0, DISPUTES_LOST_MAX - open - (disputes.lost.get(node) ?? 0));
}

function disputesOf(m: Machine, live: Live): readonly DisputeView[] {
  const { heard, open } = live.ledger.disputes;
  return [
    ...heard.map((each) => viewOfHeard(m, live, each)),
    ...[...open.values()].map((each) => viewOf(m, live, each)),
  ];
}

function viewOf(m: Machine, live: Live, hearing: Hearing): DisputeView {
  const { submission, by, reason, dissents, at, jury, before } = hearing;
  return {
    ...about(live.ledger, submission.id, by),
    reason,
    dissenters: [...dissents.keys()],
    openedAt: at,
    state: jury === null ? "waiting" : "hearing",
    jury: jury?.members ?? [],
    quorum: jury?.quorum ?? 0,
    endedAt: null,
    before: isHidden(m, submission) ? null : before.statement.verdict,
    after: null,
    liars: [],
  };
}

function viewOfHeard(m: Machine, live: Live, heard: Heard): DisputeView {
  const { by, reason, dissenters, openedAt, at, outcome, before, after, liars } = heard;
  const submission = live.ledger.submissions.get(heard.submission);
  const hidden = submission !== undefined && isHidden(m, submission);
  return {
    ...about(live.ledger, heard.submission, by),
    reason,
    dissenters,
    openedAt,
    state: hidden ? "hearing" : outcome,
    jury: submission?.assignments[(after?.statement.attempt ?? 0) - 1]?.jury ?? [],
    quorum: 0,
    endedAt: at,
    before: hidden ? null : before.statement.verdict,
    after: hidden ? null : (after ?? before).statement.verdict,
    liars,
  };
}

function about(ledger: Ledger, id: Hash, by: NodeId | null) {
  const submission = ledger.submissions.get(id);
  const submitter = submission?.submitter ?? ("" as NodeId);
  return {
    submission: id,
    submitter,
    displayName: nameOf(ledger, submitter),
    problem: submission?.problem ?? "",
    by,
    byName: by === null ? null : nameOf(ledger, by),
  };
}

function nameOf(ledger: Ledger, node: NodeId): string {
  return ledger.maps.members.get(node)?.displayName ?? "";
}
