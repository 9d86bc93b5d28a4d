/** `dikast invite`: how others join. */
import { writeFile } from "node:fs/promises";
import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import { ask } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { CommandError, print, printJson } from "../support/output.ts";
import { qrCode } from "../support/qr-code.ts";

interface InviteOptions extends SharedOptions {
  readonly qr?: true;
  readonly out?: string;
  /** Milliseconds. */
  readonly valid?: number;
}

interface Invitation {
  readonly invite: string | null;
  readonly expires: boolean;
}

export function registerInvite(program: Command): void {
  withSharedOptions(program.command("invite"))
    .description("show the invite of the contest that this sage serves: as text, as a QR code, or as a file")
    .option("--qr", "as a QR code on the terminal")
    .option("--out <file>", "into a file, which `dikast join FILE` takes")
    .option("--valid <duration>", "an invite that expires, such as 2h or 30m (with `registration: token`)", duration)
    .addHelpText(
      "after",
      "\nExamples:\n  dikast invite --qr\n  dikast invite --out spring.invite\n  dikast invite --valid 2h\n",
    )
    .action(async (options: InviteOptions) => {
      const untilMs = options.valid === undefined ? null : Date.now() + options.valid;
      const { invite, expires } = await ask<Invitation>(options, { type: "invite", untilMs });
      if (invite === null) {
        throw new CommandError("DIKAST_NO_SAGE", "this node is no sage: ask the organizer for the invite");
      }
      if (untilMs !== null && !expires) {
        throw new CommandError(
          "DIKAST_NO_TOKEN",
          "the invite of a contest without token cannot expire: set `registration: token` or `registration_closes` in contest.yaml",
        );
      }
      if (options.out !== undefined) {
        // It may hold a secret token.
        await writeFile(options.out, `${invite}\n`, { mode: 0o600, flag: "wx" }).catch(
          (error: NodeJS.ErrnoException) => {
            if (error.code !== "EEXIST") throw error;
            throw new CommandError(
              "DIKAST_FILE_EXISTS",
              `"${options.out}" exists already; name another file, or remove it`,
            );
          },
        );
      }
      if (options.json === true) printJson({ type: "invite", invite });
      else if (options.qr === true) showCode(invite);
      else if (options.out === undefined) print(invite);
    });
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function duration(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS_MS[match?.[2] ?? ""] ?? Number.NaN);
  if (!(ms > 0)) throw new InvalidArgumentError("a duration such as 90s, 30m, 2h or 3d is needed");
  return ms;
}

function showCode(invite: string): void {
  const { lines, width } = qrCode(invite, process.stdout.isTTY && process.env["NO_COLOR"] === undefined);
  const columns = process.stdout.isTTY ? process.stdout.columns : width;
  if (columns < width) {
    throw new CommandError(
      "DIKAST_TERMINAL_NARROW",
      `the code needs ${width} columns, the terminal has ${columns}: make it wider, or the font smaller`,
    );
  }
  for (const line of lines) print(line);
  print(invite);
}
