/** `dikast notice`: tells everybody something. */
import type { Command } from "commander";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { giveOrder, textFrom } from "../support/orders.ts";

export function registerNotice(program: Command): void {
  withSharedOptions(program.command("notice"))
    .description("announce something to everybody (organizers)")
    .argument("<text...>", "the announcement; - reads standard input")
    .option("-p, --problem <problem>", "the problem it is about: its short name or its letter on the board")
    .addHelpText("after", '\nExample:\n  dikast notice --problem C "The third sample was wrong; it is 7."\n')
    .action(async (words: readonly string[], options: SharedOptions & { readonly problem?: string }) => {
      const text = await textFrom(words);
      await giveOrder(options, { type: "notice", problem: options.problem ?? null, text }, "announced");
    });
}
