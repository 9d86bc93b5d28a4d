/** `dikast demo` (`npm start`): a whole contest network on this machine. */
import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Board } from "../../src/contest/index.ts";
import { type Contest, formatWarning, readContest } from "../../src/packages/index.ts";
import { bundled } from "../demo/bundle.ts";
import { attemptsOf, runCampaign } from "../demo/campaign.ts";
import { commandName, entry } from "../demo/child.ts";
import { makeDirectory, removeDirectory } from "../demo/directory.ts";
import { Narrator, namesOf } from "../demo/narrator.ts";
import { DemoNetwork } from "../demo/network.ts";
import { compareBoards, resultLine, resultTable, summaryOf } from "../demo/report.ts";
import { boardText } from "../support/board.ts";
import { CommandError, EXIT_NOT_ACCEPTED, EXIT_USAGE, print, printJson, styled } from "../support/output.ts";

interface DemoOptions {
  readonly nodes: number;
  readonly contest?: string;
  readonly once?: true;
  readonly json?: true;
  readonly concurrency: number;
  readonly sessionLength: number;
  readonly clusterSize?: number;
  readonly port: number;
  readonly sandbox: "wasm" | "fake";
}

/** A verdict needs a majority of a cluster of 3, and the submitter's own result does not count. */
const PARTICIPANTS_MIN = 3;
const PARTICIPANTS_MAX = 200;
const CLUSTER_SIZE_DEFAULT = 3;
const READY_MS_MAX = 120_000;

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("run a contest network on this machine: one sage and participants as real processes")
    .option(
      "--nodes <n>",
      `participants; the sage comes on top (${PARTICIPANTS_MIN} to ${PARTICIPANTS_MAX})`,
      number(1, 10_000),
      9,
    )
    .option(
      "--contest <directory>",
      "a folder with contest.yaml and problem packages, or of packages only (default: the demo contest)",
    )
    .option("--once", "hand in every example submission, compare the verdicts with what their folders say, and end")
    .option("--concurrency <k>", "with --once: submissions at the same time", number(1, 1_000), 1)
    .option("--session-length <seconds>", "how often leaders are elected anew", number(10, 86_400), 60)
    .option("--cluster-size <n>", "members of a cluster (default: what the contest says, else 3)", number(1, 99))
    .option("--port <port>", "the sage's port on 127.0.0.1; 0 takes any free one", number(0, 65_535), 0)
    .option("--json", "print JSON Lines; with --once the last line is the summary")
    .addOption(
      new Option("--sandbox <kind>", "fake: verdicts by marks in the sources")
        .choices(["wasm", "fake"])
        .default("wasm")
        .hideHelp(),
    )
    .addHelpText(
      "after",
      `
It prints what happens: who registers, how clusters are drawn, who is elected with whose votes, how submissions travel,
which evaluators signed a verdict, and the board. It stays up, elects new leaders every session, and takes submissions
from a second terminal with the command it prints. Ctrl-C ends it and removes its temporary data.

With --once it hands in everything under each problem's submissions/ through different participants, waits, compares,
prints a table, compares the boards of all nodes, and ends with exit code 0 only if every verdict is as its folder says
and all boards are equal (3 if not). A participant that dies meanwhile is started again and catches up.

Examples:
  dikast demo
  dikast demo --nodes 15
  dikast demo --once
  dikast demo --once --contest packages/ --json
`,
    )
    .action(async (options: DemoOptions) => {
      await runDemo(options);
    });
}

async function runDemo(options: DemoOptions): Promise<void> {
  if (options.nodes < PARTICIPANTS_MIN || options.nodes > PARTICIPANTS_MAX) {
    const range = `${PARTICIPANTS_MIN} to ${PARTICIPANTS_MAX}`;
    const message = `--nodes is ${options.nodes}; a contest needs ${range} participants to judge each other's submissions`;
    throw new CommandError("DIKAST_TOO_FEW_NODES", message, EXIT_USAGE);
  }
  const contest = await loadContest(options.contest);
  const clusterSize = options.clusterSize ?? contest.network.clusterSize ?? CLUSTER_SIZE_DEFAULT;
  if (clusterSize > options.nodes) {
    throw new CommandError(
      "DIKAST_TOO_FEW_NODES",
      `the contest's clusters have ${clusterSize} members, but there are ${options.nodes} participants; ` +
        `give --nodes ${clusterSize} or more, or a smaller --cluster-size`,
      EXIT_USAGE,
    );
  }
  const interrupted = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupted.resolve);
  const directory = makeDirectory();
  const labels = new Map(contest.problems.map(({ id, label }) => [id, label]));
  const narrator: Narrator = new Narrator(
    options.json === true,
    namesOf(() => network.nodes, labels),
  );
  tellContest(narrator, contest, options);
  const boardNews = new BoardNews(narrator);
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const [program = entry("main"), evaluator = entry("demo/evaluator")] = await bundled(
    root,
    [entry("main"), entry("demo/evaluator")],
    (error) =>
      narrator.say(
        styled("yellow", `starting from the sources, which takes longer (no bundle: ${(error as Error).message})`),
      ),
  );
  const network: DemoNetwork = new DemoNetwork({
    directory,
    program,
    evaluator,
    contest,
    participants: options.nodes,
    clusterSize,
    sessionMs: options.sessionLength * 1_000,
    port: options.port,
    sandbox: options.sandbox,
    onWarmed: (language, tookMs) => {
      narrator.say(styled("dim", `ready for ${language} after ${(tookMs / 1000).toFixed(1)} s`));
      narrator.event("warmed", { language, tookMs });
    },
    onNotice: (node, notice) => {
      narrator.hear(node, notice);
      if (notice.type === "board-changed" && options.once !== true)
        boardNews.changed(() => node.request({ type: "board" }));
    },
    onDied: (node, reason, startsAgain) => {
      const after = startsAgain ? "; it is started again" : "";
      narrator.say(styled(["yellow", "bold"], `the process of ${node.name} has died (${reason})${after}`));
      narrator.event("node-died", { name: node.name, reason });
    },
  });
  // Whatever ends this process in a way that still runs handlers: nothing stays behind.
  process.on("exit", () => {
    network.kill();
    removeDirectory(directory);
  });
  try {
    const done = await Promise.race([present(network, narrator, contest, options), interrupted.promise]);
    if (typeof done === "string") {
      narrator.say(`${done}: ending`);
      if (options.once === true) process.exitCode = done === "SIGINT" ? 130 : 143;
    }
  } finally {
    narrator.silence();
    await network.stop();
    removeDirectory(directory);
  }
  // An interrupted campaign still waits for nodes that are gone.
  process.exit();
}

async function loadContest(given: string | undefined): Promise<Contest> {
  const directory = given === undefined ? demoContest() : path.resolve(given);
  if (!existsSync(directory)) throw new CommandError("DIKAST_NO_CONTEST", `there is no folder ${directory}`);
  const contest = await readContest(directory);
  if (contest.problems.length === 0) {
    throw new CommandError(
      "DIKAST_CONTEST_EMPTY",
      `there is no problem package (a folder with problem.yaml) in ${directory}`,
    );
  }
  return contest;
}

/** Beside `bin/` in a checkout and in the built package alike. */
function demoContest(): string {
  return fileURLToPath(new URL("../../examples/demo", import.meta.url));
}

function tellContest(narrator: Narrator, contest: Contest, { nodes }: DemoOptions): void {
  narrator.plain(styled("bold", contest.name));
  for (const { label, name, id } of contest.problems) narrator.plain(`  ${label}  ${name} (${id})`);
  for (const warning of contest.warnings) narrator.plain(styled("yellow", `  note: ${formatWarning(warning)}`));
  narrator.plain("");
  narrator.say(`starting 1 sage and ${nodes} participants`);
  narrator.event("contest", {
    name: contest.name,
    problems: contest.problems.map(({ id, label, name }) => ({ id, label, name })),
  });
}

async function present(
  network: DemoNetwork,
  narrator: Narrator,
  contest: Contest,
  options: DemoOptions,
): Promise<undefined> {
  const startedMs = performance.now();
  await network.ready();
  await leadersElected(network);
  const readyMs = Math.round(performance.now() - startedMs);
  narrator.say(
    styled(["bold", "green"], `ready: leaders are elected, ${(readyMs / 1000).toFixed(1)} s after the start`),
  );
  narrator.event("ready", { readyMs });
  const warm = network.warm();
  if (options.sandbox !== "fake") {
    narrator.say("getting compilers and runtimes ready (seconds; the first time on a machine about a minute) …");
  }
  if (options.once === true) {
    await warm;
    await once(network, narrator, contest, options);
    return undefined;
  }
  tellHowToSubmit(network, narrator, contest);
  return await new Promise<never>(() => {});
}

/** Every node is in a session with a central leader, and so can take submissions. */
async function leadersElected(network: DemoNetwork): Promise<void> {
  const endMs = performance.now() + READY_MS_MAX;
  for (const node of network.participants) {
    for (;;) {
      const reply = (await node.request({ type: "status" }).catch(() => undefined)) as
        | {
            readonly status?: {
              readonly phase: string;
              readonly central: unknown;
              readonly cluster: { readonly leader: unknown } | null;
            };
          }
        | undefined;
      const { status } = reply ?? {};
      const hasLeaders =
        (status?.central ?? null) !== null && (status?.cluster === null || (status?.cluster?.leader ?? null) !== null);
      if (status?.phase === "running" && hasLeaders) break;
      if (performance.now() > endMs) {
        throw new CommandError(
          "DIKAST_DEMO_NO_LEADER",
          `no leader was elected within ${READY_MS_MAX / 1000} s (${node.name} is ${status?.phase ?? "down"})`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function once(network: DemoNetwork, narrator: Narrator, contest: Contest, options: DemoOptions): Promise<void> {
  const { attempts, leftOut } = attemptsOf(contest, await network.languages());
  for (const { submission, reason } of leftOut) {
    narrator.say(styled("yellow", `left out: ${submission}: ${reason}`));
    narrator.event("left-out", { submission, reason });
  }
  const results = await runCampaign(attempts, network.participants, options.concurrency, (result) => {
    if (!result.asExpected) narrator.say(resultLine(result).join("  "));
    const { attempt, verdict, asExpected, tookMs, by, voters, remark } = result;
    const took = tookMs === undefined ? null : Math.round(tookMs);
    narrator.event("result", {
      problem: attempt.problem,
      submission: attempt.path,
      expected: attempt.expectation.verdicts,
      verdict: verdict ?? null,
      asExpected,
      tookMs: took,
      by,
      voters,
      remark,
    });
  });
  const { equal, board, different } = await compareBoards(network.nodes.filter(({ isUp }) => isUp));
  narrator.event("boards", { equal, different });
  const summary = summaryOf(results, equal, narrator.counts());
  narrator.plain(`\n${resultTable(results)}\n`);
  if (board !== null) narrator.plain(`${boardText(board)}\n`);
  if (options.json === true) printJson(summary);
  else {
    print(
      equal ? `all ${network.nodes.length} boards are equal` : styled("red", `boards differ: ${different.join(", ")}`),
    );
    print(
      `${summary.asExpected} of ${summary.submissions} verdicts as expected${leftOut.length === 0 ? "" : ` (${leftOut.length} left out)`} · ${summary.sessions} sessions · ${summary.clusters} clusters · ` +
        `${summary.elections} elections · verdict after ${seconds(summary.verdictMsP50)} (median), ${seconds(summary.verdictMsP95)} (p95)`,
    );
  }
  if (summary.unexpected > 0 || !equal || summary.submissions === 0) process.exitCode = EXIT_NOT_ACCEPTED;
}

function seconds(ms: number | null): string {
  return ms === null ? "-" : `${(ms / 1000).toFixed(2)} s`;
}

function tellHowToSubmit(network: DemoNetwork, narrator: Narrator, contest: Contest): void {
  const [node] = network.participants;
  const [problem] = contest.problems;
  if (node === undefined || problem === undefined) return;
  const example = problem.package.submissions.find(({ expectation }) => expectation?.verdicts.includes("AC") === true)
    ?.files[0];
  const file =
    example === undefined ? "FILE" : path.relative(process.cwd(), path.join(problem.package.directory, example));
  const command = `${commandName()} submit ${file} --problem ${problem.label} --watch --data-dir ${node.dataDirectory}`;
  narrator.plain(`\nSubmit as ${node.name} from a second terminal:\n\n  ${styled("bold", command)}\n`);
  narrator.plain(
    `The others' data directories are beside it: ${network.participants.map(({ name }) => name.toLowerCase()).join(", ")}. Ctrl-C ends the demo.\n`,
  );
  narrator.event("submit-command", { command });
}

/** Prints the board after changes, at most once in a while, and only when it differs from the last one. */
class BoardNews {
  readonly #narrator: Narrator;
  #timer: NodeJS.Timeout | undefined;
  #last = "";

  constructor(narrator: Narrator) {
    this.#narrator = narrator;
  }

  changed(fetch: () => Promise<unknown>): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void fetch().then(
        (reply) => this.#show((reply as { readonly board: Board | null }).board),
        () => undefined,
      );
    }, 1_000);
    this.#timer.unref();
  }

  #show(board: Board | null): void {
    if (board === null) return;
    const text = boardText({ ...board, rows: board.rows.slice(0, 20) });
    if (
      text === this.#last ||
      board.rows.every(({ cells }) => cells.every(({ attempts, pending }) => attempts + pending === 0))
    )
      return;
    this.#last = text;
    this.#narrator.plain(`\n${text}\n`);
  }
}

function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is needed`);
    }
    return value;
  };
}
