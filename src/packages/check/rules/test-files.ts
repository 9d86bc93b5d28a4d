/** The bytes of the tests: what makes honest programs fail. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { TestCase } from "../../../model/problem.ts";
import type { Report } from "../finding.ts";
import type { PackageSubject } from "../subject.ts";

const CR = 13;
const LF = 10;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
  /** Line of the first one. */
  readonly crlfLine: number | undefined;
  readonly nulLine: number | undefined;
  readonly hasByteOrderMark: boolean;
  readonly endsWithNewline: boolean;
}

export async function checkTests(subject: PackageSubject, report: Report): Promise<void> {
  const { tests, package: read } = subject;
  const sampleTests = tests.filter((test) => test.id.startsWith("sample/"));
  const secretTests = tests.filter((test) => test.id.startsWith("secret/"));
  const interactive = read.problem.validator.type === "interactive";
  if (sampleTests.length === 0 && !(interactive && read.samples.length > 0))
    report("warning", "sample-missing", { file: "data/sample" }, "contestants get no sample");
  if (secretTests.length === 0) report("error", "secret-missing", { file: "data/secret" }, "there is no secret test");
  const inputs = new Map<string, string>();
  for (const test of tests) {
    const input = await factsOf(subject, test.inputFile);
    const answer = await factsOf(subject, test.answerFile);
    checkContent(test.inputFile, input, report);
    if (!interactive) checkContent(test.answerFile, answer, report);
    if (input.bytes === 0) report("warning", "input-empty", { file: test.inputFile }, "the input is empty");
    if (answer.bytes === 0 && read.problem.validator.type === "default")
      report(
        "warning",
        "answer-empty",
        { file: test.answerFile },
        "the answer is empty: only programs that print nothing pass",
      );
    checkAnswerSize(subject, test, answer, report);
    if (!test.id.startsWith("secret/")) continue;
    // Groups may share tests: only a twin in the same group is wasted.
    const key = `${test.id.slice(0, test.id.lastIndexOf("/"))} ${input.sha256}`;
    const twin = inputs.get(key);
    if (twin === undefined) inputs.set(key, test.id);
    else report("warning", "test-twice", { file: test.inputFile }, `has the same input as "${twin}"`);
  }
}

function checkContent(file: string, facts: FileFacts, report: Report): void {
  const at = (line: number) => ({ file, line });
  if (facts.crlfLine !== undefined)
    report(
      "warning",
      "line-ends",
      at(facts.crlfLine),
      "has Windows line ends (CR LF): programs that read lines fail on it",
    );
  if (facts.nulLine !== undefined)
    report("warning", "nul-byte", at(facts.nulLine), "holds a NUL byte: is it a text file?");
  if (facts.hasByteOrderMark)
    report("error", "byte-order-mark", at(1), "begins with a byte order mark: programs read it as a letter");
  if (facts.bytes > 0 && !facts.endsWithNewline)
    report("warning", "last-line", { file }, "its last line does not end: some programs miss it");
}

function checkAnswerSize({ package: read }: PackageSubject, test: TestCase, answer: FileFacts, report: Report): void {
  const limit = read.problem.limits.outputMiB;
  if (read.problem.validator.type !== "default" || answer.bytes <= limit * 1024 * 1024) return;
  report(
    "error",
    "output-limit-small",
    { file: test.answerFile },
    `is longer than the output limit of ${limit} MiB: nobody can pass`,
  );
}

/** Reads a file once, a piece at a time. */
async function factsOf({ tree }: PackageSubject, file: string): Promise<FileFacts> {
  const hash = createHash("sha256");
  const head: number[] = [];
  let [bytes, line, last] = [0, 1, LF];
  let crlfLine: number | undefined;
  let nulLine: number | undefined;
  for await (const piece of createReadStream(join(tree.directory, file)) as AsyncIterable<Uint8Array>) {
    hash.update(piece);
    if (head.length < BYTE_ORDER_MARK.length) head.push(...piece.subarray(0, BYTE_ORDER_MARK.length - head.length));
    for (const byte of piece) {
      if (byte === LF) {
        if (last === CR) crlfLine ??= line;
        line += 1;
      } else if (byte === 0) nulLine ??= line;
      last = byte;
    }
    bytes += piece.length;
  }
  return {
    bytes,
    sha256: hash.digest("hex"),
    crlfLine,
    nulLine,
    hasByteOrderMark: BYTE_ORDER_MARK.every((byte, index) => head[index] === byte),
    endsWithNewline: last === LF,
  };
}
