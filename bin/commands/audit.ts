/** `dikast audit`: verifies a contest's archive offline. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import type { Sandbox } from "../../sandbox/index.ts";
import {
  type AuditedArchive,
  auditArchive,
  auditDirectory,
  type AuditFault,
  reexecute,
  type Reexecuted,
} from "../../src/archive/index.ts";
import { type Hash, parseHash } from "../../src/model/index.ts";
import { fastVerifier } from "../../src/node/identity/index.ts";
import { boardText } from "../support/board.ts";
import {
  CommandError,
  counted,
  EXIT_NOT_ACCEPTED,
  EXIT_USAGE,
  print,
  printable,
  printJson,
  Progress,
  shortId,
  styled,
} from "../support/output.ts";
import { openSandbox, type SandboxKind, sandboxOption } from "./judging/sandbox-choice.ts";

interface AuditCommandOptions {
  readonly contest?: Hash;
  readonly reexecute?: number | "all";
  readonly sandbox: SandboxKind;
  readonly json?: true;
}

export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description("verify the archive of a contest offline, trusting no node")
    .argument("<archive>", "a file that `dikast export --archive` wrote")
    .option("--contest <id>", "the id that the contest must have, as in its invite", contestId)
    .option("--reexecute <n>", "execute so many verdicts again, chosen at random; `all` for every one", count)
    .addOption(sandboxOption())
    .option("--json", "print JSON Lines")
    .addHelpText(
      "after",
      `
It checks the manifest and the roster, every block's signature, hash and acknowledgements, every leader's votes, that
each task went where the loads say, every verdict's signatures (more than half of the assigned cluster, not the
submitter), the receipts' times, every source's signature, the bundles and their keys; then it folds the board. The
first thing that does not hold is told with its place, and the exit code is 3.

Without --contest it takes whichever contest the archive says it is: compare the id with the one of the invite.

Examples:
  dikast audit spring.dikast-archive
  dikast audit spring.dikast-archive --reexecute 20
`,
    )
    .action(async (file: string, options: AuditCommandOptions) => {
      await audit(file, options);
    });
}

async function audit(file: string, options: AuditCommandOptions): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new CommandError("DIKAST_NO_FILE", `there is no file ${file}`, EXIT_USAGE);
  const { directory, cleanUp } = await auditDirectory();
  const progress = new Progress();
  const startedMs = performance.now();
  try {
    const result = await auditArchive(createReadStream(file, { highWaterMark: 1024 * 1024 }), {
      verifier: fastVerifier,
      contest: options.contest,
      reexecute: options.reexecute,
      directory,
      onProgress: (offset) => progress.show(`${Math.floor((100 * offset) / found.size)} %`),
    });
    progress.clear();
    const tookMs = Math.round(performance.now() - startedMs);
    if (!result.ok) {
      fail(result.fault, result.blocks, options);
      return;
    }
    tell(result.audited, tookMs, options);
    if (options.reexecute !== undefined) await executeAgain(result.audited, options);
  } finally {
    progress.clear();
    await cleanUp();
  }
}

function fail(fault: AuditFault, blocks: number, { json }: AuditCommandOptions): void {
  process.exitCode = EXIT_NOT_ACCEPTED;
  if (json === true) printJson({ type: "audit", ok: false, fault, blocks });
  else {
    print(`${styled(["red", "bold"], "does not hold")}: ${printable(fault.reason)}`);
    print(
      `  ${fault.part}${fault.offset < 0 ? "" : ` record at byte ${fault.offset}`} (${fault.code}); ${counted(blocks, "block before it holds", "blocks before it hold")}`,
    );
  }
}

function tell(audited: AuditedArchive, tookMs: number, { json }: AuditCommandOptions): void {
  const { contest, manifest, log, blocks, terms, entries, voids, signatures, sources, opened, bundles, remarks } =
    audited;
  const final = log.finalized !== null;
  if (json === true) {
    printJson({
      type: "audit",
      ok: true,
      contest,
      name: manifest.name,
      blocks,
      terms,
      entries,
      voids,
      signatures,
      submissions: log.submissions.length,
      sources,
      bundles,
      opened,
      head: log.head,
      boardHash: log.boardHash,
      final,
      unfinished: log.unfinished,
      disputes: log.disputes.map(({ submission, outcome, by, dissenters, liars }) => ({
        submission,
        outcome,
        by,
        dissenters,
        liars,
      })),
      excluded: log.excluded,
      remarks,
      tookMs,
      board: log.board,
    });
    return;
  }
  print(styled("bold", printable(manifest.name)));
  print(`contest ${contest}`);
  print(
    `${counted(blocks, "block")} of ${counted(terms, "term")}, ${counted(signatures, "signature")}, ${counted(log.submissions.length, "submission")}, ${counted(sources, "source")}, ${counted(bundles, "bundle")}, ${opened} opened`,
  );
  for (const [what, times] of Object.entries(voids)) print(`  counts for nothing: ${what} (${times})`);
  for (const remark of remarks) print(`  ${styled("yellow", remark)}`);
  for (const { submission, outcome, before, after } of log.disputes) {
    const verdicts = [before, outcome === "overturned" ? after : null].flatMap((each) => each?.statement.verdict ?? []);
    print(`  disputed: ${submission.slice(0, 8)} ${verdicts.join(" → ")} (${outcome})`);
  }
  for (const node of log.excluded)
    print(`  ${styled("yellow", `proved to have lied: ${printable(log.names.get(node) ?? "")} ${shortId(node)}`)}`);
  print(`\n${boardText(log.board)}\n`);
  print(
    final
      ? `final: signed by ${shortId(log.finalized?.by ?? "")}, board ${log.boardHash}`
      : styled("yellow", "not finalized: these are the standings at the log's end"),
  );
  print(`${styled(["green", "bold"], "everything holds")} (${(tookMs / 1000).toFixed(1)} s)`);
}

async function executeAgain(audited: AuditedArchive, options: AuditCommandOptions): Promise<void> {
  const runnable = audited.kept.length;
  if (runnable === 0 || audited.opened === 0) {
    throw new CommandError(
      "DIKAST_ARCHIVE_INCOMPLETE",
      "the archive has no sources or no bundles: nothing can be executed again",
    );
  }
  const sandbox = await openSandbox(options.sandbox);
  try {
    if (sandbox.profile.hash !== audited.manifest.judgeProfile) {
      throw new CommandError(
        "DIKAST_OTHER_PROFILE",
        "the contest was judged by another profile (compilers, runtimes, limits) than this dikast has: use the version it was held with",
      );
    }
    await compare(sandbox, audited, options);
  } finally {
    await sandbox.close();
  }
}

async function compare(sandbox: Sandbox, audited: AuditedArchive, { json }: AuditCommandOptions): Promise<void> {
  const progress = new Progress();
  let done = 0;
  const wrong: Reexecuted[] = [];
  for await (const each of reexecute(sandbox, audited.kept)) {
    done += 1;
    progress.show(`${done} of ${audited.kept.length} executed again`);
    const { submission } = each.kept;
    if (json === true) {
      const { certified, found, holds } = each;
      printJson({ type: "reexecuted", submission: submission.id, certified, found, holds });
    }
    if (!each.holds) wrong.push(each);
  }
  progress.clear();
  if (wrong.length > 0) process.exitCode = EXIT_NOT_ACCEPTED;
  if (json === true) {
    printJson({ type: "reexecution", executed: done, differing: wrong.length });
    return;
  }
  for (const { kept, certified, found } of wrong) {
    print(
      `${styled("red", "differs")}: ${kept.submission.id} certified as ${certified}, now ${found}; signed by ${kept.submission.voters.map(shortId).join(", ")}`,
    );
  }
  print(
    wrong.length === 0
      ? `${done} verdicts executed again: all the same, bit for bit`
      : `${wrong.length} of ${done} verdicts differ`,
  );
}

function contestId(text: string): Hash {
  const id = parseHash(text);
  if (id === undefined) throw new InvalidArgumentError("64 hex digits are needed");
  return id;
}

function count(text: string): number | "all" {
  if (text === "all") return "all";
  if (!/^\d{1,7}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError("a whole number, or `all`, is needed");
  return Number(text);
}
