/** What a person or a tool asks of its own node. */
import { unreachable } from "../src/model/index.ts";
import { withdraw } from "./joining/joining.ts";
import type { ParticipantCommand } from "./commands.ts";
import { onDisputeCommand } from "./disputes/command.ts";
import { onLifeCommand } from "./life/command.ts";
import type { Machine } from "./machine.ts";
import { submit } from "./submissions/outbox.ts";
import { submissionView } from "./submissions/view.ts";
import { reply, watch } from "./submissions/watches.ts";
import { boardOf, peersOf, statusOf, submissionsOf } from "./view.ts";

export function onCommand(m: Machine, request: string, command: ParticipantCommand): void {
  switch (command.type) {
    case "submit": {
      const done = submit(m, command);
      if (typeof done === "string") reply(m, request, { type: "submitted", submission: done }, true);
      else reply(m, request, { type: "failed", ...done }, true);
      return;
    }
    case "watch":
      watch(m, request, command.submission);
      return;
    case "submission": {
      const view = submissionView(m, command.submission);
      if (view !== undefined) reply(m, request, { type: "submission", submission: view }, true);
      else
        reply(
          m,
          request,
          { type: "failed", code: "unknown-submission", reason: "this node knows no such submission" },
          true,
        );
      return;
    }
    case "submissions":
      reply(m, request, { type: "submissions", submissions: submissionsOf(m, command.of, command.countMax) }, true);
      return;
    case "withdraw":
      if (withdraw(m)) reply(m, request, { type: "withdrawn" }, true);
      else
        reply(
          m,
          request,
          {
            type: "failed",
            code: "not-registered",
            reason:
              m.live === null
                ? "this node is not registered"
                : "the registration is closed: stop the node instead (dikast stop), the others carry on without it",
          },
          true,
        );
      return;
    case "status":
      reply(m, request, { type: "status", status: statusOf(m) }, true);
      return;
    case "board":
      reply(m, request, { type: "board", board: boardOf(m, command.full) }, true);
      return;
    case "peers":
      reply(m, request, { type: "peers", peers: peersOf(m) }, true);
      return;
    case "dispute":
    case "disputes":
      onDisputeCommand(m, request, command, (body, final) => reply(m, request, body, final));
      return;
    case "ask":
    case "order":
    case "clarifications":
    case "rejudgings":
    case "rejudging":
    case "life":
      onLifeCommand(m, request, command, (body, final) => reply(m, request, body, final));
      return;
    default:
      unreachable(command);
  }
}
