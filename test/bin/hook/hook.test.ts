import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { GitRepository } from "../../../bin/hook/git.ts";
import { solutionOf } from "../../../bin/hook/mapping.ts";
import { handIn, type HookNode } from "../../../bin/hook/run.ts";
import { dikast } from "../../support/dikast.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { eventually } from "../../support/eventually.ts";
import { type Tree, writeTree } from "../../support/trees.ts";

const PROBLEMS = [
  { id: "hello", label: "A" },
  { id: "lanterns", label: "B" },
  { id: "a", label: "C" },
];

const MAPPED: readonly (readonly [string, string | undefined])[] = [
  ["A/solution.cpp", "hello cpp"],
  ["hello.py", "hello python3"],
  ["week 1/lanterns/main.js", "lanterns javascript"],
  ["lanterns/old/try2.py", "lanterns python3"],
  ["B.cpp", "lanterns cpp"],
  ["b/x.c", "lanterns c"],
  ["Hello.cc", "hello cpp"],
  // The nearest one decides; the short name wins over a letter of another case.
  ["lanterns/hello/main.py", "hello python3"],
  ["a/main.py", "a python3"],
  ["A/main.py", "hello python3"],
  ["hello/B.py", "hello python3"],
  ["notes.py", undefined],
  ["hello/README.md", undefined],
  ["hello/data.in", undefined],
  [".vscode/hello.py", undefined],
  ["hello/.hidden.py", undefined],
  ["hello", undefined],
];

test("hook: a path: tells problem and language, or that it is no solution", () => {
  for (const [file, expected] of MAPPED) {
    const found = solutionOf(file, PROBLEMS);
    assert.equal(found === undefined ? undefined : `${found.problem} ${found.language}`, expected, file);
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (file) => {
      const found = solutionOf(file, PROBLEMS);
      assert.ok(found === undefined || PROBLEMS.some(({ id }) => id === found.problem));
    }),
  );
});

class Repository {
  readonly directory: string;
  constructor(directory: string) {
    this.directory = directory;
  }
  async git(...args: readonly string[]): Promise<string> {
    const identity = [
      "-c",
      "user.name=T",
      "-c",
      "user.email=t@example.org",
      "-c",
      "commit.gpgsign=false",
      "-c",
      "init.defaultBranch=main",
    ];
    return (await promisify(execFile)("git", [...identity, ...args], { cwd: this.directory })).stdout;
  }
  async commit(tree: Tree, message = "work"): Promise<string> {
    await writeTree(this.directory, tree);
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", message);
    return (await this.git("rev-parse", "HEAD")).trim();
  }
}

async function newRepository(t: TestContext): Promise<Repository> {
  const directory = path.join(await temporaryDirectory(t), "my repo");
  await mkdir(directory);
  const repository = new Repository(directory);
  await repository.git("init", "-q");
  return repository;
}

class FakeNode implements HookNode {
  readonly submitted: string[] = [];
  running = true;
  async problems(): Promise<typeof PROBLEMS> {
    if (!this.running) throw new Error("no node runs");
    return await Promise.resolve(PROBLEMS);
  }
  async submit(
    { problem, language }: { problem: string; language: string },
    filename: string,
    source: Buffer,
  ): Promise<string> {
    this.submitted.push(`${problem} ${language} ${filename} ${source.toString()}`);
    return await Promise.resolve(`submission ${this.submitted.length}`);
  }
}

test("hook: commits: what they add or change is handed in once, as committed", async (t) => {
  const repository = await newRepository(t);
  const node = new FakeNode();
  const git = await GitRepository.open(repository.directory);
  const first = await repository.commit({ "A/x.py": "one", "README.md": "x", "b.cpp": "two" });
  // Edited after the commit: the commit counts.
  await writeTree(repository.directory, { "A/x.py": "later" });
  const report = await handIn(git, first, node);
  assert.deepEqual(node.submitted, ["hello python3 x.py one", "lanterns cpp b.cpp two"]);
  assert.deepEqual(report.submitted[0], { path: "A/x.py", problem: "hello", submission: "submission 1" });

  // The same content under another name, then a removal, then a message that says no.
  const moved = await handIn(git, await repository.commit({ "A/y.py": "two", "A/x.py": "one", "b.cpp": "two " }), node);
  assert.deepEqual(node.submitted.slice(2), ["hello python3 y.py two", "lanterns cpp b.cpp two "]);
  assert.deepEqual(moved.skipped, []);
  await repository.git("rm", "-q", "b.cpp");
  await handIn(git, await repository.commit({ "C/a.py": "three" }, "try [skip dikast]"), node);
  await handIn(git, await repository.commit({ "A/z.py": "one" }), node);
  assert.equal(node.submitted.length, 4);
});

test("hook: no node: commits wait and are handed in after the next one, once", async (t) => {
  const repository = await newRepository(t);
  const node = new FakeNode();
  const git = await GitRepository.open(repository.directory);
  node.running = false;
  for (const content of ["1", "2"])
    await assert.rejects(handIn(git, await repository.commit({ "A/x.py": content }), node), /no node runs/);
  node.running = true;
  await handIn(git, await repository.commit({ "A/x.py": "3" }), node);
  assert.deepEqual(node.submitted, ["hello python3 x.py 1", "hello python3 x.py 2", "hello python3 x.py 3"]);
  await handIn(git, await repository.commit({ "README.md": "x" }), node);
  assert.equal(node.submitted.length, 3);
});

test("hook: several runs at once: each content is handed in once", async (t) => {
  const repository = await newRepository(t);
  const node = new FakeNode();
  const git = await GitRepository.open(repository.directory);
  const commits = [await repository.commit({ "A/x.py": "1" }), await repository.commit({ "A/x.py": "2" })];
  await Promise.all([...commits, ...commits, ...commits].map(async (commit) => await handIn(git, commit, node)));
  assert.deepEqual(node.submitted.toSorted(), ["hello python3 x.py 1", "hello python3 x.py 2"]);
});

test("hook: a collection of many solutions, a source that is too large: not handed in, with the reason", async (t) => {
  const repository = await newRepository(t);
  const node = new FakeNode();
  const git = await GitRepository.open(repository.directory);
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`A/${at}.py`, String(at)]));
  assert.match((await handIn(git, await repository.commit(many), node)).skipped.join(), /9 solutions in one commit/);
  const large = await handIn(git, await repository.commit({ "B/x.py": "#".repeat(1024 * 1024 + 1) }), node);
  assert.match(large.skipped.join(), /larger than/);
  assert.deepEqual(node.submitted, []);
});

test("hook: install, commit, uninstall: commits succeed at once whatever the hook does; a log tells", async (t) => {
  const repository = await newRepository(t);
  const at = { cwd: repository.directory };
  const data = path.join(repository.directory, "no node's data");
  const installed = await dikast(["hook", "install", "--data-dir", data, "--json"], at);
  assert.equal(installed.exitCode, 0, installed.stderr);
  await repository.commit({ "A/x.py": "one" });
  const log = path.join(repository.directory, ".git/dikast-hook.log");
  await eventually("the log", async () => / waits: /.test(await readFile(log, "utf8").catch(() => "")), 60_000);
  // Again is no harm.
  assert.equal((await dikast(["hook", "install"], at)).exitCode, 0);
  const removed = await dikast(["hook", "uninstall", "--json"], at);
  assert.deepEqual(removed.json, [{ type: "hook-uninstalled", removed: true }]);
  assert.deepEqual((await dikast(["hook", "uninstall", "--json"], at)).json, [
    { type: "hook-uninstalled", removed: false },
  ]);
});

test("hook: DIKAST_DATA_DIR, or a relative --data-dir: the hook goes to that node wherever Git runs it", async (t) => {
  const repository = await newRepository(t);
  const hook = path.join(repository.directory, ".git/hooks/post-commit");
  const wanted = `'--data-dir' '${path.join(repository.directory, "my node")}'`;
  const at = { cwd: repository.directory };
  for (const [args, env] of [
    [[], { DIKAST_DATA_DIR: path.join(repository.directory, "my node") }],
    [["--data-dir", "my node"], {}],
  ] as const) {
    assert.equal((await dikast(["hook", "install", ...args], { ...at, env })).exitCode, 0);
    assert.ok((await readFile(hook, "utf8")).includes(wanted), await readFile(hook, "utf8"));
  }
  assert.equal((await dikast(["hook", "install"], { ...at, env: { DIKAST_DATA_DIR: undefined } })).exitCode, 0);
  assert.ok(!(await readFile(hook, "utf8")).includes("--data-dir"), "the usual one needs no name");
});

test("hook: a hook of somebody else, also behind core.hooksPath: left alone", async (t) => {
  const repository = await newRepository(t);
  const at = { cwd: repository.directory };
  await repository.git("config", "core.hooksPath", "my hooks");
  await mkdir(path.join(repository.directory, "my hooks"));
  const file = path.join(repository.directory, "my hooks/post-commit");
  await writeFile(file, "#!/bin/sh\necho mine\n");
  await chmod(file, 0o755);
  for (const action of ["install", "uninstall"]) {
    const outcome = await dikast(["hook", action, "--json"], at);
    assert.deepEqual([outcome.exitCode, outcome.json[0]?.["code"]], [1, "DIKAST_HOOK_FOREIGN"], action);
  }
  assert.equal(await readFile(file, "utf8"), "#!/bin/sh\necho mine\n");
  const outside = await dikast(["hook", "install", "--repository", "/", "--json"], at);
  assert.deepEqual([outside.exitCode, outside.json[0]?.["code"]], [1, "DIKAST_GIT_NO_REPOSITORY"]);
});
