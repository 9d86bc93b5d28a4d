/** `dikast board`: the scoreboard, as this node has it. */
import process from "node:process";
import type { Command } from "commander";
import type { Board } from "../../src/contest/index.ts";
import type { ApiClient } from "../../src/api/index.ts";
import { withApi } from "../support/api.ts";
import { boardText } from "../support/board.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { CommandError, print, printJson } from "../support/output.ts";

interface BoardOptions extends SharedOptions {
  readonly watch?: true;
  readonly full?: true;
}

export function registerBoard(program: Command): void {
  withSharedOptions(program.command("board"))
    .description("show the scoreboard, folded from the committed log that this node has")
    .option("-w, --watch", "show it again whenever it changes")
    .option("--full", "behind the freeze; for the organizer and the sages only")
    .addHelpText("after", "\nExamples:\n  dikast board\n  dikast board --watch\n")
    .action(async (options: BoardOptions) => {
      await withApi(options, async (api) => {
        await show(api, options);
        if (options.watch !== true) return;
        for await (const body of api.stream({ type: "subscribe" })) {
          if ((body as { notice?: { type: string } }).notice?.type !== "board-changed") continue;
          if (process.stdout.isTTY && options.json !== true) process.stdout.write("\u001b[H\u001b[2J");
          await show(api, options);
        }
      });
    });
}

async function show(api: ApiClient, { json, full }: BoardOptions): Promise<void> {
  const { board } = (await api.request({ type: "board", full: full === true })) as { readonly board: Board | null };
  // What an organizer sees is not frozen.
  if (full === true && board?.frozen === true)
    throw new CommandError(
      "DIKAST_NOT_AN_ORGANIZER",
      "only the organizer and the sages may look behind the freeze; `dikast board` shows what everybody sees",
    );
  if (json === true) printJson({ type: "board", board });
  else print(board === null ? "the contest has no board yet" : boardText(board));
}
