/** `dikast invite`: how others join. */
import { writeFile } from "node:fs/promises";
import process from "node:process";
import type { Command } from "commander";
import type { NodeInfo } from "../../src/api/index.ts";
import { ask } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { CommandError, print, printJson } from "../support/output.ts";
import { qrCode } from "../support/qr-code.ts";

interface InviteOptions extends SharedOptions {
  readonly qr?: true;
  readonly out?: string;
}

export function registerInvite(program: Command): void {
  withSharedOptions(program.command("invite"))
    .description("show the invite of the contest that this sage serves: as text, as a QR code, or as a file")
    .option("--qr", "as a QR code on the terminal")
    .option("--out <file>", "into a file, which `dikast join FILE` takes")
    .addHelpText("after", "\nExamples:\n  dikast invite --qr\n  dikast invite --out spring.invite\n")
    .action(async (options: InviteOptions) => {
      const { invite } = await ask<NodeInfo>(options, { type: "node" });
      if (invite === null) {
        throw new CommandError("DIKAST_NO_SAGE", "this node is no sage: ask the organizer for the invite");
      }
      if (options.out !== undefined) {
        // It may hold a secret token.
        await writeFile(options.out, `${invite}\n`, { mode: 0o600, flag: "wx" }).catch(
          (error: NodeJS.ErrnoException) => {
            if (error.code !== "EEXIST") throw error;
            throw new CommandError("DIKAST_FILE_EXISTS", `"${options.out}" exists already`);
          },
        );
      }
      if (options.json === true) printJson({ type: "invite", invite });
      else if (options.qr === true) showCode(invite);
      else if (options.out === undefined) print(invite);
    });
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
