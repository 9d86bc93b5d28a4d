/** Whole packages through `dikast verify` in the embedded sandbox: the demo's, and the real ones with our solutions. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assembleContest, PASS_FAIL_PACKAGES, realPackages } from "../support/real-packages.ts";

const ROOT = join(import.meta.dirname, "../..");

function verify(folder: string): readonly Readonly<Record<string, unknown>>[] {
  const args = [join(ROOT, "bin/main.ts"), "verify", folder, "--json"];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 900_000 });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines.at(-1)?.["type"], "summary", stderr);
  return lines;
}

function unexpected(lines: ReturnType<typeof verify>): string[] {
  return lines
    .filter(({ type, asExpected }) => type === "submission" && asExpected !== true)
    .map(({ package: name, path, verdict, detail }) => [name, path, verdict, detail].map(String).join(" "));
}

test("verify: the demo contest: every submission as its folder says", () => {
  const lines = verify(join(ROOT, "examples/demo"));
  assert.deepEqual(unexpected(lines), []);
  assert.equal(lines.at(-1)?.["asExpected"], 27);
});

test("verify: the real packages with our solutions: every one as expected, scores and interaction included", {
  skip: realPackages === undefined,
}, async () => {
  await using contest = await assembleContest([...PASS_FAIL_PACKAGES, "hello", "oddecho", "guess"]);
  const lines = verify(contest.directory);
  assert.deepEqual(unexpected(lines), []);
  assert.equal(lines.at(-1)?.["asExpected"], 34);
  const scores = lines.filter((line) => line["package"] === "oddecho" && line["type"] === "submission");
  assert.deepEqual(
    scores.map(({ score }) => score),
    [100, 100, 50, 0],
  );
});
