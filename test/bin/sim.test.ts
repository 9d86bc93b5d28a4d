import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../bin/main.ts", import.meta.url));

function sim(...args: readonly string[]): { readonly status: number | null; readonly lines: readonly string[] } {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, "sim", ...args], { encoding: "utf8" });
  return { status, lines: stdout.trim().split("\n") };
}

describe("bin: sim", () => {
  it("test, seeds that hold: exit 0, the last line is the summary", () => {
    const { status, lines } = sim("test", "--seeds", "2", "--json", "--twice");
    const summary = JSON.parse(lines.at(-1) ?? "");
    assert.equal(status, 0);
    assert.deepEqual([summary.type, summary.seeds, summary.failed], ["summary", 2, 0]);
    assert.ok(summary.virtualHours > 0 && summary.compression > 0);
    assert.ok(Object.keys(summary.faults).length > 0 && Object.keys(summary.sometimes).length > 0);
  });

  it("test, a broken protocol: exit 1, the seed with its replay, shrunk to at most ten faults", () => {
    const args = ["test", "--seeds", "50", "--failures", "1", "--mutant", "commit-without-majority", "--json"];
    const { status, lines } = sim(...args);
    const failure = JSON.parse(lines.at(-2) ?? "");
    assert.equal(status, 1);
    assert.equal(failure.type, "failure");
    assert.equal(failure.replay, `dikast sim replay ${failure.seed} --mutant commit-without-majority --shrink`);
    assert.ok(failure.shrunk.faults.length <= 10);
  });

  it("test, interrupted: the seeds at work end, the summary tells of the others", async () => {
    const child = spawn(process.execPath, [MAIN, "sim", "test", "--seeds", "5000", "--json"], { stdio: "pipe" });
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      // The first line tells that it listens.
      if (output === "") child.kill("SIGINT");
      output += data.toString();
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    const summary = JSON.parse(output.trim().split("\n").at(-1) ?? "");
    assert.equal(status, 130);
    assert.equal(summary.interrupted, true);
    assert.ok(summary.seeds < 5000);
  });

  it("replay: told what happened, the same hash as in the campaign", () => {
    const { status, lines } = sim("replay", "3", "--json");
    assert.equal(status, 0);
    const [replayed] = lines.map((line) => JSON.parse(line));
    assert.deepEqual([replayed.type, replayed.seed], ["replay", 3]);
    assert.match(replayed.traceHash, /^[0-9a-f]{16}$/);
  });
});
