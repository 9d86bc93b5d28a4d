import assert from "node:assert/strict";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { BundleFiles } from "../../src/node/bundles/index.ts";
import { loadKeys, openSealed } from "../../src/node/packing/index.ts";
import { createReadStream } from "node:fs";
import { unpackBundle } from "../../src/packages/bundle/index.ts";
import type { Hash } from "../../src/model/index.ts";
import { dikast } from "../support/dikast.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { readTree } from "../support/trees.ts";
import { zipOf } from "../support/zips.ts";

test("contest: new, check, pack: packed twice with the same keys gives the same bytes", async (t) => {
  const directory = await temporaryDirectory(t);
  const at = { cwd: directory };
  const created = await dikast(["contest", "new", "spring", "--json"], at);
  assert.deepEqual([created.exitCode, created.json[0]?.["type"]], [0, "contest-created"], created.stderr);
  const checked = await dikast(["contest", "check", "spring", "--json"], at);
  assert.deepEqual(
    [checked.exitCode, checked.json],
    [0, [{ type: "summary", contest: "spring", problems: 1, errors: 0, warnings: 0 }]],
  );

  const first = await dikast(["contest", "pack", "spring", "--out", "a", "--json"], at);
  assert.equal(first.exitCode, 0, first.stderr);
  const keyFile = path.join(directory, "a.keys.json");
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  await dikast(["contest", "pack", "spring", "--out", "b", "--keys", "a.keys.json"], at);
  assert.deepEqual(await readTree(path.join(directory, "b")), await readTree(path.join(directory, "a")));
  await dikast(["contest", "pack", "spring", "--out", "c.dikast", "--keys", "a.keys.json"], at);
  await unpackBundle(createReadStream(path.join(directory, "c.dikast")), path.join(directory, "c"));
  assert.deepEqual(await readTree(path.join(directory, "c")), await readTree(path.join(directory, "a")));
  await dikast(["contest", "pack", "spring", "--out", "d"], at);
  assert.notDeepEqual(await readTree(path.join(directory, "d")), await readTree(path.join(directory, "a")));

  const { problems } = JSON.parse(await readFile(path.join(directory, "a/contest.json"), "utf8")) as {
    problems: readonly { id: string; sealedBundle: Hash; package: Hash }[];
  };
  const [sum] = problems;
  const key = (await loadKeys(keyFile))?.get("sum") ?? new Uint8Array();
  const files = new BundleFiles(path.join(directory, "a/bundles"));
  await openSealed(files.chunks(sum?.sealedBundle as Hash), key, path.join(directory, "open"), sum?.package);
  const opened = await readTree(path.join(directory, "open"));
  assert.equal(opened["data/sample/1.ans"], "750\n");
  assert.deepEqual(
    Object.keys(opened).filter((file) => file.startsWith("submissions")),
    [],
  );
});

test("contest: check: errors give exit code 1, each with its place; an archive is checked like its folder", async (t) => {
  const directory = await temporaryDirectory(t);
  const at = { cwd: directory };
  await dikast(["contest", "new", "spring"], at);
  await rm(path.join(directory, "spring/sum/statement/problem.en.md"));
  const broken = await dikast(["contest", "check", "spring"], at);
  assert.equal(broken.exitCode, 1);
  assert.match(broken.stdout, /^sum\/statement: error: .*\[statement-missing\]$/m);
  const refused = await dikast(["contest", "pack", "spring", "--out", "a", "--json"], at);
  assert.deepEqual([refused.exitCode, refused.json[0]?.["code"]], [1, "DIKAST_CONTEST_INVALID"]);
  assert.deepEqual(await readdir(directory), ["spring"]);

  const tree = await readTree(path.join(directory, "spring"));
  await writeFile(
    path.join(directory, "s.zip"),
    zipOf(Object.entries(tree).map(([name, content]) => ({ name: `s/${name}`, content }))),
  );
  assert.match((await dikast(["contest", "check", "s.zip"], at)).stdout, /\[statement-missing\]/);
  await writeFile(path.join(directory, "evil.zip"), zipOf([{ name: "../evil" }]));
  const evil = await dikast(["contest", "check", "evil.zip", "--json"], at);
  assert.deepEqual([evil.exitCode, evil.json[0]?.["code"]], [1, "DIKAST_ZIP_BAD_NAME"]);
});

test("contest: check, import, verify: what is no archive, or half of one: one sentence that names it and the way out", async (t) => {
  const directory = await temporaryDirectory(t);
  const at = { cwd: directory };
  const whole = zipOf([{ name: "a/problem.yaml", content: "name: A\n".repeat(500) }]);
  const files = {
    "page.zip": [Buffer.from("<html>"), /page\.zip"? is neither a folder nor a zip archive/],
    "empty.zip": [Buffer.alloc(0), /empty\.zip"? is neither a folder nor a zip archive/],
    "cut.zip": [whole.subarray(0, -30), /cut\.zip is no zip archive, or was cut off; get the file again/],
  } as const;
  for (const [name, [bytes, says]] of Object.entries(files)) {
    await writeFile(path.join(directory, name), bytes);
    for (const command of [
      ["contest", "check", name],
      ["contest", "import", name, "."],
      ["verify", name],
    ]) {
      const { exitCode, stderr } = await dikast(command, at);
      assert.deepEqual([exitCode, stderr.trim().split("\n").length], [1, 1], `${command.join(" ")}: ${stderr}`);
      assert.match(stderr, says, command.join(" "));
    }
  }
  await writeFile(path.join(directory, "link.zip"), zipOf([{ name: "../evil" }]));
  assert.match((await dikast(["contest", "check", "link.zip"], at)).stderr, /^dikast: link\.zip: .*\.\.\/evil/);
  assert.deepEqual((await readdir(directory)).toSorted(), ["cut.zip", "empty.zip", "link.zip", "page.zip"]);
});

test("contest: pack: an output that exists, keys inside of it, a damaged key file: one sentence, nothing touched", async (t) => {
  const directory = await temporaryDirectory(t);
  const at = { cwd: directory };
  await dikast(["contest", "new", "spring"], at);
  const cases = [
    ["spring", "k.json", "DIKAST_CONTEST_OUTPUT_EXISTS"],
    ["a", "a/k.json", "DIKAST_CONTEST_KEYS_INSIDE"],
    ["a", "spring/contest.yaml", "DIKAST_BUNDLE_KEYS_DAMAGED"],
  ];
  for (const [out = "", keys = "", code = ""] of cases) {
    const outcome = await dikast(["contest", "pack", "spring", "--out", out, "--keys", keys, "--json"], at);
    assert.deepEqual([outcome.exitCode, outcome.json[0]?.["code"]], [1, code]);
  }
  assert.deepEqual(await readdir(directory), ["spring"]);
});
