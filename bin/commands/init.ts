/** `dikast init`: a data directory with a key. */
import { mkdir } from "node:fs/promises";
import type { Command } from "commander";
import { fastSigner, loadKey, loadOrCreateKey } from "../../src/node/identity/index.ts";
import { lockDirectory } from "../../src/node/store/index.ts";
import { dataDirectory, type SharedOptions, withSharedOptions } from "../support/options.ts";
import { print, printJson } from "../support/output.ts";

export function registerInit(program: Command): void {
  withSharedOptions(program.command("init"))
    .description("make a data directory with a new key; the key is the node's identity")
    .addHelpText(
      "after",
      `
The key lies in the file "key" of the data directory, readable by you only. Whoever has it can submit in your name;
whoever loses it is a new participant. An existing key is kept. \`sage\` and \`join\` do this by themselves.

Example:
  dikast init --data-dir ~/contest
`,
    )
    .action(async (options: SharedOptions) => {
      const directory = dataDirectory(options);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const existing = await loadKey(directory);
      let key = existing;
      if (key === undefined) {
        const lock = await lockDirectory(directory);
        try {
          key = await loadOrCreateKey(directory);
        } finally {
          await lock.release();
        }
      }
      const { id } = fastSigner(key);
      const created = existing === undefined;
      if (options.json === true) printJson({ type: "initialized", node: id, dataDirectory: directory, created });
      else print(`${created ? "made" : "kept"} the key of node ${id} in ${directory}`);
    });
}
