import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { holderOf, LockError, lockDirectory } from "../../../src/node/store/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";

const HOLDER = `
  import { lockDirectory } from ${JSON.stringify(new URL("../../../src/node/store/index.ts", import.meta.url).href)};
  await lockDirectory(process.argv[1]);
  process.send("locked");
  setInterval(() => {}, 1000);
`;

async function holderProcess(directory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", HOLDER, directory], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  return child;
}

test("lock: held by a living process: refused, the process is named", async (context) => {
  const directory = await temporaryDirectory(context);
  const child = await holderProcess(directory);
  await assert.rejects(lockDirectory(directory), (error) => {
    assert.ok(error instanceof LockError);
    assert.equal(error.pid, child.pid);
    assert.match(error.message, new RegExp(`process ${child.pid} since \\d{4}-`));
    return true;
  });
  assert.equal(await holderOf(directory), child.pid);
  child.kill("SIGKILL");
  await once(child, "exit");
});

test("lock: its holder was killed: heals itself", async (context) => {
  const directory = await temporaryDirectory(context);
  const child = await holderProcess(directory);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(await holderOf(directory), undefined);
  const lock = await lockDirectory(directory);
  assert.equal(await holderOf(directory), process.pid);
  await lock.release();
  await assert.rejects(readFile(path.join(directory, "lock")));
});

test("lock: the dead holder's process id was given to another process: heals itself", async (context) => {
  const directory = await temporaryDirectory(context);
  const first = await lockDirectory(directory);
  const holder = JSON.parse(await readFile(path.join(directory, "lock"), "utf8"));
  await first.release();
  await writeFile(path.join(directory, "lock"), JSON.stringify({ ...holder, started: "1" }));
  await (await lockDirectory(directory)).release();
});

test("lock: an unreadable lock file: heals itself", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeFile(path.join(directory, "lock"), "{");
  await (await lockDirectory(directory)).release();
});

test("lock: many at once after a death: exactly one gets it", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeFile(
    path.join(directory, "lock"),
    JSON.stringify({ pid: 2 ** 22 + 1, since: "2020-01-01", started: "1", boot: "" }),
  );
  const results = await Promise.allSettled([...Array(8)].map(() => lockDirectory(directory)));
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
});
