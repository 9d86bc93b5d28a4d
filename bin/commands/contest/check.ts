/** `dikast contest check DIR` */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { parseComparisonRules } from "../../../sandbox/judging/index.ts";
import { isZipFile, unpackPackageZip } from "../../../src/packages/archive/index.ts";
import { checkContest, type CheckOptions, type Finding, formatFinding } from "../../../src/packages/check/index.ts";
import type { ProblemPackage } from "../../../src/packages/index.ts";
import { EXIT_FAILURE, print, printJson, Progress, printable, styled } from "../../support/output.ts";
import { type SandboxKind, sandboxOption, withSandbox } from "../judging/sandbox-choice.ts";
import { settleTimeLimit, verifySubmission } from "../judging/verification.ts";

interface Options {
  readonly verify?: true;
  readonly json?: true;
  readonly sandbox: SandboxKind;
}

/** Built by the embedded sandbox; the others need Docker. */
const EMBEDDED = ["c", "cpp", "python3", "javascript", "typescript"];

export function registerCheck(contest: Command): void {
  contest
    .command("check")
    .summary("look at a contest as a careful judge would")
    .description(
      `Check contest.yaml and every problem package: settings and unknown keys, statements, licenses, tests, limits, validators,
submissions. Every finding names file, line and rule. Exit code 1 if there are errors; warnings alone are 0.

With --verify every example submission is judged, too, and must get what its folder says.`,
    )
    .argument("<dir>", "the folder of a contest or of one problem package, or a .zip of it")
    .option("--verify", "judge the example submissions (takes a while)")
    .addOption(sandboxOption())
    .option("--json", "JSON Lines: one object a finding, a summary last")
    .action(async (directory: string, options: Options) => {
      await unzipped(directory, async (folder) => await check(folder, options));
    });
}

async function check(directory: string, options: Options): Promise<void> {
  const rules: CheckOptions = {
    acceptsValidatorArgs: (args) => parseComparisonRules(args) !== undefined,
    embeddedLanguages: EMBEDDED,
    nowMs: Date.now(),
  };
  const { findings, contest, packages } = await checkContest(directory, rules);
  for (const finding of findings) show(finding, options);
  const verified = options.verify === true ? await verify(packages, options) : [];
  const all = [...findings, ...verified];
  const errors = all.filter((finding) => finding.severity === "error").length;
  const warnings = all.length - errors;
  if (options.json === true)
    printJson({ type: "summary", contest: contest?.id ?? null, problems: packages.length, errors, warnings });
  else {
    const name = contest === undefined ? "the contest cannot be read" : `${packages.length} problems`;
    const text = `${name}: ${errors} errors, ${warnings} warnings`;
    print(errors > 0 ? styled("red", text) : styled("green", text));
  }
  if (errors > 0) process.exitCode = EXIT_FAILURE;
}

function show(finding: Finding, { json }: Options): void {
  if (json === true) printJson({ type: "finding", ...finding });
  else print(styled(finding.severity === "error" ? "red" : "yellow", printable(formatFinding(finding))));
}

async function verify(packages: readonly ProblemPackage[], options: Options): Promise<Finding[]> {
  const findings: Finding[] = [];
  const found = (finding: Finding): void => {
    findings.push(finding);
    show(finding, options);
  };
  const progress = new Progress();
  await withSandbox(options.sandbox, async (sandbox, signal) => {
    for (const read of packages) {
      const { id } = read.problem;
      progress.show(`${id}: measuring accepted submissions …`);
      const settled = await settleTimeLimit(read, sandbox, signal);
      for (const submission of read.submissions) {
        progress.show(`${id}: ${submission.path}`);
        const { line } = await verifySubmission(settled, submission, sandbox, { signal });
        progress.clear();
        const file = `${id}/submissions/${submission.path}`;
        if (line.asExpected === null) {
          const message = `was not judged: ${line.skipped ?? "no reason"}`;
          found({ severity: "warning", rule: "verify-skipped", file, message });
        } else if (!line.asExpected) {
          const detail = line.detail === undefined ? "" : ` (${line.detail})`;
          const message = `got ${line.verdict ?? "nothing"}, not ${line.expected.join(" or ")}${detail}`;
          found({ severity: "error", rule: "verify-unexpected", file, message });
        }
      }
    }
    return 0;
  });
  return findings;
}

/** Archives are unpacked to a folder that goes away. */
async function unzipped(path: string, use: (folder: string) => Promise<void>): Promise<void> {
  if (!(await isZipFile(path))) return await use(path);
  const temporary = await mkdtemp(join(tmpdir(), "dikast-check-"));
  try {
    await use(await unpackPackageZip(path, temporary));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
