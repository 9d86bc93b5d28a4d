/** The whole network with real packages, the real sandbox, and a participant that dies in between. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";
import { start } from "../support/command.ts";
import { eventually } from "../support/eventually.ts";
import { assembleContest, PASS_FAIL_PACKAGES, realPackages } from "../support/real-packages.ts";

/** Caches of the sandbox may have to be made first. */
const FIRST_RESULT_MS_MAX = 400_000;
const RUN_MS_MAX = 900_000;

/** The process of a random participant of the demo with the process id `demo`. */
function randomParticipant(demo: number): number {
  const directory = readdirSync(tmpdir())
    .filter((name) => name.startsWith("dikast-demo-"))
    .map((name) => path.join(tmpdir(), name))
    // Of others, that were killed, there may be remains.
    .filter((each) => existsSync(path.join(each, "pid")))
    .find((each) => readFileSync(path.join(each, "pid"), "utf8") === `${demo}`);
  assert.ok(directory !== undefined);
  const names = readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "sage",
  );
  const victim = names[Math.floor(Math.random() * names.length)]?.name ?? "";
  return (JSON.parse(readFileSync(path.join(directory, victim, "lock"), "utf8")) as { pid: number }).pid;
}

test("demo --once: the real packages, a participant killed in between: all verdicts as expected, boards equal", {
  skip: realPackages === undefined && "the shared problem packages are not here",
}, async (context) => {
  await using contest = await assembleContest(PASS_FAIL_PACKAGES);
  const running = start(["demo", "--once", "--json", "--contest", contest.directory], {}, RUN_MS_MAX);
  const results = (): number => running.stdout().split('"type":"result"').length - 1;
  await eventually("the first results are there", () => results() >= 3, FIRST_RESULT_MS_MAX);
  const victim = randomParticipant(running.process.pid as number);
  context.diagnostic(`killing process ${victim}`);
  process.kill(victim, "SIGKILL");
  const { code, lines, stderr } = await running.ended;
  const summary = lines.at(-1) ?? {};
  assert.ok(lines.some((line) => line["type"] === "node-died"));
  assert.deepEqual(
    [summary["type"], summary["asExpected"], summary["unexpected"], summary["boardsEqual"]],
    ["summary", summary["submissions"], 0, true],
  );
  assert.ok((summary["submissions"] as number) >= 3 * PASS_FAIL_PACKAGES.length);
  assert.equal(code, 0, stderr);
});
