/** Limits, validators and example submissions: whether judges can do their work. */
import { counted } from "../../../model/words.ts";
import type { Verdict } from "../../../model/verdict.ts";
import type { PackageSubmission } from "../../model.ts";
import type { Report } from "../finding.ts";
import type { PackageSubject } from "../subject.ts";

const TIME_MS_LONG = 20_000;
/** A WebAssembly program addresses no more. */
const EMBEDDED_MEMORY_MIB_MAX = 4_096;
/** One slow submission should not hold a cluster for longer. */
const WORST_CASE_MS = 300_000;

export function checkLimits({ package: read, tests, lineOf }: PackageSubject, report: Report): void {
  const { limits } = read.problem;
  const at = { file: "problem.yaml", line: lineOf("limits") };
  if (read.timeLimitSource === "default") {
    report(
      "warning",
      "time-limit-missing",
      at,
      `no time limit is stated: ${limits.timeMs / 1000} s are used; "dikast verify" measures one`,
    );
  } else if (limits.timeMs > TIME_MS_LONG) {
    report("warning", "time-limit-long", at, `the time limit of ${limits.timeMs / 1000} s is unusually long`);
  }
  const worstMs = limits.timeMs * tests.length;
  if (worstMs > WORST_CASE_MS) {
    report(
      "warning",
      "judging-long",
      at,
      `${counted(tests.length, "test")} of ${limits.timeMs / 1000} s each can take ${Math.round(worstMs / 60_000)} minutes to judge one submission`,
    );
  }
  if (limits.memoryMiB > EMBEDDED_MEMORY_MIB_MAX)
    report("warning", "memory-limit-large", at, `the embedded sandbox gives at most ${EMBEDDED_MEMORY_MIB_MAX} MiB`);
}

export function checkValidators(subject: PackageSubject, report: Report): void {
  const { package: read, tests, options } = subject;
  const { validator } = read.problem;
  switch (validator.type) {
    case "missing":
      report(
        "error",
        "validator-missing",
        { file: "problem.yaml", line: subject.lineOf("validation") ?? subject.lineOf("type") },
        validator.reason,
      );
      break;
    case "default":
      for (const test of tests) {
        if (options.acceptsValidatorArgs?.(test.validatorArgs) === false)
          report(
            "error",
            "validator-args",
            { file: test.inputFile },
            `the default validator does not take "${test.validatorArgs.join(" ")}"`,
          );
      }
      break;
    case "custom":
    case "interactive": {
      const { language, files } = validator.program;
      if (options.embeddedLanguages?.includes(language) === false)
        report(
          "warning",
          "validator-language",
          { file: files[0] ?? "" },
          `an output validator in ${language} needs the Docker sandbox on every node`,
        );
      break;
    }
  }
  if (read.inputValidators.length === 0) {
    report(
      "warning",
      "input-validator-missing",
      { file: "input_validators" },
      "no input validator: nobody has checked that the tests keep what the statement promises",
    );
  }
}

const expects =
  (verdict: Verdict) =>
  (submission: PackageSubmission): boolean =>
    submission.expectation?.verdicts.includes(verdict) === true;

export function checkSubmissions({ package: read, tree }: PackageSubject, report: Report): void {
  const { submissions } = read;
  const sizes = new Map(tree.below("submissions").map((entry) => [entry.path, entry.sizeBytes]));
  if (!submissions.some((submission) => expects("AC")(submission) && submission.expectation?.verdicts.length === 1))
    report(
      "error",
      "accepted-missing",
      { file: "submissions/accepted" },
      "no submission shows that the problem can be solved",
    );
  if (!submissions.some(expects("WA")))
    report(
      "warning",
      "wrong-answer-missing",
      { file: "submissions/wrong_answer" },
      "no wrong submission shows that the tests catch one",
    );
  if (!submissions.some(expects("TLE")))
    report(
      "warning",
      "too-slow-missing",
      { file: "submissions/time_limit_exceeded" },
      "no slow submission shows that the time limit bites",
    );
  for (const submission of submissions) {
    const file = `submissions/${submission.path}`;
    if (submission.language === undefined)
      report("warning", "submission-language", { file }, "is in no language that dikast knows; it cannot be judged");
    const bytes = submission.files.reduce((sum, each) => sum + (sizes.get(each) ?? 0), 0);
    if (bytes > read.problem.limits.codeKiB * 1024 && expects("AC")(submission))
      report(
        "error",
        "code-limit-small",
        { file },
        `is longer than the code limit of ${read.problem.limits.codeKiB} KiB`,
      );
    if (bytes === 0) report("warning", "submission-empty", { file }, "is empty");
  }
}
