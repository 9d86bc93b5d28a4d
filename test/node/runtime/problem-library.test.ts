import assert from "node:assert/strict";
import { access, mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { BundleFiles } from "../../../src/node/bundles/index.ts";
import type { Host } from "../../../src/node/network/host.ts";
import { packContestProblem } from "../../../src/node/packing/index.ts";
import { readProblemText } from "../../../src/node/runtime/problem-text.ts";
import { ProblemLibrary } from "../../../src/node/runtime/problem-library.ts";
import type { Hash } from "../../../src/model/index.ts";
import { readContest } from "../../../src/packages/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { eventually } from "../../support/eventually.ts";
import { PACKAGE, writeTree } from "../../support/trees.ts";

const SECRET = "the answer nobody may know before";

/** A library whose bundles are there already; nobody is asked. */
async function library(t: TestContext, cacheBytesMax = 2 ** 30) {
  const root = await temporaryDirectory(t);
  const names = ["one", "two", "three"];
  for (const name of names)
    await writeTree(path.join(root, "contest", name), {
      ...PACKAGE,
      "data/secret/1.ans": `${SECRET}\n`,
      "data/secret/2.in": "x\n".repeat(5_000),
      "data/secret/2.ans": "y\n",
    });
  const contest = await readContest(path.join(root, "contest"));
  const files = new BundleFiles(path.join(root, "bundles"));
  const keys = new Map(names.map((name, index) => [name, new Uint8Array(32).fill(index + 1)]));
  const entries = await Promise.all(
    contest.problems.map(
      async (problem) => await packContestProblem(problem, keys.get(problem.id) ?? new Uint8Array(), files),
    ),
  );
  const directory = path.join(root, "problems");
  await mkdir(directory);
  const made = new ProblemLibrary({
    files,
    host: {} as Host,
    peers: () => [],
    directory,
    cacheBytesMax,
    logger: pino({ level: "silent" }),
  });
  t.after(() => made.close());
  made.expect(
    entries.flatMap(({ id, sealedBundle, package: content }) =>
      sealedBundle === null ? [] : [{ problem: id, bundle: sealedBundle, content }],
    ),
  );
  await eventually("the bundles are seen", () => made.status().every(({ state }) => state === "sealed"));
  return { made, keys, root, directory };
}

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

test("problem library: before the start: nothing on the disk can be read, with or without another problem's key", async (t) => {
  const { made, keys, root, directory } = await library(t);
  await assert.rejects(made.use("one", AbortSignal.timeout(100)), /timeout|aborted/i);
  assert.deepEqual(await readdir(directory), []);
  for (const name of await readdir(path.join(root, "bundles"))) {
    const bytes = await readFile(path.join(root, "bundles", name));
    assert.equal(bytes.includes(SECRET), false, name);
    assert.equal(bytes.includes("Say it."), false, name);
  }
  // The key of another problem opens nothing.
  made.release("one", keys.get("two") ?? new Uint8Array());
  await eventually("it is refused", () => made.status().find(({ problem }) => problem === "one")?.state === "failed");
  assert.deepEqual(await readdir(directory), []);
  const views = made.status().map((status) => ({ ...status, id: status.problem, label: status.problem, name: "" }));
  await assert.rejects(readProblemText(made, views, "two"), /sealed; it opens at the start of the contest/);
  await assert.rejects(readProblemText(made, views, "four"), /there is no problem "four"/);
  // The right one comes: it goes on by itself.
  made.release("one", keys.get("one") ?? new Uint8Array());
  const { directory: opened, release } = await made.use("one", soon());
  assert.equal(await readFile(path.join(opened, "data/secret/1.ans"), "utf8"), `${SECRET}\n`);
  release();
});

test("problem library: what contestants read: statement, samples, no secret data", async (t) => {
  const { made, keys } = await library(t);
  for (const [problem, key] of keys) made.release(problem, key);
  await eventually("all are open", () => made.openCount === 3);
  const views = made.status().map((status) => ({ ...status, id: status.problem, label: status.problem, name: "" }));
  const { files } = await readProblemText(made, views, "one");
  const names = files.map((file) => file.path);
  assert.ok(names.includes("statement/problem.en.tex") && names.includes("data/sample/1.in"), names.join());
  assert.equal(
    names.some((name) => name.startsWith("data/secret")),
    false,
  );
});

test("problem library: a small cache: those used least lately make room, and are opened again; what is in use stays", async (t) => {
  const { made, keys, directory } = await library(t, 25_000);
  for (const [problem, key] of keys) made.release(problem, key);
  await eventually("all were open once", () => made.openCount === 3);
  const one = await made.use("one", soon());
  for (const name of ["two", "three", "two"]) {
    const used = await made.use(name, soon());
    await access(path.join(used.directory, "data/secret/1.ans"));
    used.release();
  }
  await access(path.join(one.directory, "data/secret/1.ans"));
  one.release();
  await eventually("one had to go", async () => (await readdir(directory)).length < 3);
});

/** A library that has nothing; tells for which of its bundles somebody was looked for. */
async function emptyLibrary(t: TestContext) {
  const root = await temporaryDirectory(t);
  const looked = new Set<string>();
  const made = new ProblemLibrary({
    files: new BundleFiles(path.join(root, "bundles")),
    host: {} as Host,
    peers: () => [],
    find: (bundle) => looked.add(bundle),
    directory: path.join(root, "problems"),
    cacheBytesMax: 2 ** 30,
    logger: pino({ level: "silent" }),
  });
  t.after(() => made.close());
  const names = ["one", "two"];
  made.expect(names.map((problem, index) => ({ problem, bundle: `${index}`.repeat(64) as Hash, content: null })));
  return { made, looked };
}

test("problem library: a node that has just started: fetches only what somebody waits for, until a leader is there", async (t) => {
  const { made, looked } = await emptyLibrary(t);
  const waiting = made.use("two", AbortSignal.timeout(10_000));
  await eventually("what is needed is looked for", () => looked.has("1".repeat(64)));
  assert.deepEqual([...looked], ["1".repeat(64)]);
  made.settled();
  await eventually("all is looked for", () => looked.size === 2, 5_000);
  made.close();
  await assert.rejects(waiting);
});
