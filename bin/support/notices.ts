/** The machines' notices as lines for people. */
import type { NodeId } from "../../src/model/index.ts";
import type { Notice } from "../../sessions/index.ts";
import type { SageNotice } from "../../sage/index.ts";
import { counted, printable, shortId, styled, verdictText } from "./output.ts";

export interface NoticeNames {
  /** What people call a node. */
  node(id: NodeId): string;
  /** What the board calls a problem. */
  problem(id: string): string;
}

export const plainNames: NoticeNames = { node: shortId, problem: (id) => id };

/** News of the node itself. */
interface DiskNotice {
  readonly type: "disk-changed";
  readonly level: "roomy" | "low" | "nearly-full";
  readonly text: string;
}

/** The line for a notice, or undefined for those that say nothing to a person. */
export function noticeLine(notice: Notice | SageNotice | DiskNotice, names: NoticeNames): string | undefined {
  const name = (id: NodeId): string => printable(names.node(id));
  const list = (ids: readonly NodeId[]): string => ids.map(name).join(", ");
  switch (notice.type) {
    case "admitted":
      return `${printable(notice.displayName)} registered (${notice.registered} in all)`;
    case "registered":
      return `registered for ${printable(notice.name)}`;
    case "latecomer":
      return `${printable(notice.displayName)} takes part from now on`;
    case "rejected":
      return styled("red", `${name(notice.node)} rejected: ${printable(notice.reason)}`);
    case "registration-rejected":
      return styled("red", `the sage ${name(notice.by)} rejected the registration: ${printable(notice.reason)}`);
    case "registration-closed":
      return `registration closed: ${counted(notice.registered, "node")}`;
    case "roster":
      return `roster of ${counted(notice.members, "member")}, the contest starts ${new Date(notice.startsAt).toLocaleTimeString()}`;
    case "keys-released":
      // At a sage its own machine says so too.
      return "keys" in notice ? "keys released: problems open" : undefined;
    case "session-started":
      return `session ${notice.session}: ${notice.clusters.map((members, index) => `cluster ${index} = ${list(members)}`).join(" · ")}`;
    case "vote-cast":
      return styled("dim", `votes for ${name(notice.candidate)} in ${scopeText(notice.scope)}, round ${notice.round}`);
    case "leader-elected":
      return `${styled("cyan", name(notice.leader))} leads ${scopeText(notice.scope)} (votes of ${list(notice.voters)})`;
    case "re-election":
      return styled("yellow", `new election in ${scopeText(notice.scope)}: ${notice.reason}`);
    case "submission-accepted":
      return `${name(notice.submitter)} submitted ${names.problem(notice.problem)} (${notice.submission.slice(0, 8)})`;
    case "submission-refused":
      return styled("red", `submission ${notice.submission.slice(0, 8)} refused: ${notice.code}`);
    case "assigned":
      return styled(
        "dim",
        `${notice.submission.slice(0, 8)} → cluster ${notice.cluster}${attemptText(notice.attempt)}`,
      );
    case "evaluation-finished":
      return styled(
        "dim",
        `evaluated ${notice.submission.slice(0, 8)}: ${notice.verdict}${notice.reason === null ? "" : ` (${printable(notice.reason)})`}`,
      );
    case "escalated":
      return styled(
        "yellow",
        `${notice.submission.slice(0, 8)}: results differ or are late, ${notice.asked} more asked`,
      );
    case "verdict-settled":
      return `${verdictText(notice.verdict)} for ${name(notice.submitter)} on ${names.problem(notice.problem)} (${notice.submission.slice(0, 8)}): cluster ${notice.cluster}, signed by ${list(notice.voters)}, ${(notice.tookMs / 1000).toFixed(1)} s`;
    case "dead-letter":
      return styled("magenta", `${notice.submission.slice(0, 8)} could not be judged (JE)`);
    case "suspected":
    case "died":
      return styled("yellow", `${name(notice.peer)} ${notice.type === "died" ? "is gone" : "is silent"}`);
    case "excluded":
      return styled("red", `${name(notice.node)} is excluded for ${notice.offence}: the proof is in the log`);
    case "disputed":
      return `the verdict of ${notice.submission.slice(0, 8)} is disputed by ${notice.by === null ? list(notice.dissenters) || "lot" : name(notice.by)}: heard in session ${notice.session}`;
    case "jury-drawn":
      return `${notice.members.length} jurors run ${notice.submission.slice(0, 8)} again, ${notice.quorum} equal results decide: ${list(notice.members)}`;
    case "dispute-heard":
      return styled(
        notice.outcome === "overturned" ? "red" : "cyan",
        `the dispute about ${notice.submission.slice(0, 8)} is ${notice.outcome}: ${notice.before === notice.after ? verdictText(notice.after) : `${verdictText(notice.before)} → ${verdictText(notice.after)}`}`,
      );
    case "quarantined":
      return styled("yellow", `${name(notice.node)} contradicted verdicts again and again: it judges on trial`);
    case "released":
      return `${name(notice.node)} has judged right on trial: its results count again`;
    case "recovery":
      return styled("red", `most of the council is gone for good: the sages name ${list(notice.council)}`);
    case "council-recovered":
      return styled("cyan", `the log goes on with the council that the sages named: ${list(notice.council)}`);
    case "returned":
      return `${name(notice.peer)} is back`;
    case "caught-up":
      return `caught up: blocks ${notice.from} to ${notice.to}`;
    case "contest-ended":
      return styled("bold", "the contest has ended");
    case "authority-passed":
      return styled(
        "cyan",
        notice.from === notice.to
          ? `${name(notice.to)} speaks as a sage again`
          : `${name(notice.to)} speaks as a sage now, in place of ${name(notice.from)}`,
      );
    case "roster-superseded":
      return styled(
        "red",
        "the organizer opened the contest anew, without this node: join with the same invite and another --data-dir",
      );
    case "disk-changed":
      return styled(notice.level === "roomy" ? "cyan" : "red", printable(notice.text));
    case "notice-posted":
      return styled("bold", `notice: ${printable(notice.text)}`);
    case "problem-replaced":
      return styled("bold", `new test data for ${names.problem(notice.problem)} (revision ${notice.revision})`);
    case "question-asked":
      return `${name(notice.asker)} asks${notice.problem === null ? "" : ` about ${names.problem(notice.problem)}`} (${notice.question.slice(0, 8)})`;
    case "question-answered":
      return `question ${notice.question.slice(0, 8)} answered${notice.toAll ? " to all" : ""}`;
    case "contest-changed":
      return styled("bold", `by order of ${name(notice.by)}: ${notice.change}`);
    case "order-void":
      return styled("yellow", `an order of ${name(notice.by)} is void: ${notice.action} (${notice.fault})`);
    case "rejudged":
      return `judged again: ${notice.submission.slice(0, 8)} ${verdictText(notice.before)} → ${verdictText(notice.after)}`;
    case "removed":
      return `${name(notice.node)} removed: ${printable(notice.reason)}`;
    case "contest-known":
    case "roster-signed":
    case "revealed":
    case "leading":
    case "stood-down":
    case "evaluation-started":
    case "result-received":
    case "progress":
    case "block-committed":
    case "board-changed":
    case "refused":
      return undefined;
  }
}

function scopeText(scope: number | "central"): string {
  return scope === "central" ? "the contest" : `cluster ${scope}`;
}

function attemptText(attempt: number): string {
  return attempt <= 1 ? "" : ` (attempt ${attempt})`;
}
