/** `dikast dead-letters`: submissions that no cluster could judge. */
import type { Command } from "commander";
import type { LifeReply, LifeView } from "../../sessions/index.ts";
import { ask, checked, withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { byPrefix, deliver } from "../support/orders.ts";
import { CommandError, counted, EXIT_USAGE, print, printable, printJson, table } from "../support/output.ts";

type Life = Extract<LifeReply, { readonly type: "life" }>;

export function registerDeadLetters(program: Command): void {
  const letters = program.command("dead-letters").description("submissions that no cluster could judge (JE)");
  withSharedOptions(letters.command("list"))
    .description("what waits for the organizers")
    .action(async (options: SharedOptions) => {
      const { life } = await ask<Life>(options, { type: "life" });
      if (options.json === true) printJson({ type: "dead-letters", deadLetters: life.deadLetters });
      else print(life.deadLetters.length === 0 ? "there are no dead letters" : table(life.deadLetters.map(rowOf)));
    });
  withSharedOptions(letters.command("replay"))
    .description("try again, with new attempts (organizers)")
    .argument("[submission]", "the beginning of its id")
    .option("--all", "all of them")
    .action(async (prefix: string | undefined, options: SharedOptions & { readonly all?: true }) => {
      if ((prefix === undefined) !== (options.all === true)) {
        throw new CommandError("DIKAST_USAGE", "name one submission, or say --all", EXIT_USAGE);
      }
      await withApi(options, async (api) => {
        const { life } = checked(await api.request({ type: "life" })) as Life;
        const submission = prefix === undefined ? null : one(life, prefix);
        await deliver(api, options, { type: "order", wish: { type: "replay", submission } }, "tried again");
      });
    });
  withSharedOptions(letters.command("dismiss"))
    .description("let one that nobody can judge count for nothing (organizers)")
    .argument("<submission>", "the beginning of its id")
    .option("--reason <text>", "for the log", "")
    .action(async (prefix: string, options: SharedOptions & { readonly reason: string }) => {
      await withApi(options, async (api) => {
        const { life } = checked(await api.request({ type: "life" })) as Life;
        const wish = { type: "dismiss", submission: one(life, prefix), reason: options.reason } as const;
        await deliver(api, options, { type: "order", wish }, "it counts for nothing");
      });
    });
  letters.addHelpText(
    "after",
    `
The last column is what the last cluster's leader heard from its evaluators; "no answer in time": none of them answered, or none
of the clusters tried had a majority. Their sources are in the zip of \`dikast export --submissions FILE\`.

Examples:
  dikast dead-letters list
  dikast dead-letters replay --all
`,
  );
}

/** The whole is in --json. */
const REASON_CHARACTERS_MAX = 160;

function one(life: LifeView, prefix: string) {
  return byPrefix(life.deadLetters, (each) => each.submission, prefix, "dead letter").submission;
}

function rowOf({
  submission,
  displayName,
  problem,
  language,
  receivedAt,
  attempts,
  reason,
}: LifeView["deadLetters"][number]): string[] {
  const time = new Date(receivedAt).toLocaleTimeString();
  const why = reason === "" ? "no answer in time" : printable(reason).slice(0, REASON_CHARACTERS_MAX);
  return [submission.slice(0, 8), time, printable(displayName), problem, language, counted(attempts, "attempt"), why];
}
