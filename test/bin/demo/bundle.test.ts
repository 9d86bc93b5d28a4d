import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { bundled } from "../../../bin/demo/bundle.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** A checkout of two files. */
function checkout(): string {
  const root = mkdtempSync(path.join(tmpdir(), "dikast-bundle-"));
  mkdirSync(path.join(root, "bin"));
  writeFileSync(path.join(root, "package-lock.json"), "{}");
  writeFileSync(path.join(root, "package.json"), '{"type":"module"}');
  writeFileSync(path.join(root, "bin", "other.ts"), "export const where: string = import.meta.url;\n");
  writeFileSync(path.join(root, "bin", "main.ts"), 'import { where } from "./other.ts";\nconsole.log(where);\n');
  symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
  return root;
}

function unexpected(error: unknown): void {
  throw error;
}

describe("demo: the bundle of a node", () => {
  const roots: string[] = [];
  after(() => {
    for (const root of roots) rmSync(root, { recursive: true, force: true });
  });

  test("sources: run as they do, and know where they came from", async () => {
    const root = checkout();
    roots.push(root);
    const [program = ""] = await bundled(root, [path.join(root, "bin", "main.ts")], unexpected);
    assert.match(program, /\.tools.bundle.[0-9a-f]{16}.main\.mjs$/);
    assert.match(execFileSync(process.execPath, [program], { encoding: "utf8" }), /^file:.*\/bin\/other\.ts\n$/);
  });

  test("several programs: a bundle each, in their order", async () => {
    const root = checkout();
    roots.push(root);
    const sources = ["main.ts", "other.ts"].map((name) => path.join(root, "bin", name));
    const programs = await bundled(root, sources, unexpected);
    assert.deepEqual(
      programs.map((program) => path.basename(program)),
      ["main.mjs", "other.mjs"],
    );
    assert.equal(execFileSync(process.execPath, [programs[1] ?? ""], { encoding: "utf8" }), "");
  });

  test("a source changes: another bundle; else the same", async () => {
    const root = checkout();
    roots.push(root);
    const main = path.join(root, "bin", "main.ts");
    const [first] = await bundled(root, [main], unexpected);
    assert.deepEqual(await bundled(root, [main], unexpected), [first]);
    writeFileSync(main, "console.log('new');\n");
    utimesSync(main, new Date(), new Date(Date.now() + 5_000));
    const [second = ""] = await bundled(root, [main], unexpected);
    assert.notEqual(second, first);
    assert.match(readFileSync(second, "utf8"), /new/);
  });

  test("a source that does not parse: told, and started as it is", async () => {
    const root = checkout();
    roots.push(root);
    const main = path.join(root, "bin", "main.ts");
    writeFileSync(main, "const = 1;\n");
    const told: unknown[] = [];
    assert.deepEqual(await bundled(root, [main], (error) => told.push(error)), [main]);
    assert.equal(told.length, 1);
  });

  test("the built package: nothing is bundled", async () => {
    assert.deepEqual(await bundled("/nowhere", ["/nowhere/bin/main.js"], unexpected), ["/nowhere/bin/main.js"]);
  });
});
