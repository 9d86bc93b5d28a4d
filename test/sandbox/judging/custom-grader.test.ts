import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSandbox } from "../../../sandbox/fake/index.ts";
import { graderInput, readGrade } from "../../../sandbox/judging/custom-grader.ts";
import type { GradedNode } from "../../../sandbox/judging/grading.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { writeFolder } from "../../support/folders.ts";

const node = (verdict: Verdict, points = 0): GradedNode => ({ verdict, scoreMicros: Math.round(points * 1_000_000) });

test("custom grader: what it reads: the format's four verdicts, points without exponent", () => {
  assert.equal(
    graderInput([
      node("AC", 12.5),
      node("WA"),
      node("TLE"),
      node("RE"),
      node("MLE"),
      node("OLE"),
      node("AC", 0.000001),
    ]),
    "AC 12.500000\nWA 0.000000\nTLE 0.000000\nRTE 0.000000\nRTE 0.000000\nRTE 0.000000\nAC 0.000001\n",
  );
});

const OUTPUTS: readonly (readonly [output: string, children: readonly GradedNode[], graded: GradedNode])[] = [
  ["AC 30.000000\n", [node("WA")], node("AC", 30)],
  ["  WA -1.5e1  ", [node("WA")], node("WA", -15)],
  ["TLE 0", [], node("TLE")],
  ["RTE 0", [node("AC"), node("MLE"), node("WA")], node("MLE")],
  ["RTE 0", [node("OLE"), node("RE")], node("RE")],
  ["RTE 0", [node("WA")], node("RE")],
];
for (const [output, children, graded] of OUTPUTS) {
  test(`custom grader: "${output.trim()}" after ${children.map(({ verdict }) => verdict).join(" ")}: ${graded.verdict}`, () =>
    assert.deepEqual(readGrade(output, children), graded));
}

for (const output of ["", "AC", "JE 0", "MLE 0", "AC nan", "AC 1e99", "AC 1 2", "42 AC", "AC 1\nAC 1"]) {
  test(`custom grader: it writes ${JSON.stringify(output)}: a fault of the package`, () =>
    assert.throws(() => readGrade(output, []), /grader wrote no verdict with a score/));
}

const SUM = "# @FAKE@ sum";
const WRONG_ON_9 = `# @FAKE@ when 9: print 0\n${SUM}`;

async function judged(grader: string, source: string): Promise<readonly unknown[]> {
  const data = Object.entries({ "sample/1": [1, 1], "secret/a/1": [4, 4], "secret/a/2": [9, 9], "secret/b/1": [5, 5] });
  await using folder = await writeFolder({
    "problem.yaml": "name: N\ntype: scoring\n",
    ".timelimit": "1",
    "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\n",
    "data/secret/testdata.yaml": "on_reject: continue\ngrader_flags: accept_if_any_accepted\n",
    "data/secret/a/testdata.yaml": "on_reject: continue\naccept_score: 30\ngrading: custom\ngrader_flags: min\n",
    "data/secret/b/testdata.yaml": "accept_score: 7\ngrading: default\n",
    ...Object.fromEntries(
      data.flatMap(([name, [a, b]]) => [
        [`data/${name}.in`, `${a}\n`],
        [`data/${name}.ans`, `${b}\n`],
      ]),
    ),
    "graders/grader.py": grader,
  });
  const { problem } = await readPackage(folder.directory);
  const result = await new FakeSandbox().judge({
    language: "python3",
    sources: [{ name: "main.py", bytes: Buffer.from(source) }],
    problem,
    packageDirectory: folder.directory,
    tests: "all",
  });
  return [result.verdict, result.scoreMicros / 1_000_000, result.verdict === "JE" ? result.compileLog : ""];
}

test("custom grader: its group has the verdict and the points that it wrote, the others the default grader's", async () => {
  assert.deepEqual(await judged("# @FAKE@ print AC 30", SUM), ["AC", 37, ""]);
  assert.deepEqual(await judged("# @FAKE@ when WA 0.0: print AC 12.5", WRONG_ON_9), ["AC", 19.5, ""]);
  assert.deepEqual(await judged("# @FAKE@ print WA 3", "# @FAKE@ print 0"), ["WA", 0, ""]);
});

test("custom grader: one that fails, writes nothing, or does not compile: JE with the reason", async () => {
  assert.match(String((await judged("# @FAKE@ exit 3", SUM))[2]), /grader failed \(exit code 3\)/);
  assert.match(String((await judged("# @FAKE@ crash", SUM))[2]), /grader failed/);
  assert.match(String((await judged("# nothing", SUM))[2]), /grader wrote no verdict/);
  assert.match(String((await judged("# @FAKE@ reject", SUM))[2]), /grader does not compile/);
});
