/** `dikast sage card`: what another organizer needs of this sage. */
import { mkdir } from "node:fs/promises";
import type { Command } from "commander";
import { fastSigner, loadKey, loadOrCreateKey } from "../../../src/node/identity/index.ts";
import { cardYaml, sageCard } from "../../../src/node/organizer/index.ts";
import { lockDirectory } from "../../../src/node/store/index.ts";
import { type DaemonOptions, settingsOf, withSharedOptions } from "../../support/options.ts";
import { print, printJson } from "../../support/output.ts";

export function registerCard(sage: Command): void {
  withSharedOptions(sage.command("card"))
    .description("print the lines that name this machine as a further sage in somebody's contest.yaml")
    .option("--listen <multiaddrs>", "where this sage will listen, separated by commas (default: /ip4/0.0.0.0/tcp/0)")
    .option("--announce <multiaddrs>", "what to tell others instead, behind a NAT with a forwarded port")
    .addHelpText(
      "after",
      `
The card holds the sage's id, its address, and its commitment for the draws. The contest's organizer puts it below
"sages:" in contest.yaml. When the contest is served, this sage joins with the invite:

  dikast sage card --data-dir sage2 --listen /ip4/0.0.0.0/tcp/9001
  dikast sage --join 'dikast://…' --data-dir sage2

Examples:
  dikast sage card --data-dir sage2
`,
    )
    .action(async (options: DaemonOptions) => {
      const settings = await settingsOf(options);
      const directory = settings.dataDirectory;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const existing = await loadKey(directory);
      const key = existing ?? (await newKey(directory));
      const { id } = fastSigner(key);
      const card = await sageCard({
        dataDirectory: directory,
        id,
        listen: settings.listen,
        announce: settings.announce,
      });
      if (options.json === true)
        printJson({ type: "sage-card", id, addresses: card.addresses, beacon: card.beacon, yaml: cardYaml(card) });
      else print(`sages:\n${cardYaml(card)}`);
    });
}

async function newKey(directory: string): Promise<Uint8Array> {
  const lock = await lockDirectory(directory);
  try {
    return await loadOrCreateKey(directory);
  } finally {
    await lock.release();
  }
}
