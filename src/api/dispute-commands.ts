/** The shape of commands about disputes, as they came over the socket. */
import type { DisputeCommand } from "../../sessions/index.ts";
import { parseHash } from "../model/index.ts";

/** The command, what is wrong with it in words, or undefined when it is another one. */
export function parseDisputeCommand(command: Readonly<Record<string, unknown>>): DisputeCommand | string | undefined {
  switch (command["type"]) {
    case "disputes":
      return { type: "disputes" };
    case "dispute": {
      const { submission, reason = "" } = command;
      const id = typeof submission === "string" ? parseHash(submission) : undefined;
      if (id === undefined) return "`submission` is not a submission's id (64 hex digits)";
      if (typeof reason !== "string" || !reason.isWellFormed()) return "`reason` is no text";
      return { type: "dispute", submission: id, reason };
    }
    default:
      return undefined;
  }
}
