/** `dikast open`: an organizer starts a contest that has no start time. */
import { type Command, InvalidArgumentError } from "commander";
import { ask } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { print, printJson } from "../support/output.ts";

export function registerOpen(program: Command): void {
  withSharedOptions(program.command("open"))
    .description("start the contest of the running sage now")
    .option("--in <seconds>", "start in so many seconds", seconds)
    .addHelpText("after", "\nExample:\n  dikast open --in 60 --data-dir sage\n")
    .action(async (options: SharedOptions & { readonly in?: number }) => {
      const reply = await ask(options, { type: "open-contest", inMs: options.in ?? null });
      if (options.json === true) printJson(reply);
      else print("the registration is closed; the contest starts");
    });
}

function seconds(text: string): number {
  const ms = Math.round(Number(text) * 1_000);
  if (!Number.isSafeInteger(ms) || ms < 0) throw new InvalidArgumentError("a number of seconds is needed");
  return ms;
}
