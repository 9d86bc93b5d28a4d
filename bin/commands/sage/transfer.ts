/** `dikast sage transfer`: hands the authority of a sage to a registered node, and takes it back. */
import type { Command } from "commander";
import type { NodeId } from "../../../src/model/index.ts";
import { ask } from "../../support/api.ts";
import { nodeOrSageNamed } from "../../support/nodes.ts";
import { type SharedOptions, withSharedOptions } from "../../support/options.ts";
import { CommandError, EXIT_USAGE, print, printable, printJson } from "../../support/output.ts";

interface TransferOptions extends SharedOptions {
  readonly back?: true;
  readonly reclaim?: true;
}

const FORCED = "; the node that had its authority did not answer, and has none of it any more";

export function registerTransfer(sage: Command): void {
  withSharedOptions(sage.command("transfer"))
    .description("sign the authority of this sage over to a registered node or another sage, or take it back")
    .argument("[node]", "its name on the board, its id, or the end of it; a sage's id, or the end of it")
    .option("--back", "take the authority of this sage back from whoever has it")
    .option("--reclaim", "take it back even if whoever has it is gone for good")
    .addHelpText(
      "after",
      `
The other node gets the contest's keys and answers registrations from then on; this sage may be stopped afterwards.
Participants hear of it by themselves; \`dikast invite\` there prints invites that name the new place. Choose somebody
whom you trust: whoever has the keys can read the problems before the start.

--reclaim asks the other node first, and takes the authority back after five seconds without an answer. From then on
everybody obeys this sage, and the other node's orders count no more, wherever it turns up. Before the start make sure
that it does not run any more: cut off with others it might open the contest for them alone. What only it knew, bans
above all, must be said again; whoever it registered is registered.

Examples:
  dikast sage transfer Ada
  dikast sage transfer --back
  dikast sage transfer --reclaim
`,
    )
    .action(async (name: string | undefined, options: TransferOptions) => {
      const takesBack = options.back === true || options.reclaim === true;
      if ((name === undefined) !== takesBack)
        throw new CommandError("DIKAST_USAGE", "name the node that takes over, or say --back or --reclaim", EXIT_USAGE);
      const to = name === undefined ? null : await nodeOrSageNamed(options, name);
      const reply = await ask<{ readonly to?: NodeId; readonly from?: NodeId; readonly forced?: boolean }>(options, {
        type: "transfer-authority",
        to: to?.node ?? null,
        force: options.reclaim === true,
      });
      if (options.json === true) printJson(reply);
      else if (to === null) print(`this node is a sage again${reply.forced === true ? FORCED : ""}`);
      else print(`${printable(to.displayName)} (${to.node}) is the sage now; this one may be stopped`);
    });
}
