import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { dikast } from "../support/dikast.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { writeTree } from "../support/trees.ts";

test("contest: check --verify: the sample problem is as it says", { timeout: 600_000 }, async (t) => {
  const directory = await temporaryDirectory(t);
  await dikast(["contest", "new", "spring"], { cwd: directory });
  const checked = await dikast(["contest", "check", "spring", "--verify", "--json"], { cwd: directory });
  assert.deepEqual([checked.exitCode, checked.json.length], [0, 1], checked.stdout);
});

test("contest: check --verify: a refused input and a solution in the wrong folder: errors with their files", {
  timeout: 600_000,
}, async (t) => {
  const directory = await temporaryDirectory(t);
  await dikast(["contest", "new", "spring"], { cwd: directory });
  const submissions = path.join(directory, "spring/sum/submissions");
  await rename(path.join(submissions, "accepted/sum.py"), path.join(submissions, "wrong_answer/sum.py"));
  await writeTree(directory, {
    "spring/sum/data/secret/02-small.in": "1\n05\n",
    "spring/sum/data/secret/02-small.ans": "5\n",
  });
  const checked = await dikast(["contest", "check", "spring/sum", "--verify", "--json"], { cwd: directory });
  const found = checked.json
    .filter((line) => line["type"] === "finding")
    .map((line) => `${String(line["file"])} ${String(line["rule"])}`);
  assert.deepEqual(
    found,
    ["data/secret/02-small.in input-refused", "submissions/wrong_answer/sum.py verify-unexpected"],
    checked.stdout,
  );
  assert.equal(checked.exitCode, 1);
});
