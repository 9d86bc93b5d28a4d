import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { openLog } from "../../../src/node/runtime/index.ts";
import { LogFile } from "../../../src/node/runtime/log-file.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { eventually } from "../../support/eventually.ts";

test("log: lines come into the file in their order, also those of the last moment", async (t) => {
  const directory = await temporaryDirectory(t);
  const log = openLog(directory, "info", { node: "x" });
  const { logger } = log;
  for (let line = 0; line < 50; line += 1) logger.info({ line }, "said");
  log.flush();
  const file = path.join(directory, "log", "dikast.log");
  const lines = async (): Promise<readonly number[]> =>
    (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((text) => (JSON.parse(text) as { line: number }).line);
  await eventually("all are there", async () => (await lines()).length === 50);
  assert.deepEqual(
    (await lines()).toSorted((a, b) => a - b),
    [...Array(50).keys()],
  );
});

test("log: a full disk: nothing is thrown, nothing waits", { skip: process.platform !== "linux" }, async () => {
  // Every write to it fails with ENOSPC.
  const sink = new LogFile("/dev/full");
  for (let line = 0; line < 100; line += 1) sink.write("x".repeat(1_000));
  sink.flushSync();
  await new Promise((resolve) => setImmediate(resolve));
  sink.write("again\n");
  sink.flushSync();
});
