/** `dikast sage`: serves a contest. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { inviteOf } from "../../src/api/index.ts";
import { openManifest } from "../../src/model/index.ts";
import { BundleFiles } from "../../src/node/bundles/index.ts";
import { fastVerifier } from "../../src/node/identity/index.ts";
import type { Invite } from "../../src/node/config/index.ts";
import {
  keepOrganized,
  loadCard,
  loadOrganized,
  openContestSource,
  organize,
  type OrganizedContest,
} from "../../src/node/organizer/index.ts";
import type { RunningNode } from "../../src/node/runtime/index.ts";
import { readContest } from "../../src/packages/index.ts";
import { secondsOrDuration } from "../support/durations.ts";
import { type DaemonContext, type Prepared, runDaemon } from "../support/daemon.ts";
import { noticeLine, plainNames } from "../support/notices.ts";
import { type DaemonOptions, settingsOf, withDaemonOptions } from "../support/options.ts";
import { CommandError, print, printable, printJson, styled } from "../support/output.ts";
import { askAsNewcomer } from "../../src/node/sages/index.ts";
import { inviteText, openInvite } from "../support/invites.ts";
import { settleContest } from "./judging/verification.ts";
import { registerCard } from "./sage/card.ts";
import { registerTransfer } from "./sage/transfer.ts";

interface SageOptions extends DaemonOptions {
  readonly contest?: string;
  readonly keys?: string;
  readonly join?: string;
  readonly openAt?: number;
  readonly lead: number;
  readonly sessionLength?: number;
  readonly clusterSize?: number;
  readonly stopWithInput?: true;
}

export function registerSage(program: Command): void {
  // `dikast sage transfer --data-dir D`: the option is the subcommand's.
  const sage = program.command("sage").enablePositionalOptions();
  withDaemonOptions(sage)
    .description("serve a contest: register participants, start it, help newcomers")
    .option("--join <invite>", "be a further sage of a contest whose contest.yaml names this one (`dikast sage card`)")
    .option(
      "--contest <path>",
      "a folder with contest.yaml and problem packages, or of packages only; a zip of it; or what `contest pack` wrote",
    )
    .option("--keys <file>", "the keys of a packed contest (default: its name with .keys.json)")
    .option("--open-at <n>", "start the contest by itself when so many nodes are registered", wholeNumber)
    .addOption(
      new Option("--lead <seconds>", "from the end of the registration to the start")
        .argParser(secondsOrDuration)
        .default(5_000, "5"),
    )
    .option("--session-length <seconds>", "instead of what the contest says", secondsOrDuration)
    .option("--cluster-size <n>", "instead of what the contest says", wholeNumber)
    .option("--stop-with-input", "stop when standard input ends")
    .addHelpText(
      "after",
      `
The first start reads the contest, seals its problems and prints the invite; participants need nothing else. Later
starts with the same data directory go on with the same contest, also without --contest.

A contest with a start time starts by itself. Without one it starts when --open-at nodes are registered, or when you
say \`dikast open\`. The sage may be stopped once the contest runs: the participants carry it.

Examples:
  dikast sage --contest spring/ --listen /ip4/0.0.0.0/tcp/9000
  dikast sage --contest spring.zip --data-dir sage
  dikast sage --contest spring.packed --keys spring.packed.keys.json
  dikast sage --contest packages/ --open-at 9 --json
  dikast sage --join 'dikast://…' --data-dir sage2
`,
    )
    .action(async (options: SageOptions) => {
      const json = options.json === true;
      const settings = await settingsOf(options);
      const joined = options.join === undefined ? undefined : await joinedInvite(options.join);
      await runDaemon({
        settings,
        stopWithInput: options.stopWithInput === true,
        prepare: (context) => prepare(context, options, joined),
        onReady: (node) => onReady(node, json),
      });
    });
  registerCard(sage);
  registerTransfer(sage);
}

async function joinedInvite(text: string): Promise<Invite> {
  return openInvite((await inviteText(text)) ?? "");
}

async function prepare(context: DaemonContext, options: SageOptions, joined: Invite | undefined): Promise<Prepared> {
  const known = await loadOrganized(context.settings.dataDirectory);
  const wanted = joined?.contest ?? known?.contest;
  if (known !== undefined && known.contest !== wanted) {
    throw new CommandError(
      "DIKAST_OTHER_CONTEST",
      `the data directory ${context.settings.dataDirectory} belongs to another contest; choose another one with --data-dir`,
    );
  }
  const organized =
    known ?? (joined === undefined ? await organizeNew(context, options) : await joinSages(context, joined));
  return {
    role: "sage",
    contest: organized.contest,
    sages: [],
    token: null,
    organized,
    openAtRegistered: options.openAt ?? null,
    leadMs: options.lead,
  };
}

/** How long a further sage waits for one that serves the contest. */
const JOIN_MS_MAX = 60_000;

async function joinSages({ settings, signer, secretKey }: DaemonContext, invite: Invite): Promise<OrganizedContest> {
  const card = await loadCard(settings.dataDirectory, signer.id);
  if (card === undefined) {
    throw new CommandError(
      "DIKAST_NO_CARD",
      "this data directory has no sage's card yet: make one with `dikast sage card`, and let the organizer put it into contest.yaml",
    );
  }
  const signal = AbortSignal.timeout(JOIN_MS_MAX);
  process.stderr.write("asking the contest's other sages …\n");
  const found = await askAsNewcomer({ secretKey, contest: invite.contest, sages: invite.sages, signal });
  if (found === "unreachable")
    throw new CommandError("DIKAST_NO_SAGE", "no sage of the invite answers; is it running, and is its port open?");
  const manifest = found === "unknown" ? undefined : openManifest(fastVerifier, invite.contest, found.manifest);
  if (found === "unknown" || manifest === undefined) {
    throw new CommandError(
      "DIKAST_NOT_A_SAGE",
      `the contest does not name this sage (${signer.id}): its contest.yaml needs the lines of \`dikast sage card\` before its first start`,
    );
  }
  return await keepOrganized(settings.dataDirectory, {
    manifest: found.manifest,
    problemKeys: found.keys,
    secret: card.secret,
    seat: signer.id,
    listen: card.listen,
    token: found.token,
  });
}

async function organizeNew(context: DaemonContext, options: SageOptions): Promise<OrganizedContest> {
  if (options.contest === undefined) {
    throw new CommandError(
      "DIKAST_NO_CONTEST",
      "this data directory holds no contest yet; name one with --contest DIR, or join another sage with --join INVITE",
    );
  }
  const work = path.join(context.settings.dataDirectory, "contest-source");
  await rm(work, { recursive: true, force: true });
  try {
    return await organizeFrom(options.contest, work, options, context);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function organizeFrom(
  given: string,
  work: string,
  options: SageOptions,
  { settings, signer, sandbox }: DaemonContext,
): Promise<OrganizedContest> {
  const keys = options.keys === undefined ? undefined : path.resolve(options.keys);
  const source = await openContestSource(path.resolve(given), work, keys);
  // Before the sandbox is waited for: a mistake in the file is told at once.
  const read = source.type === "folder" ? await readContest(source.directory) : source.contest;
  const judging = await sandbox();
  const { profile } = judging;
  const contest =
    "entries" in read
      ? read
      : await settleContest(read, judging, ({ id }) =>
          process.stderr.write(`measuring the time limit of ${id}: its package states none\n`),
        );
  return await organize({
    dataDirectory: settings.dataDirectory,
    files: new BundleFiles(path.join(settings.dataDirectory, "bundles")),
    contest,
    signer,
    profile,
    deterministic: profile.sandbox !== "docker",
    listen: settings.listen,
    announce: settings.announce,
    nowMs: Date.now(),
    overrides: {
      ...(options.sessionLength === undefined ? {} : { sessionMs: options.sessionLength }),
      ...(options.clusterSize === undefined ? {} : { clusterSize: options.clusterSize }),
    },
  });
}

function onReady(node: RunningNode, json: boolean): void {
  const manifest = node.organized && openManifest(fastVerifier, node.contest, node.organized.manifest);
  const invite = inviteOf(node);
  if (json) {
    printJson({
      type: "ready",
      node: node.id,
      contest: node.contest,
      name: manifest?.name,
      invite,
      addresses: node.addresses(),
    });
    node.subscribe((notice) => printJson({ at: Date.now(), ...notice }));
    return;
  }
  print(styled("bold", manifest?.name ?? "contest"));
  for (const problem of manifest?.problems ?? []) print(`  ${problem.label}  ${problem.name}  (${problem.id})`);
  print("\nEverybody takes part with:\n");
  print(`  dikast join '${invite}'\n`);
  const warning = node.diskWarning();
  if (warning !== null) print(styled("red", printable(warning)));
  node.subscribe((notice) => {
    const line = noticeLine(notice as Parameters<typeof noticeLine>[0], plainNames);
    if (line !== undefined) print(line);
  });
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError("a positive whole number is needed");
  return Number(text);
}
