/** `dikast contest pack DIR --out DIR|FILE` */
import { chmod, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import {
  completedKeys,
  loadKeys,
  packContestProblem,
  type ProblemKeys,
  saveKeys,
} from "../../../src/node/packing/index.ts";
import type { ProblemEntry } from "../../../src/model/index.ts";
import { packBundle, planBundle } from "../../../src/packages/bundle/index.ts";
import { checkContest, formatFinding } from "../../../src/packages/check/index.ts";
import { type Contest, readContest } from "../../../src/packages/index.ts";
import { type SandboxKind, sandboxOption, withSandbox } from "../judging/sandbox-choice.ts";
import { settleContest } from "../judging/verification.ts";
import { CommandError, counted, print, printJson, Progress } from "../../support/output.ts";

interface Options {
  readonly out: string;
  readonly keys?: string;
  readonly force?: true;
  readonly sandbox: SandboxKind;
  readonly json?: true;
}

export function registerPack(contest: Command): void {
  contest
    .command("pack")
    .summary("make the files that are distributed: open and sealed bundles")
    .description(
      `Pack every problem into an open bundle (what may be known before the start) and a sealed one (statements, tests, validators; not
submissions and generators), and describe them in contest.json. The keys go into a file of their own, readable by you alone:
whoever has it can read the contest. Packing again with the same keys gives the same bytes.`,
    )
    .argument("<dir>", "the folder of the contest")
    .requiredOption("--out <path>", "a folder that is new; or a file, if the name ends in .dikast")
    .option("--keys <file>", "the key file, made if it is not there (default: the output's name with .keys.json)")
    .option("--force", "pack although the check finds errors")
    .addOption(sandboxOption())
    .option("--json", "JSON Lines")
    .action(async (directory: string, options: Options) => {
      const contest = await settled(await checked(directory, options), options);
      const controller = new AbortController();
      const cancel = (): void =>
        controller.abort(new CommandError("DIKAST_CANCELLED", "cancelled; nothing was packed"));
      process.once("SIGINT", cancel);
      process.once("SIGTERM", cancel);
      try {
        await pack(contest, options, controller.signal);
      } finally {
        process.removeListener("SIGINT", cancel);
        process.removeListener("SIGTERM", cancel);
      }
    });
}

async function checked(directory: string, options: Options): Promise<Contest> {
  const { findings, contest } = await checkContest(directory);
  const errors = findings.filter((finding) => finding.severity === "error");
  for (const finding of errors) process.stderr.write(`${formatFinding(finding)}\n`);
  if (errors.length > 0 && options.force !== true) {
    throw new CommandError(
      "DIKAST_CONTEST_INVALID",
      `${counted(errors.length, "error")}: mend ${errors.length === 1 ? "it" : "them"} (dikast contest check ${directory}), or pack all the same with --force`,
    );
  }
  return contest ?? (await readContest(directory));
}

/** Packages without a time limit get one as the sage would measure it. */
async function settled(contest: Contest, options: Options): Promise<Contest> {
  if (contest.problems.every((problem) => problem.package.timeLimitSource === "package")) return contest;
  let measured = contest;
  await withSandbox(options.sandbox, async (sandbox) => {
    measured = await settleContest(contest, sandbox, ({ id }) =>
      process.stderr.write(`measuring the time limit of ${id}: its package states none\n`),
    );
    return 0;
  });
  return measured;
}

async function pack(contest: Contest, options: Options, signal: AbortSignal): Promise<void> {
  const out = resolve(options.out);
  const keyFile = resolve(options.keys ?? `${out}.keys.json`);
  if ((await stat(out).catch(() => undefined)) !== undefined)
    throw new CommandError(
      "DIKAST_CONTEST_OUTPUT_EXISTS",
      `"${options.out}" exists already; name another, or remove it`,
    );
  if (`${keyFile}/`.startsWith(`${out}/`))
    throw new CommandError("DIKAST_CONTEST_KEYS_INSIDE", "the key file must not lie in the folder that is handed out");
  const known = await loadKeys(keyFile);
  const keys = completedKeys(
    contest.problems.map((problem) => problem.id),
    known,
  );
  // Kept before anything is sealed with them.
  await saveKeys(keyFile, new Map([...(known ?? []), ...keys]));
  const partial = await mkdtemp(join(dirname(out), ".dikast-pack-"));
  try {
    const problems = await packProblems(contest, keys, partial, options, signal);
    await writeFile(join(partial, "contest.json"), `${JSON.stringify(description(contest, problems), null, 2)}\n`);
    await deliver(partial, out);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  if (options.json === true)
    printJson({
      type: "packed",
      out,
      keys: keyFile,
      keysReused: known !== undefined,
      problems: contest.problems.length,
    });
  else
    print(
      `Packed into ${options.out}. The keys are in ${keyFile}: keep that file to yourself until the contest starts.`,
    );
}

async function packProblems(
  contest: Contest,
  keys: ProblemKeys,
  directory: string,
  { json }: Options,
  signal: AbortSignal,
): Promise<ProblemEntry[]> {
  // Loads the network's libraries, which the other commands do not need.
  const { BundleFiles } = await import("../../../src/node/bundles/index.ts");
  const files = new BundleFiles(join(directory, "bundles"));
  const progress = new Progress();
  const entries: ProblemEntry[] = [];
  for (const problem of contest.problems) {
    const key = keys.get(problem.id) ?? new Uint8Array();
    const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): void =>
      progress.show(
        `${problem.label} ${problem.id}: ${Math.floor((100 * doneBytes) / totalBytes)} % of ${(totalBytes / 2 ** 20).toFixed(1)} MiB`,
      );
    const entry = await packContestProblem(problem, key, files, { signal, onProgress });
    progress.clear();
    entries.push(entry);
    if (json === true) printJson({ type: "problem-packed", ...entry });
    else
      print(
        `${problem.label}  ${problem.id}  sealed ${entry.sealedBundle?.slice(0, 12) ?? ""}  open ${entry.openBundle?.slice(0, 12) ?? ""}`,
      );
  }
  return entries;
}

/** What a manifest takes from the contest's folder; nothing of it depends on when or where it was packed. */
function description(contest: Contest, problems: readonly ProblemEntry[]): object {
  const { id, name, start, durationMs, freezeDurationMs, penaltyMs, rules, languages, network } = contest;
  const { scoreMode, submissionIntervalMs } = contest;
  const colors = new Map(
    contest.problems.map(({ id, color, rgb }) => [id, { color: color ?? null, rgb: rgb ?? null }]),
  );
  return {
    version: 1,
    id,
    name,
    start,
    durationMs,
    freezeDurationMs: freezeDurationMs ?? null,
    penaltyMs,
    rules,
    scoreMode,
    submissionIntervalMs,
    languages: languages ?? null,
    network,
    problems: problems.map((problem) => ({ ...problem, ...colors.get(problem.id) })),
  };
}

async function deliver(partial: string, out: string): Promise<void> {
  if (!out.endsWith(".dikast")) {
    // It is made to be handed out; temporary folders are private.
    await chmod(partial, 0o755);
    return await rename(partial, out);
  }
  const entries = await readdir(partial, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(partial.length + 1));
  await writeFile(`${out}.partial`, packBundle(await planBundle(partial, files)), { flush: true });
  await rename(`${out}.partial`, out);
  await rm(partial, { recursive: true, force: true });
}
