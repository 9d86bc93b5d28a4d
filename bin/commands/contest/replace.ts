/** `dikast contest replace`: other test data for a problem while the contest runs. */
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { fromHex, toHex } from "../../../src/model/index.ts";
import { packContestProblem } from "../../../src/node/packing/index.ts";
import { type ContestProblem, readContest } from "../../../src/packages/index.ts";
import { dataDirectory, type SharedOptions, withSharedOptions } from "../../support/options.ts";
import { giveOrder } from "../../support/orders.ts";
import { CommandError, EXIT_USAGE } from "../../support/output.ts";

export function registerReplace(contest: Command): void {
  withSharedOptions(contest.command("replace"))
    .description("exchange a problem's tests, limits and validators for mended ones; then `dikast rejudge --problem …`")
    .argument("<problem>", "its short name or its letter")
    .argument("<dir>", "the folder of the contest with the mended package in it")
    .option("--reason <text>", "for the log", "")
    .addHelpText(
      "after",
      `
The package is packed and sealed on the sage's machine; every node fetches it as it did before the start. What is
assigned from then on is judged with it. Verdicts that are there stay until you have them judged again.

Example:
  dikast contest replace C spring/ --reason "answer 7 was wrong" && dikast rejudge --problem C
`,
    )
    .action(async (named: string, directory: string, options: SharedOptions & { readonly reason: string }) => {
      const problem = await problemIn(directory, named);
      // Loads the network's libraries, which the other commands do not need.
      const { BundleFiles } = await import("../../../src/node/bundles/index.ts");
      const key = toHex(new Uint8Array(randomBytes(32)));
      const files = new BundleFiles(path.join(dataDirectory(options), "bundles"));
      const { id, sealedBundle, package: content } = await packContestProblem(problem, fromHex(key), files);
      if (sealedBundle === null) throw new CommandError("DIKAST_FAILURE", "the package could not be sealed");
      const wish = {
        type: "replace",
        problem: id,
        sealedBundle,
        package: content,
        key,
        reason: options.reason,
      } as const;
      const done = `${problem.label} is judged with the new data from now on; dikast rejudge --problem ${problem.label}`;
      await giveOrder(options, wish, done);
    });
}

async function problemIn(directory: string, named: string): Promise<ContestProblem> {
  if ((await stat(directory).catch(() => undefined))?.isDirectory() !== true) {
    throw new CommandError("DIKAST_NO_CONTEST", `there is no folder ${directory}`, EXIT_USAGE);
  }
  const { problems } = await readContest(path.resolve(directory));
  const found = problems.find(({ id, label }) => id === named || label.toLowerCase() === named.toLowerCase());
  if (found === undefined)
    throw new CommandError("DIKAST_NOT_FOUND", `there is no problem ${named} in ${directory}`, EXIT_USAGE);
  if (found.package.timeLimitSource !== "package") {
    // A measured one would differ from the first measurement.
    throw new CommandError(
      "DIKAST_NO_TIME_LIMIT",
      `state the time limit in problem.yaml (limits: time_limit), as the contest had it`,
    );
  }
  return found;
}
