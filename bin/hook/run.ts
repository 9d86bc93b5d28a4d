/** What the hook does after a commit. */
import { createHash } from "node:crypto";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { GitRepository } from "./git.ts";
import { type HookProblem, type Solution, solutionOf } from "./mapping.ts";

/** What the hook needs of the running node. */
export interface HookNode {
  /** Undefined while the contest's problems are not known. */
  problems(): Promise<readonly HookProblem[] | undefined>;
  /** The submission's id. */
  submit(solution: Solution, filename: string, source: Buffer): Promise<string>;
}

export interface HookReport {
  readonly submitted: readonly { readonly path: string; readonly problem: string; readonly submission: string }[];
  /** One sentence each. */
  readonly skipped: readonly string[];
}

interface State {
  /** Hashes of problem and content: nothing is handed in twice, also after `commit --amend` and `rebase`. */
  readonly submitted: readonly string[];
  /** Commits that could not be handed in; tried again after the next one. */
  readonly waiting: readonly string[];
}

const STATE_FILE = "dikast-hook.json";
const SOURCE_BYTES_MAX = 1024 * 1024;
const SUBMITTED_MAX = 2_000;
const WAITING_MAX = 50;
/** A commit with more is a collection, not somebody's work of the moment. */
const SOLUTIONS_PER_COMMIT_MAX = 8;
const LOCK_WAIT_MS = 60_000;
const LOCK_STALE_MS = 120_000;
const SKIP = /\[(?:skip dikast|dikast skip|no submit)\]/i;

/** Hands in what `commit` holds, and what waits from before. @throws what the node or Git throw; the commit then waits. */
export async function handIn(repository: GitRepository, commit: string, node: HookNode): Promise<HookReport> {
  const file = path.join(await repository.gitDirectory(), STATE_FILE);
  const release = await locked(`${file}.lock`);
  try {
    return await handInAll(repository, commit, node, file);
  } finally {
    await release();
  }
}

/** One run at a time: a rebase makes many commits at once. */
async function locked(file: string): Promise<() => Promise<void>> {
  for (const endMs = Date.now() + LOCK_WAIT_MS; ; ) {
    const handle = await open(file, "wx").catch((error: NodeJS.ErrnoException) => error);
    if (!(handle instanceof Error)) {
      await handle.close();
      return async () => await rm(file, { force: true });
    }
    if (handle.code !== "EEXIST") throw handle;
    const info = await stat(file).catch(() => undefined);
    // Left behind by one that was killed.
    if (info !== undefined && Date.now() - info.mtimeMs > LOCK_STALE_MS) await rm(file, { force: true });
    else if (Date.now() > endMs) throw new Error("another commit is being handed in");
    else await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function handInAll(repository: GitRepository, commit: string, node: HookNode, file: string): Promise<HookReport> {
  const state = await loadState(file);
  const commits = [...new Set([...state.waiting, commit])];
  const submitted = new Set(state.submitted);
  const report: { submitted: HookReport["submitted"][number][]; skipped: string[] } = { submitted: [], skipped: [] };
  let done = 0;
  try {
    const problems = await node.problems();
    if (problems === undefined)
      throw new Error("the contest's problems are not known yet; the commit is handed in with the next one");
    for (const each of commits) {
      await handInOne(repository, each, problems, node, submitted, report);
      done += 1;
    }
  } finally {
    const waiting = commits.slice(done).slice(-WAITING_MAX);
    await saveState(file, { submitted: [...submitted].slice(-SUBMITTED_MAX), waiting });
  }
  return report;
}

async function handInOne(
  repository: GitRepository,
  commit: string,
  problems: readonly HookProblem[],
  node: HookNode,
  submitted: Set<string>,
  report: { submitted: HookReport["submitted"][number][]; skipped: string[] },
): Promise<void> {
  // A commit that waited may be gone by now.
  const message = await repository.message(commit).catch(() => undefined);
  if (message === undefined) return;
  if (SKIP.test(message)) {
    report.skipped.push("the commit's message says that it is not to be handed in");
    return;
  }
  const found = (await repository.changedFiles(commit)).flatMap((name) => solutionOf(name, problems) ?? []);
  if (found.length > SOLUTIONS_PER_COMMIT_MAX) {
    report.skipped.push(`${found.length} solutions in one commit: hand them in with  dikast submit`);
    return;
  }
  for (const solution of found) {
    const source = await repository.content(commit, solution.path, SOURCE_BYTES_MAX).catch((error: Error) => error);
    if (source instanceof Error) {
      report.skipped.push(source.message);
      continue;
    }
    const key = createHash("sha256").update(`${solution.problem}\0${solution.language}\0`).update(source).digest("hex");
    if (submitted.has(key)) {
      report.skipped.push(`${solution.path}: the same content was handed in before`);
      continue;
    }
    const submission = await node.submit(solution, path.posix.basename(solution.path), source);
    submitted.add(key);
    report.submitted.push({ path: solution.path, problem: solution.problem, submission });
  }
}

function hashes(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is string => typeof each === "string" && /^[0-9a-f]{40,64}$/.test(each));
}

async function loadState(file: string): Promise<State> {
  try {
    const { submitted, waiting } = JSON.parse(await readFile(file, "utf8")) as Partial<State>;
    return { submitted: hashes(submitted), waiting: hashes(waiting) };
  } catch {
    // Missing or damaged: the worst that can happen is a second submission of the same source.
    return { submitted: [], waiting: [] };
  }
}

async function saveState(file: string, state: State): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(state));
  await rename(`${file}.new`, file);
}
