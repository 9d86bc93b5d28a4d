/** The evaluator's processes: what they survive, and that nothing of them survives. JavaScript: it needs no compiler. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { RunTask } from "../../../../sandbox/sandbox.ts";
import { connectEvaluator, createWasmSandbox, serveEvaluator } from "../../../../sandbox/wasm/evaluator/index.ts";

const directory = mkdtempSync(join(tmpdir(), "dikast-evaluator-"));
const cacheDirectory = join(directory, "cache");
after(() => rmSync(directory, { recursive: true, force: true }));

const ECHO = "console.log(require('fs').readFileSync(0, 'utf8').trim())";
const ENDLESS = "for (;;);";

function task(source: string, stdin = "", timeLimitMs = 10_000): RunTask {
  const encoder = new TextEncoder();
  return {
    language: "javascript",
    sources: [{ name: "main.js", bytes: encoder.encode(source) }],
    stdin: encoder.encode(stdin),
    timeLimitMs,
    memoryLimitMiB: 256,
    outputLimitMiB: 1,
  };
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
      } catch {
        return [];
      }
    });
}

const childrenOf = (pid: number): ProcessEntry[] => processes().filter((each) => each.parent === pid);
const runProcesses = (pid: number): ProcessEntry[] =>
  childrenOf(pid).filter((each) => each.command.includes("run-process"));

/** Waits for a condition that is bound to come true soon. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never: ${what}`);
}

test("evaluator: cancelled while running: rejects with the reason, the next job runs, no process is left", async () => {
  const sandbox = await createWasmSandbox({ workers: 1, cacheDirectory });
  const [before] = runProcesses(process.pid);
  const controller = new AbortController();
  const running = sandbox.run(task(ENDLESS, "", 3_600_000), { signal: controller.signal });
  const queued = sandbox.run(task(ECHO, "after"));
  setTimeout(() => controller.abort(new Error("enough")), 300);
  await assert.rejects(running, /enough/);
  const { verdict, stdout } = await queued;
  assert.equal(verdict, "AC");
  assert.equal(new TextDecoder().decode(stdout), "after\n");
  assert.ok(!processes().some((each) => each.pid === before?.pid), "the cancelled job's process is gone");
  await sandbox.close();
  assert.deepEqual(runProcesses(process.pid), []);
});

test("evaluator: a run process that dies: an abstention, and the next job runs", async () => {
  const sandbox = await createWasmSandbox({ workers: 1, cacheDirectory });
  const running = sandbox.run(task(ENDLESS, "", 3_600_000));
  const [child] = runProcesses(process.pid);
  assert.ok(child !== undefined);
  process.kill(child.pid, "SIGKILL");
  assert.equal((await running).verdict, "JE");
  assert.equal((await sandbox.run(task(ECHO, "fine"))).verdict, "AC");
  await sandbox.close();
});

test("evaluator: its parent is killed: every process ends", async () => {
  const parent = spawn(process.execPath, [new URL("./orphan-parent.ts", import.meta.url).pathname, cacheDirectory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(parent.stdout, "data");
  const children = childrenOf(parent.pid ?? 0);
  assert.ok(children.length > 0);
  parent.kill("SIGKILL");
  await until("all children are gone", () => {
    const alive = new Set(processes().map((each) => each.pid));
    return children.every((child) => !alive.has(child.pid));
  });
});

test("evaluator host: several clients: each gets its own result, and one that leaves loses only its own jobs", async () => {
  const socketPath = join(directory, "evaluator.sock");
  const host = await serveEvaluator(socketPath, { workers: 1, cacheDirectory });
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  await assert.rejects(serveEvaluator(socketPath, { workers: 1, cacheDirectory }), { code: "DIKAST_SANDBOX_SERVED" });
  const [one, two, leaving] = await Promise.all([1, 2, 3].map(() => connectEvaluator(socketPath)));
  assert.ok(one !== undefined && two !== undefined && leaving !== undefined);
  assert.deepEqual(one.profile, host.profile);
  const lost = assert.rejects(leaving.run(task(ENDLESS, "", 3_600_000)), { code: "DIKAST_SANDBOX_LOST" });
  const results = Promise.all([one.run(task(ECHO, "1")), two.run(task(ECHO, "2")), one.run(task(ECHO, "3"))]);
  await leaving.close();
  await lost;
  const outputs = (await results).map(({ stdout }) => new TextDecoder().decode(stdout));
  assert.deepEqual(outputs, ["1\n", "2\n", "3\n"]);
  const orphaned = one.run(task(ENDLESS, "", 3_600_000));
  await Promise.all([assert.rejects(orphaned, { code: "DIKAST_SANDBOX_LOST" }), host.close()]);
  await assert.rejects(connectEvaluator(socketPath), { code: "DIKAST_SANDBOX_UNREACHABLE" });
});

test("evaluator: the same program in different processes: the same cost and memory", async () => {
  const source =
    "const m = new Map(); for (let i = 0; i < 20000; i++) m.set(i * 7 % 1000, i / 3); console.log(m.size, Math.sqrt(2), 0 / 0)";
  const seen = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const sandbox = await createWasmSandbox({ workers: 1, cacheDirectory });
    for (let again = 0; again < 2; again++) {
      const { verdict, cost, memoryBytes, stdout } = await sandbox.run(task(source));
      seen.add(JSON.stringify([verdict, cost, memoryBytes, new TextDecoder().decode(stdout)]));
    }
    await sandbox.close();
  }
  assert.equal(seen.size, 1, [...seen].join("\n"));
});
