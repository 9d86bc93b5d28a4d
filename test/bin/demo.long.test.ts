import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { isAlive, type Running, start } from "../support/command.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { eventually } from "../support/eventually.ts";

/** A folder of one package whose submissions say by marks what the fake sandbox makes of them. */
async function contest(context: TestContext): Promise<string> {
  const directory = await temporaryDirectory(context);
  const files: Readonly<Record<string, string>> = {
    "problem.yaml": "name: Sum\nlimits:\n  time_limit: 1\n",
    "problem_statement/problem.en.tex": "\\problemname{Sum}\nAdd.\n",
    "data/secret/1.in": "1 2\n",
    "data/secret/1.ans": "3\n",
    "data/secret/2.in": "5 6\n",
    "data/secret/2.ans": "11\n",
    "submissions/accepted/good.py": "# @FAKE@ sum\n",
    "submissions/accepted/good.cpp": "// @FAKE@ sum\n",
    "submissions/wrong_answer/wrong.py": "# @FAKE@ print 3\n",
    "submissions/run_time_error/crash.py": "# @FAKE@ crash\n",
    "submissions/compile_error/reject.cpp": "// @FAKE@ reject\n",
    "submissions/time_limit_exceeded/loop.cpp": "// @FAKE@ loop\n",
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, "sum", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}

/** Process ids of the nodes of the demo that `running` is, by name; empty before they hold their locks. */
function nodesOf(running: Running): {
  readonly directory: string | undefined;
  readonly pids: ReadonlyMap<string, number>;
} {
  const directory = readdirSync(tmpdir())
    .filter((name) => name.startsWith("dikast-demo-"))
    .map((name) => path.join(tmpdir(), name))
    .find((each) => readIfThere(path.join(each, "pid")) === `${running.process.pid}`);
  const pids = new Map<string, number>();
  for (const name of directory === undefined ? [] : readdirSync(directory)) {
    const lock = readIfThere(path.join(directory as string, name, "lock"));
    if (lock !== undefined) pids.set(name, (JSON.parse(lock) as { pid: number }).pid);
  }
  return { directory, pids };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

const results = (running: Running): number => running.stdout().split('"type":"result"').length - 1;
const ARGS = ["demo", "--sandbox", "fake", "--nodes", "4", "--json"];

test("demo --once: a participant is killed in between: every verdict as expected, boards equal, nothing left", async (context) => {
  const running = start([...ARGS, "--once", "--contest", await contest(context)]);
  await eventually("the first results are there", () => results(running) >= 2, 100_000);
  const { directory, pids } = nodesOf(running);
  assert.equal(pids.size, 5);
  const victims = [...pids].filter(([name]) => name !== "sage");
  const [name, pid] = victims[Math.floor(Math.random() * victims.length)] as [string, number];
  context.diagnostic(`killed ${name}`);
  process.kill(pid, "SIGKILL");
  const { code, lines, stderr } = await running.ended;
  const { type, submissions, asExpected, unexpected, boardsEqual, clusters, ...rest } = lines.at(-1) as Record<
    string,
    unknown
  >;
  assert.deepEqual(
    { type, submissions, asExpected, unexpected, boardsEqual, clusters },
    { type: "summary", submissions: 6, asExpected: 6, unexpected: 0, boardsEqual: true, clusters: 1 },
  );
  assert.deepEqual(Object.keys(rest).toSorted(), ["elections", "sessions", "verdictMsP50", "verdictMsP95"]);
  assert.equal(code, 0, stderr);
  assert.ok(lines.some((line) => line["type"] === "node-died"));
  assert.ok(!existsSync(directory as string));
  for (const each of pids.values()) assert.ok(!isAlive(each));
});

test("demo: killed itself: its nodes end with it, and the next demo removes what it left", async (context) => {
  const folder = await contest(context);
  const running = start([...ARGS, "--contest", folder]);
  await eventually("all nodes are up", () => nodesOf(running).pids.size === 5, 100_000);
  const { directory, pids } = nodesOf(running);
  running.process.kill("SIGKILL");
  await eventually("all nodes have ended", () => [...pids.values()].every((pid) => !isAlive(pid)));
  assert.ok(existsSync(directory as string));
  const next = start([...ARGS, "--contest", folder]);
  await eventually("what was left is removed", () => !existsSync(directory as string), 60_000);
  next.process.kill("SIGTERM");
  await next.ended;
});

test("demo: interrupted while it starts: ends soon, nothing is left", async (context) => {
  const running = start([...ARGS, "--contest", await contest(context)]);
  await eventually("it has a directory", () => nodesOf(running).directory !== undefined, 60_000);
  const { directory } = nodesOf(running);
  running.process.kill("SIGINT");
  const { code } = await running.ended;
  assert.equal(code, 0);
  assert.ok(!existsSync(directory as string));
});

test("demo --once: a submission that is not as its folder says: exit code 3, the summary counts it", async (context) => {
  const folder = await contest(context);
  writeFileSync(path.join(folder, "sum", "submissions", "accepted", "liar.py"), "# @FAKE@ print 0\n");
  const { code, lines } = await start([...ARGS, "--once", "--contest", folder, "--concurrency", "3"]).ended;
  const summary = lines.at(-1);
  assert.deepEqual(
    [summary?.["submissions"], summary?.["asExpected"], summary?.["unexpected"], summary?.["boardsEqual"]],
    [7, 6, 1, true],
  );
  assert.equal(code, 3);
});
