/** `dikast hook …`: committing is handing in. */
import process from "node:process";
import type { Command } from "commander";
import type { Board } from "../../src/contest/index.ts";
import type { ApiClient, NodeInfo } from "../../src/api/index.ts";
import { GitRepository } from "../hook/git.ts";
import { HOOK_NAME, installHook, LOG_FILE, uninstallHook } from "../hook/install.ts";
import { handIn, type HookNode } from "../hook/run.ts";
import { checked, withApi } from "../support/api.ts";
import { dataDirectory } from "../support/options.ts";
import { CommandError, print, printJson } from "../support/output.ts";

interface HookOptions {
  readonly repository: string;
  readonly contest?: string;
  readonly dataDir?: string;
  readonly json?: true;
}

export function registerHook(program: Command): void {
  const hook = program.command("hook").description("hand in solutions by committing them to a Git repository");
  withHookOptions(hook.command("install"))
    .summary("put the hook into a repository")
    .description(
      `Put a ${HOOK_NAME} hook into your repository: each commit then hands in the solutions that it adds or changes, as committed, through the
running node. It works in the background: a commit never waits for it and never fails because of it. Hooks of others are left alone.`,
    )
    .option("--contest <id>", "only while the node takes part in this contest (the beginning of its id will do)")
    .addHelpText(
      "after",
      `
Which file is a solution of which problem is told by its path: the nearest folder, or else the file's name, that is a problem's
letter or short name; the language is told by the ending.

  A/solution.cpp            problem A, C++
  hello.py                  problem hello, Python
  week1/lanterns/main.js    problem lanterns, JavaScript

Not handed in: files that name no problem, content that was handed in before, commits with [skip dikast] in the message.
What happened is in .git/${LOG_FILE}. While no node runs, commits wait and are handed in after the next one.`,
    )
    .action(async (options: HookOptions) => {
      const repository = await GitRepository.open(options.repository);
      // Git runs the hook elsewhere, and mostly without this shell's environment.
      const args = [
        ...(options.contest === undefined ? [] : ["--contest", options.contest]),
        ...(isUsualDirectory(options) ? [] : ["--data-dir", dataDirectory(options)]),
      ];
      const file = await installHook(repository, args);
      if (options.json === true) printJson({ type: "hook-installed", file });
      else print(`Committed solutions are handed in from now on (${file}).`);
    });
  withHookOptions(hook.command("uninstall"))
    .description("take the hook out of a repository")
    .action(async (options: HookOptions) => {
      const removed = await uninstallHook(await GitRepository.open(options.repository));
      if (options.json === true) printJson({ type: "hook-uninstalled", removed });
      else print(removed ? "The hook is gone." : "There was no hook.");
    });
  withHookOptions(hook.command("run", { hidden: true }))
    .description("what the hook does: hand in the last commit")
    .option("--contest <id>", "only while the node takes part in this contest")
    .action(run);
}

function isUsualDirectory({ dataDir }: HookOptions): boolean {
  return dataDir === undefined && process.env["DIKAST_DATA_DIR"] === undefined;
}

function withHookOptions(command: Command): Command {
  return command
    .option("--repository <dir>", "the repository", ".")
    .option("--data-dir <dir>", "the node's data directory, where it is not the usual one")
    .option("--json", "JSON Lines");
}

async function run(options: HookOptions): Promise<void> {
  const repository = await GitRepository.open(options.repository);
  const commit = await repository.head();
  const report = await handIn(repository, commit, nodeThrough(options)).catch((error: unknown) => {
    // The hook's log is the only place where anybody sees it.
    process.stdout.write(
      `${new Date().toISOString()} ${commit.slice(0, 10)} waits: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    throw error;
  });
  if (options.json === true) return printJson({ type: "hook-run", commit, ...report });
  const head = `${new Date().toISOString()} ${commit.slice(0, 10)}`;
  for (const { path, problem, submission } of report.submitted)
    print(`${head} ${path} → problem ${problem}: submitted ${submission}`);
  for (const reason of report.skipped) print(`${head} ${reason}`);
}

/** Connects when it is asked: a node that is down must leave the commit waiting. */
function nodeThrough(options: HookOptions): HookNode {
  const request = async <T>(use: (api: ApiClient) => Promise<T>): Promise<T> => await withApi(options, use);
  return {
    problems: async () =>
      await request(async (api) => {
        const { contest } = checked(await api.request({ type: "node" })) as NodeInfo;
        if (options.contest !== undefined && !contest.startsWith(options.contest))
          throw new CommandError("DIKAST_HOOK_OTHER_CONTEST", `the node takes part in another contest (${contest})`);
        const { board } = checked(await api.request({ type: "board" })) as { readonly board: Board | null };
        return board?.problems.map(({ id, label }) => ({ id, label }));
      }),
    submit: async ({ problem, language }, filename, source) =>
      await request(async (api) => {
        const command = { type: "submit", problem, language, filename, source: source.toString("base64") } as const;
        const { submission } = checked(await api.request(command)) as { readonly submission: string };
        return submission;
      }),
  };
}
