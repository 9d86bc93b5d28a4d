/** `dikast stop`: ends the running node in order. */
import type { Command } from "commander";
import { ask } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { print, printJson } from "../support/output.ts";

export function registerStop(program: Command): void {
  withSharedOptions(program.command("stop"))
    .description("stop the running node; it goes on where it was when it is started again")
    .addHelpText("after", "\nExample:\n  dikast stop --data-dir ~/contest\n")
    .action(async (options: SharedOptions) => {
      const reply = await ask(options, { type: "stop" });
      if (options.json === true) printJson(reply);
      else print("the node stops");
    });
}
