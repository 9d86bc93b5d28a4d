/** Invites as people hand them over. */
import { readFile, stat } from "node:fs/promises";
import { type Invite, parseInvite } from "../../src/node/config/index.ts";
import { CommandError, EXIT_USAGE } from "./output.ts";

/** Several times what an invite may have. */
const INVITE_FILE_BYTES_MAX = 16 * 1024;

/** The invite itself, or the content of a file of that name. */
export async function inviteText(text: string | undefined): Promise<string | undefined> {
  if (text === undefined || text.trimStart().startsWith("dikast:")) return text;
  const found = await stat(text).catch(() => undefined);
  if (found?.isFile() !== true)
    throw new CommandError(
      "DIKAST_BAD_INVITE",
      `"${text.slice(0, 200)}" is neither an invite (dikast://…) nor a file; copy all of the invite, in quotes`,
      EXIT_USAGE,
    );
  if (found.size > INVITE_FILE_BYTES_MAX)
    throw new CommandError("DIKAST_BAD_INVITE", `${text} is too large for an invite`, EXIT_USAGE);
  return await readFile(text, "utf8");
}

/** @throws CommandError with what is wrong and what to do. */
export function openInvite(text: string): Invite {
  const invite = parseInvite(text);
  if (typeof invite !== "string") return invite;
  // Whatever names its own way out needs no other one.
  const wayOut = invite.includes(";") ? "" : "; copy all of it, in quotes, or ask the organizer for it again";
  throw new CommandError("DIKAST_BAD_INVITE", `this is no invite: ${invite}${wayOut}`, EXIT_USAGE);
}
