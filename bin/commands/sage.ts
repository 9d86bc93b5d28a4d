/** `dikast sage`: serves a contest. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { inviteOf } from "../../src/api/index.ts";
import { openManifest } from "../../src/model/index.ts";
import { BundleFiles } from "../../src/node/bundles/index.ts";
import { fastVerifier } from "../../src/node/identity/index.ts";
import { loadOrganized, organize, type OrganizedContest } from "../../src/node/organizer/index.ts";
import type { RunningNode } from "../../src/node/runtime/index.ts";
import { readContest } from "../../src/packages/index.ts";
import { type DaemonContext, type Prepared, runDaemon } from "../support/daemon.ts";
import { noticeLine, plainNames } from "../support/notices.ts";
import { type DaemonOptions, settingsOf, withDaemonOptions } from "../support/options.ts";
import { CommandError, print, printJson, styled } from "../support/output.ts";
import { settleContest } from "./judging/verification.ts";

interface SageOptions extends DaemonOptions {
  readonly contest?: string;
  readonly openAt?: number;
  readonly lead: number;
  readonly sessionLength?: number;
  readonly clusterSize?: number;
  readonly stopWithInput?: true;
}

export function registerSage(program: Command): void {
  withDaemonOptions(program.command("sage"))
    .description("serve a contest: register participants, start it, help newcomers")
    .option("--contest <directory>", "a folder with contest.yaml and problem packages, or of packages only")
    .option("--open-at <n>", "start the contest by itself when so many nodes are registered", wholeNumber)
    .option("--lead <seconds>", "from the end of the registration to the start", seconds, 5_000)
    .option("--session-length <seconds>", "instead of what the contest says", seconds)
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
  dikast sage --contest packages/ --open-at 9 --json
`,
    )
    .action(async (options: SageOptions) => {
      const json = options.json === true;
      const settings = await settingsOf(options);
      await runDaemon({
        settings,
        stopWithInput: options.stopWithInput === true,
        prepare: (context) => prepare(context, options),
        onReady: (node) => onReady(node, json),
      });
    });
}

async function prepare(context: DaemonContext, options: SageOptions): Promise<Prepared> {
  const organized = (await loadOrganized(context.settings.dataDirectory)) ?? (await organizeNew(context, options));
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

async function organizeNew(
  { settings, signer, sandbox }: DaemonContext,
  options: SageOptions,
): Promise<OrganizedContest> {
  if (options.contest === undefined) {
    throw new CommandError(
      "DIKAST_NO_CONTEST",
      "this data directory holds no contest yet; name one with --contest DIR",
    );
  }
  const directory = path.resolve(options.contest);
  if (!((await stat(directory).catch(() => undefined))?.isDirectory() ?? false)) {
    throw new CommandError("DIKAST_NO_CONTEST", `there is no folder ${directory}`);
  }
  const judging = await sandbox();
  const { profile } = judging;
  const contest = await settleContest(await readContest(directory), judging, ({ id }) =>
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

/** Seconds as milliseconds. */
function seconds(text: string): number {
  const ms = Math.round(Number(text) * 1_000);
  if (!Number.isSafeInteger(ms) || ms < 0) throw new InvalidArgumentError("a number of seconds is needed");
  return ms;
}
