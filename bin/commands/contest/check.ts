/** `dikast contest check DIR` */
import { realpath } from "node:fs/promises";
import type { Command } from "commander";
import { parseComparisonRules } from "../../../sandbox/judging/index.ts";
import { checkContest, type CheckOptions, type Finding, formatFinding } from "../../../src/packages/check/index.ts";
import type { ProblemPackage } from "../../../src/packages/index.ts";
import { counted, EXIT_FAILURE, print, printJson, Progress, printable, styled } from "../../support/output.ts";
import { withPackageFolder } from "../../support/package-source.ts";
import { type SandboxKind, sandboxOption, withSandbox } from "../judging/sandbox-choice.ts";
import { verifyPackage } from "./verification.ts";

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

With --verify every example submission is judged, too, and must get what its folder says, and every input must pass the input
validators.`,
    )
    .argument("<dir>", "the folder of a contest or of one problem package, or a .zip of it")
    .option("--verify", "run example submissions and input validators (takes a while)")
    .addOption(sandboxOption())
    .option("--json", "JSON Lines: one object a finding, a summary last")
    .action(async (directory: string, options: Options) => {
      await withPackageFolder(directory, async (folder) => await check(folder, options));
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
  const verified =
    options.verify === true && packages.length > 0 ? await verify(await realpath(directory), packages, options) : [];
  const all = [...findings, ...verified];
  const errors = all.filter((finding) => finding.severity === "error").length;
  const warnings = all.length - errors;
  if (options.json === true)
    printJson({ type: "summary", contest: contest?.id ?? null, problems: packages.length, errors, warnings });
  else {
    const name = contest === undefined ? "the contest cannot be read" : counted(packages.length, "problem");
    const text = `${name}: ${counted(errors, "error")}, ${counted(warnings, "warning")}`;
    print(errors > 0 ? styled("red", text) : styled("green", text));
  }
  if (errors > 0) process.exitCode = EXIT_FAILURE;
}

function show(finding: Finding, { json }: Options): void {
  if (json === true) printJson({ type: "finding", ...finding });
  else print(styled(finding.severity === "error" ? "red" : "yellow", printable(formatFinding(finding))));
}

async function verify(root: string, packages: readonly ProblemPackage[], options: Options): Promise<Finding[]> {
  const findings: Finding[] = [];
  const progress = new Progress();
  const onFinding = (finding: Finding): void => {
    findings.push(finding);
    progress.clear();
    show(finding, options);
  };
  await withSandbox(options.sandbox, async (sandbox, signal) => {
    const onProgress = (what: string): void => progress.show(what);
    for (const read of packages) {
      const prefix = read.directory === root ? "" : `${read.problem.id}/`;
      await verifyPackage(read, { prefix, sandbox, signal, onFinding, onProgress });
    }
    progress.clear();
    return 0;
  });
  return findings;
}
