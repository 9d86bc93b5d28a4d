/** `dikast join`: takes part in a contest. */
import { stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { parseInvite } from "../../src/node/config/index.ts";
import type { RunningNode } from "../../src/node/runtime/index.ts";
import { loadMembership, type Membership, type Prepared, runDaemon } from "../support/daemon.ts";
import { inviteText } from "../support/invites.ts";
import { noticeLine, plainNames } from "../support/notices.ts";
import { type DaemonOptions, settingsOf, withDaemonOptions } from "../support/options.ts";
import { CommandError, EXIT_USAGE, print, printJson } from "../support/output.ts";

interface JoinOptions extends DaemonOptions {
  readonly role: string;
  readonly stopWithInput?: true;
}

export function registerJoin(program: Command): void {
  withDaemonOptions(program.command("join"))
    .description("take part in a contest with an invite; runs until it is stopped")
    .argument(
      "[invite]",
      "dikast://… as the sage prints it, or a file that holds it; - reads standard input; none goes on where it was",
    )
    .option("--role <role>", "participant, juror (only evaluates) or observer (only watches)", "participant")
    .option("--stop-with-input", "stop when standard input ends")
    .addHelpText(
      "after",
      `
The node registers with the sage, then keeps the contest running with the others: it votes, may lead, and evaluates
submissions of others in a sandbox. Submit with \`dikast submit\` from another terminal. A node that was stopped, killed
or cut off goes on where it was; what it has submitted is delivered when the network is back.

Examples:
  dikast join 'dikast://5f0c…?sage=/ip4/192.0.2.7/tcp/9000/p2p/16Uiu2…' --name "Team Kattis"
  dikast join --data-dir ~/contest
  dikast join "$INVITE" --role juror --slots 4
`,
    )
    .action(async (text: string | undefined, options: JoinOptions) => {
      const settings = await settingsOf(options);
      const given = text === "-" ? await firstLine() : await inviteText(text);
      // Before anything is started: a mistake is told at once.
      const membership = await membershipOf(given, settings.dataDirectory, roleOf(options.role));
      await runDaemon({
        settings,
        stopWithInput: options.stopWithInput === true,
        prepare: async () => ({ ...membership, ...(await authorityOf(settings.dataDirectory, membership)) }),
        onReady: (node) => onReady(node, options.json === true),
      });
    });
}

async function membershipOf(
  text: string | undefined,
  directory: string,
  role: Membership["role"],
): Promise<Membership> {
  const earlier = await loadMembership(directory);
  if (text === undefined) {
    if (earlier !== undefined) return earlier;
    throw new CommandError(
      "DIKAST_NO_INVITE",
      "this data directory belongs to no contest yet: an invite is needed",
      EXIT_USAGE,
    );
  }
  const invite = parseInvite(text);
  if (typeof invite === "string")
    throw new CommandError("DIKAST_BAD_INVITE", `this is no invite: ${invite}`, EXIT_USAGE);
  if (earlier !== undefined && earlier.contest !== invite.contest) {
    throw new CommandError(
      "DIKAST_OTHER_CONTEST",
      `the data directory ${directory} belongs to another contest; choose another one with --data-dir`,
    );
  }
  return { role, ...invite };
}

/** A sage may have signed its authority over to this node. */
async function authorityOf(directory: string, { contest }: Membership): Promise<Pick<Prepared, "organized">> {
  if ((await stat(path.join(directory, "contest.json")).catch(() => undefined)) === undefined) return {};
  const { loadOrganized } = await import("../../src/node/organizer/index.ts");
  const organized = await loadOrganized(directory);
  return organized?.contest === contest ? { organized } : {};
}

function roleOf(text: string): Membership["role"] {
  if (text === "participant" || text === "juror" || text === "observer") return text;
  throw new CommandError("DIKAST_USAGE", `--role is "${text}"; expected is participant, juror or observer`, EXIT_USAGE);
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new CommandError("DIKAST_NO_INVITE", "standard input ended before an invite came", EXIT_USAGE);
}

function onReady(node: RunningNode, json: boolean): void {
  if (json) {
    printJson({ type: "ready", node: node.id, contest: node.contest, addresses: node.addresses() });
    node.subscribe((notice) => printJson({ at: Date.now(), ...notice }));
    return;
  }
  print(`node ${node.id} is up; stop it with Ctrl-C`);
  node.subscribe((notice) => {
    const line = noticeLine(notice as Parameters<typeof noticeLine>[0], plainNames);
    if (line !== undefined) print(line);
  });
}
