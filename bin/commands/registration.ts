/** `dikast registration …`: who takes part, seen and changed before the contest begins. */
import type { Command } from "commander";
import { ask } from "../support/api.ts";
import { nodeNamed, registrationsOf } from "../support/nodes.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { print, printable, printJson, shortId, styled, table } from "../support/output.ts";

export function registerRegistration(program: Command): void {
  const registration = program
    .command("registration")
    .description("see who is registered, ban somebody, withdraw yourself");
  withSharedOptions(registration.command("list"))
    .description("show everybody who registered with the running sage")
    .addHelpText("after", "\nExample:\n  dikast registration list --json\n")
    .action(async (options: SharedOptions) => {
      const registrations = await registrationsOf(options);
      if (options.json === true) return printJson({ type: "registrations", registrations });
      const header = ["name", "role", "registered", "by sage", "id", ""].map((text) => styled("bold", text));
      const rows = registrations.map(({ displayName, role, at, admittedBy, node, removed, reason }) => [
        printable(displayName),
        role,
        new Date(at).toLocaleString(),
        shortId(admittedBy),
        node,
        removed ? `removed${reason === null || reason === "" ? "" : `: ${printable(reason)}`}` : "",
      ]);
      print(table([header, ...rows]));
      print(`${registrations.filter(({ removed }) => !removed).length} registered`);
    });
  withSharedOptions(registration.command("ban"))
    .description("remove somebody from the contest before it begins, on the running sage")
    .argument("<node>", "its name, its id, or the end of it")
    .option("--reason <sentence>", "what the node is told", "")
    .addHelpText(
      "after",
      `
A ban holds for the node's key, with all sages, and cannot be taken back. Once the contest runs, who cheats is excluded by
proof; nobody can be removed by command any more.

Example:
  dikast registration ban Mallory --reason "not of our school"
`,
    )
    .action(async (name: string, options: SharedOptions & { readonly reason: string }) => {
      const { node, displayName } = await nodeNamed(options, name);
      await ask(options, { type: "ban", node, reason: options.reason });
      if (options.json === true) printJson({ type: "banned", node, displayName });
      else print(`${printable(displayName)} (${node}) is removed`);
    });
  withSharedOptions(registration.command("withdraw"))
    .description("withdraw your own node's registration; it may go on watching")
    .addHelpText(
      "after",
      `
Possible until the registration closes. A withdrawal is final for this key: to take part after all, join with a new data
directory. Once the contest runs there is nothing to withdraw from: stop the node, the others carry on.

Example:
  dikast registration withdraw
`,
    )
    .action(async (options: SharedOptions) => {
      await ask(options, { type: "withdraw" });
      if (options.json === true) printJson({ type: "withdrawn" });
      else print("this node's registration is withdrawn");
    });
}
