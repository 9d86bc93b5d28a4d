/** Invites as people hand them over. */
import { readFile, stat } from "node:fs/promises";
import { CommandError, EXIT_USAGE } from "./output.ts";

/** Several times what an invite may have. */
const INVITE_FILE_BYTES_MAX = 16 * 1024;

/** The invite itself, or the content of a file of that name. */
export async function inviteText(text: string | undefined): Promise<string | undefined> {
  if (text === undefined || text.trimStart().startsWith("dikast:")) return text;
  const found = await stat(text).catch(() => undefined);
  if (found?.isFile() !== true) return text;
  if (found.size > INVITE_FILE_BYTES_MAX)
    throw new CommandError("DIKAST_BAD_INVITE", `${text} is too large for an invite`, EXIT_USAGE);
  return await readFile(text, "utf8");
}
