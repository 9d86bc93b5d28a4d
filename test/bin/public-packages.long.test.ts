/** `dikast verify` on packages with the features of public judges' packages. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeTree } from "../support/trees.ts";
import { PUBLIC_PACKAGES } from "./public-packages.ts";

/** Of the languages that the embedded sandbox lacks, and where nothing says what must come out. */
const SKIPPED: Readonly<Record<string, number>> = { boolfind: 2, rules: 1 };

for (const [name, files] of Object.entries(PUBLIC_PACKAGES)) {
  test(`verify, public features: ${name}: every submission as its place says`, async () => {
    const parent = await mkdtemp(join(tmpdir(), "dikast-public-"));
    try {
      await writeTree(join(parent, name), files);
      const main = join(import.meta.dirname, "../../bin/main.ts");
      const { stdout, stderr, status } = spawnSync(process.execPath, [main, "verify", join(parent, name), "--json"], {
        encoding: "utf8",
        timeout: 600_000,
      });
      const lines = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      const judged = lines.filter(({ type }) => type === "submission");
      const odd = judged.filter(({ asExpected, skipped }) => asExpected !== true && skipped === undefined);
      assert.deepEqual(
        odd.map(({ path, verdict, detail }) => [path, verdict, detail].map(String).join(" ")),
        [],
        stderr,
      );
      assert.equal(judged.filter(({ skipped }) => skipped !== undefined).length, SKIPPED[name] ?? 0);
      assert.deepEqual([status, lines.at(-1)?.["type"], lines.at(-1)?.["unexpected"]], [0, "summary", 0]);
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });
}
