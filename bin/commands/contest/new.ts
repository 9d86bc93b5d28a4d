/** `dikast contest new DIR` */
import type { Command } from "commander";
import { createContest } from "../../../src/packages/template/index.ts";
import { print, printJson } from "../../support/output.ts";

export function registerNew(contest: Command): void {
  contest
    .command("new")
    .summary("start a contest: a commented contest.yaml and a sample problem")
    .description(
      "Write a contest.yaml in which every setting is explained, and a small complete problem to copy from, into a new or empty folder.",
    )
    .argument("<dir>", "the folder of the contest")
    .option("--json", "JSON Lines")
    .action(async (directory: string, options: { readonly json?: true }) => {
      const files = await createContest(directory);
      if (options.json === true) printJson({ type: "contest-created", directory, files });
      else {
        print(`${files.length} files in ${directory}: contest.yaml, and the sample problem in sum/.`);
        print(`Next: edit contest.yaml, then  dikast contest check ${directory}`);
      }
    });
}
