/** `dikast contest …`: making, checking and packing a contest. */
import type { Command } from "commander";
import { registerCheck } from "./contest/check.ts";
import { registerImport } from "./contest/import.ts";
import { registerLife } from "./contest/life.ts";
import { registerNew } from "./contest/new.ts";
import { registerPack } from "./contest/pack.ts";
import { registerReplace } from "./contest/replace.ts";

export function registerContest(program: Command): void {
  const contest = program.command("contest").description("make, check and pack a contest; direct the one that runs");
  registerNew(contest);
  registerCheck(contest);
  registerPack(contest);
  registerImport(contest);
  registerLife(contest);
  registerReplace(contest);
  contest.addHelpText(
    "after",
    `
A contest is a folder: contest.yaml, and a folder for each problem package.

  dikast contest new spring          a commented contest.yaml and a sample problem
  dikast contest import p.zip spring a problem from Polygon
  dikast contest check spring        what a careful judge would complain about
  dikast contest pack spring --out spring.packed
  dikast sage --contest spring       hold it

The organizer's orders to a running contest go through the sage's node:

  dikast contest state               where it stands, what is open
  dikast contest replace C spring/   mended test data
  dikast contest extend 10m          also pause, resume, freeze, unfreeze, disqualify
  dikast contest finalize            when everything is judged and answered`,
  );
}
