/** What `dikast contest check --verify` runs: example submissions and input validators. */
import type { Sandbox } from "../../../sandbox/index.ts";
import { type Finding, inputValidatorArgs, readInput, readInputValidators } from "../../../src/packages/check/index.ts";
import type { ProblemPackage } from "../../../src/packages/index.ts";
import { testsOf } from "../../../src/model/problem.ts";
import { firstError } from "../../support/compile-log.ts";
import { settleTimeLimit, verifySubmission } from "../judging/verification.ts";

export interface VerificationOptions {
  /** Stands before the files of findings: the package's folder in the contest, or nothing. */
  readonly prefix: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (what: string) => void;
}

/** Exit code of an input validator that accepts (2025-09.md "Input validators"). */
const ACCEPTED = 42;
const MESSAGE_CHARACTERS_MAX = 200;

/** Every submission must get what its folder says, every input must be what the validators accept. */
export async function verifyPackage(read: ProblemPackage, options: VerificationOptions): Promise<void> {
  await verifyInputs(read, options);
  const { prefix, sandbox, signal, onFinding, onProgress } = options;
  const { id } = read.problem;
  onProgress(`${id}: measuring accepted submissions …`);
  const settled = await settleTimeLimit(read, sandbox, signal);
  for (const submission of read.submissions) {
    onProgress(`${id}: ${submission.path}`);
    const { line } = await verifySubmission(settled, submission, sandbox, { signal });
    const file = `${prefix}submissions/${submission.path}`;
    if (line.asExpected === null) {
      const message = `was not judged: ${line.skipped ?? "no reason"}`;
      onFinding({ severity: "warning", rule: "verify-skipped", file, message });
    } else if (!line.asExpected) {
      const message = `got ${line.verdict ?? "nothing"}: ${line.detail ?? `expected ${line.expected.join(" or ")}`}`;
      onFinding({ severity: "error", rule: "verify-unexpected", file, message });
    }
  }
}

async function verifyInputs(read: ProblemPackage, options: VerificationOptions): Promise<void> {
  const { prefix, sandbox, signal, onFinding, onProgress } = options;
  const { id, limits, root } = read.problem;
  for (const validator of await readInputValidators(read.directory, read.problem.constants)) {
    const file = `${prefix}${validator.path}`;
    if (!sandbox.profile.languages.includes(validator.language)) {
      onFinding({
        severity: "warning",
        rule: "verify-skipped",
        file,
        message: `was not run: the sandbox has no ${validator.language}`,
      });
      continue;
    }
    for (const test of testsOf(root)) {
      onProgress(`${id}: ${validator.path} on ${test.id}`);
      const task = {
        language: validator.language,
        sources: validator.sources,
        args: inputValidatorArgs(test, validator),
        stdin: await readInput(read.directory, test.inputFile),
        timeLimitMs: limits.validationTimeMs,
        memoryLimitMiB: limits.validationMemoryMiB,
        outputLimitMiB: limits.validationOutputMiB,
      };
      const result = await sandbox.run(task, { signal });
      if (result.exitCode === ACCEPTED) continue;
      if (result.verdict === "CE" || result.verdict === "JE") {
        const message = `cannot be run: ${firstError(result.compileLog) || result.verdict}`;
        onFinding({ severity: "error", rule: "input-validator-broken", file, message });
        break;
      }
      const said =
        lastLine(new TextDecoder().decode(result.stderr)) || lastLine(new TextDecoder().decode(result.stdout));
      const message = `is refused by ${validator.path}${said === "" ? "" : `: ${said}`}`;
      onFinding({ severity: "error", rule: "input-refused", file: `${prefix}${test.inputFile}`, message });
    }
  }
}

/** The last line of a Python trace says what was wrong; of other programs there is mostly one. */
function lastLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (lines.at(-1) ?? "").slice(0, MESSAGE_CHARACTERS_MAX);
}
