/** `dikast join`: takes part in a contest. */
import { stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { claimedExpiryOf } from "../../sage/index.ts";
import type { ProblemStatus, RunningNode } from "../../src/node/runtime/index.ts";
import { setTimeout as delay } from "node:timers/promises";
import { printReadiness } from "../support/readiness.ts";
import { loadMembership, type Membership, type Prepared, runDaemon } from "../support/daemon.ts";
import { inviteText, openInvite } from "../support/invites.ts";
import { noticeLine, plainNames } from "../support/notices.ts";
import { type DaemonOptions, settingsOf, withDaemonOptions } from "../support/options.ts";
import { CommandError, EXIT_USAGE, print, printable, printJson, Progress, styled } from "../support/output.ts";

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
      const role = roleOf(options.role);
      const membershipIn = async (given: string | undefined): Promise<Membership> =>
        await membershipOf(given, settings.dataDirectory, role);
      // Before anything is started: a mistake is told at once. What standard input says is waited for when all else is ready.
      const line = text === "-" ? firstLine() : undefined;
      line?.catch(() => undefined);
      const known = line === undefined ? await membershipIn(await inviteText(text)) : undefined;
      let sages: Membership["sages"] = [];
      await runDaemon({
        settings,
        stopWithInput: options.stopWithInput === true,
        prepare: async () => {
          const membership = known ?? (await membershipIn(await line));
          ({ sages } = membership);
          return { ...membership, ...(await authorityOf(settings.dataDirectory, membership)) };
        },
        onReady: (node, end) => onReady(node, end, options, sages),
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
  const invite = openInvite(text);
  const expiredMs = claimedExpiryOf(invite.token);
  if (earlier === undefined && expiredMs !== undefined && expiredMs <= Date.now()) {
    throw new CommandError(
      "DIKAST_REJECTED_EXPIRED",
      `this invite expired at ${new Date(expiredMs).toLocaleString()}; ask the organizer for a new one`,
    );
  }
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
    // Closing pauses it, and then its end would go unnoticed.
    process.stdin.resume();
    return line;
  }
  throw new CommandError("DIKAST_NO_INVITE", "standard input ended before an invite came", EXIT_USAGE);
}

/** What a sage will not change its mind about by itself. */
const FINAL: ReadonlySet<string> = new Set([
  "closed",
  "wrong-token",
  "expired",
  "not-allowed",
  "name-taken",
  "banned",
  "clock",
  "full",
]);

function onReady(
  node: RunningNode,
  end: (reason: unknown) => void,
  options: JoinOptions,
  sages: Membership["sages"],
): void {
  node.subscribe((notice) => endIfRejected(notice, end));
  if (options.json === true) {
    printJson({ type: "ready", node: node.id, contest: node.contest, addresses: node.addresses() });
    node.subscribe((notice) => printJson({ at: Date.now(), ...notice }));
    void tellIfUnanswered(node, (asked) => printJson({ at: Date.now(), type: "unanswered", asked }), sages);
    return;
  }
  print(`node ${node.id} is up; stop it with Ctrl-C`);
  const progress = new Progress();
  node.subscribe((notice) => {
    // Said at the end.
    if (isFinalRejection(notice)) return;
    const line = noticeLine(notice as Parameters<typeof noticeLine>[0], plainNames);
    const news =
      notice.type === "problem-changed" ? problemLine(notice as unknown as ProblemStatus, node, progress) : line;
    if (news === undefined) return;
    progress.clear();
    print(news);
  });
  const asked = addressesOf(sages).join(", ");
  if (!isAnswered(node)) print(`asking ${sages.length === 1 ? "the sage" : "the sages"} at ${asked} …`);
  void tellIfUnanswered(
    node,
    () => {
      progress.clear();
      print(
        styled(
          "yellow",
          `no answer from ${asked} yet; this node goes on asking. Does the sage run? Can this machine reach that address (network, firewall, VPN)? If the sage has moved, ask the organizer for a new invite.`,
        ),
      );
    },
    sages,
  );
  void showReadiness(node, progress);
}

/** How long a sage in reach may take to answer. */
const ANSWER_MS_MAX = 4_000;

async function tellIfUnanswered(
  node: RunningNode,
  tell: (asked: readonly string[]) => void,
  sages: Membership["sages"],
): Promise<void> {
  await delay(ANSWER_MS_MAX, undefined, { ref: false });
  if (!isAnswered(node)) tell(addressesOf(sages));
}

/** Somebody has told this node what the contest is. */
function isAnswered(node: RunningNode): boolean {
  return node.status().name !== null;
}

function addressesOf(sages: Membership["sages"]): readonly string[] {
  return sages.flatMap(({ addresses }) => addresses);
}

/** Only a node that was not admitted, or was banned: one that is registered goes on whatever else it is told. */
function endIfRejected(notice: { readonly type: string }, end: (reason: unknown) => void): void {
  if (!isFinalRejection(notice)) return;
  const { code, reason } = notice;
  const named = `DIKAST_REJECTED_${code.toUpperCase().replaceAll("-", "_")}` as const;
  const said = code === "banned" ? "" : "the sage did not register this node: ";
  end(new CommandError(named, said + printable(reason)));
}

interface Rejection {
  readonly type: "registration-rejected";
  readonly code: string;
  readonly reason: string;
}

function isFinalRejection(notice: { readonly type: string }): notice is Rejection {
  return notice.type === "registration-rejected" && FINAL.has((notice as Rejection).code);
}

/** The last fault told of each problem. */
const told = new Map<string, string | null>();

function problemLine(status: ProblemStatus, node: RunningNode, progress: Progress): string | undefined {
  const { state, chunksDone, chunksTotal, fault } = status;
  const label = node.problems().find(({ id }) => id === status.problem)?.label ?? status.problem;
  // It is tried again and again; said once.
  if (state === "failed" && told.get(label) !== fault) {
    told.set(label, fault);
    return styled("red", `problem ${label}: ${printable(fault ?? "")}`);
  }
  if (state === "fetching" && chunksTotal > 0)
    progress.show(`fetching problem ${label}: ${Math.floor((100 * chunksDone) / chunksTotal)} %`);
  return undefined;
}

/** How long joining may take before the screen says what is missing. */
const READY_MS_MAX = 30_000;
const LOOK_MS = 250;

/** One screen, once everything is there or it takes too long; and again when what was waited for has come. */
async function showReadiness(node: RunningNode, progress: Progress): Promise<void> {
  for (const endMs = Date.now() + READY_MS_MAX; Date.now() < endMs && !isSettled(node); ) await delay(LOOK_MS);
  const readiness = await node.readiness();
  progress.clear();
  printReadiness(readiness);
  if (readiness.ready || !readiness.healthy) return;
  while (!isSettled(node)) await delay(LOOK_MS, undefined, { ref: false });
  printReadiness(await node.readiness());
}

function isSettled(node: RunningNode): boolean {
  const problems = node.problems();
  const fetched = problems.length > 0 && problems.every(({ state }) => state === "sealed" || state === "open");
  const { direct, relayed } = node.reach();
  return fetched && (direct === true || relayed.length > 0);
}
