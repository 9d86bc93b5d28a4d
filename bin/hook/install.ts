/** Putting the hook into a repository, and taking it out again. */
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { CommandError } from "../support/output.ts";
import type { GitRepository } from "./git.ts";

export const HOOK_NAME = "post-commit";
/** Says that a hook is ours. */
const MARK = '# Made by "dikast hook install"';
export const LOG_FILE = "dikast-hook.log";

/** Arguments of `dikast hook run`, besides the repository. */
export type RunArguments = readonly string[];

/** The hook's path. @throws CommandError if there is another hook. */
export async function installHook(repository: GitRepository, args: RunArguments): Promise<string> {
  const directory = await repository.hooksDirectory();
  const file = path.join(directory, HOOK_NAME);
  const line = commandLine(args);
  if ((await ownerOf(file)) === "foreign") {
    throw new CommandError(
      "DIKAST_HOOK_FOREIGN",
      `there is a ${HOOK_NAME} hook already (${file}), which is left alone; to have both, add this line to it:\n  ${line}`,
    );
  }
  await mkdir(directory, { recursive: true });
  await writeFile(`${file}.dikast-new`, script(line), { mode: 0o755 });
  await chmod(`${file}.dikast-new`, 0o755);
  await rename(`${file}.dikast-new`, file);
  return file;
}

/** Whether there was a hook of ours. @throws CommandError if the hook is another one. */
export async function uninstallHook(repository: GitRepository): Promise<boolean> {
  const file = path.join(await repository.hooksDirectory(), HOOK_NAME);
  const owner = await ownerOf(file);
  if (owner === "foreign")
    throw new CommandError(
      "DIKAST_HOOK_FOREIGN",
      `the ${HOOK_NAME} hook (${file}) was not made by dikast; it is left alone`,
    );
  await rm(file, { force: true });
  return owner === "ours";
}

async function ownerOf(file: string): Promise<"nobody" | "ours" | "foreign"> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return "nobody";
  return text.includes(MARK) ? "ours" : "foreign";
}

/** In the background, with its own output: a commit neither waits for it nor fails with it. */
function commandLine(args: RunArguments): string {
  const words = [process.execPath, process.argv[1] ?? "dikast", "hook", "run", ...args].map(quoted).join(" ");
  return `(${words} </dev/null >>"$(git rev-parse --git-dir)/${LOG_FILE}" 2>&1 &)`;
}

function script(line: string): string {
  return `#!/bin/sh
${MARK}: hands in committed solutions. Remove it with "dikast hook uninstall".
${line}
exit 0
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
