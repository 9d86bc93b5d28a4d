/** `dikast open`: an organizer starts a contest that has no start time. */
import type { Command } from "commander";
import { ask } from "../support/api.ts";
import { secondsOrDuration } from "../support/durations.ts";
import { registrationsOf } from "../support/nodes.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { counted, print, printJson, styled } from "../support/output.ts";

/** A majority of a cluster without the submitter. */
const EVALUATORS_MIN = 3;

export function registerOpen(program: Command): void {
  withSharedOptions(program.command("open"))
    .description("start the contest of the running sage now")
    .option("--in <time>", "start in so many seconds, or in 2m30s", secondsOrDuration)
    .addHelpText("after", "\nExample:\n  dikast open --in 60 --data-dir sage\n")
    .action(async (options: SharedOptions & { readonly in?: number }) => {
      const reply = await ask(options, { type: "open-contest", inMs: options.in ?? null });
      if (options.json === true) return printJson(reply);
      print("the registration is closed; the contest starts");
      const taking = (await registrationsOf(options)).filter(({ removed }) => !removed).length;
      if (taking < EVALUATORS_MIN)
        print(
          styled(
            "yellow",
            `only ${counted(taking, "node takes", "nodes take")} part: nothing can be judged before there are ${EVALUATORS_MIN}, because nobody's own word counts for it; let somebody join (\`dikast invite\`), as a juror perhaps (--role juror)`,
          ),
        );
    });
}
