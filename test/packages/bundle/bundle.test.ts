import assert from "node:assert/strict";
import { readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { codec, concat, sha256 } from "../../../src/model/index.ts";
import {
  packBundle,
  planBundle,
  planPackageBundle,
  readBundle,
  unpackBundle,
} from "../../../src/packages/bundle/index.ts";
import { pathFault, PathSet } from "../../../src/packages/paths.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { collect, inPieces } from "../../support/streams.ts";
import { PACKAGE, readTree, type Tree, writeTree } from "../../support/trees.ts";

/** A bundle of whatever index, to see what a reader says to one that our writer would refuse. */
function forged(files: readonly { path: string; size: number; sha256: Uint8Array }[], content: Uint8Array): Uint8Array {
  const file = codec.struct({ path: codec.text(10_000), size: codec.integer(0, 2 ** 50), sha256: codec.bytes(100) });
  const loose = codec.struct({ version: codec.integer(0, 100), files: codec.list(file, 1e6) });
  const index = codec.encode(loose, { version: 1, files });
  const head = new Uint8Array(12);
  head.set([0x44, 0x4b, 0x42, 0x55, 0x4e, 0x44, 0x4c, 1]);
  new DataView(head.buffer).setUint32(8, index.length);
  return concat(head, index, content);
}

test("bundle: a package: what contestants and judges need, nothing else", async (t) => {
  const directory = await temporaryDirectory(t);
  const plan = await planPackageBundle(await writeTree(path.join(directory, "hello"), PACKAGE));
  await unpackBundle(packBundle(plan), path.join(directory, "out"));
  const kept = ["data/sample/1.ans", "data/sample/1.in", "data/secret/1.ans", "data/secret/1.in", "problem.yaml"];
  assert.deepEqual(Object.keys(await readTree(path.join(directory, "out"))).sort(), [
    ...kept,
    "statement/problem.en.tex",
  ]);
});

test("bundle: any folder in pieces of any size: comes out equal, and packs to the same bytes wherever it lies", async (t) => {
  const directory = await temporaryDirectory(t);
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/).filter((text) => pathFault(text) === undefined);
  const trees = fc
    .uniqueArray(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.uint8Array({ maxLength: 300 })), {
      maxLength: 8,
    })
    .map((entries) => {
      const taken = new PathSet();
      return entries
        .map(([names, content]) => ({ file: names.join("/"), content }))
        .filter(({ file }) => taken.add(file) === undefined);
    });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(trees, fc.integer({ min: 1, max: 400 }), async (files, length) => {
      run += 1;
      const tree: Tree = Object.fromEntries(files.map(({ file, content }) => [file, content]));
      const [a, b] = [path.join(directory, `a${run}`), path.join(directory, `b${run}`)];
      await writeTree(a, tree);
      const packed = await collect(packBundle(await planBundle(a, Object.keys(tree))));
      await unpackBundle(inPieces(packed, length), b);
      assert.deepEqual(await readTree(b), await readTree(a));
      const again = await collect(packBundle(await planBundle(b, Object.keys(tree).reverse())));
      assert.deepEqual(again, packed);
    }),
    { numRuns: 60 },
  );
});

test("bundle: any byte altered, or cut anywhere: refused, and nothing is left", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeTree(path.join(directory, "p"), { "a.txt": "first", "b/c.txt": "second" });
  const packed = await collect(packBundle(await planBundle(path.join(directory, "p"), ["a.txt", "b/c.txt"])));
  const target = path.join(directory, "out");
  for (let at = 0; at < packed.length; at += 1) {
    const altered = packed.slice();
    altered[at] = (altered[at] ?? 0) ^ 0x10;
    // A changed letter of a name is another valid bundle: what names the bundle (its hash) tells.
    const outcome = await readBundle(inPieces(altered, 50), 1000).then(
      (files) => [...files.keys()].join(),
      (error: { code: string }) => error.code,
    );
    assert.notEqual(outcome, "a.txt,b/c.txt", `byte ${at}`);
    await assert.rejects(
      unpackBundle(inPieces(packed.subarray(0, at), 50), target),
      { name: "BundleError" },
      `cut at ${at}`,
    );
  }
  await assert.rejects(unpackBundle(inPieces(concat(packed, new Uint8Array(1)), 50), target), {
    code: "DIKAST_BUNDLE_BAD_FORMAT",
  });
  assert.deepEqual(await readdir(directory), ["p"]);
});

test("bundle: hostile indexes: each refused before a file is written", async (t) => {
  const directory = await temporaryDirectory(t);
  const empty = { size: 0, sha256: sha256(new Uint8Array()) };
  const names: readonly (readonly string[])[] = [
    ["../evil"],
    ["a/../../evil"],
    ["/etc/passwd"],
    ["C:/evil"],
    ["a\\..\\evil"],
    ["a//b"],
    ["./a"],
    ["a/."],
    [""],
    ["a/"],
    ["a\0b"],
    ["a\u202egnp.exe"],
    ["cafe\u0301"],
    ["con"],
    ["nul.txt"],
    ["dot."],
    ["a\nb"],
    ["x".repeat(300)],
    [`${"a/".repeat(20)}b`],
    ["b", "a"],
    ["a", "a"],
    ["A", "a"],
    ["a", "a/b"],
    ["a/B", "a/b"],
    ["D/x", "d/y"],
  ];
  for (const list of names) {
    const bundle = forged(
      list.map((name) => ({ path: name, ...empty })),
      new Uint8Array(),
    );
    await assert.rejects(
      unpackBundle(inPieces(bundle, 1000), path.join(directory, "out")),
      { name: "BundleError" },
      list.join(),
    );
  }
  const huge = forged(
    Array.from({ length: 20 }, (_, at) => ({ path: `f${at + 10}`, size: 500 * 1024 * 1024, sha256: empty.sha256 })),
    new Uint8Array(),
  );
  await assert.rejects(unpackBundle(inPieces(huge, 1000), path.join(directory, "out")), /more than the/);
  const endless = new Uint8Array(12);
  endless.set([0x44, 0x4b, 0x42, 0x55, 0x4e, 0x44, 0x4c, 1, 0xff, 0xff, 0xff, 0xff]);
  await assert.rejects(unpackBundle(inPieces(endless, 1000), path.join(directory, "out")), {
    code: "DIKAST_BUNDLE_TOO_LARGE",
  });
  assert.deepEqual(await readdir(directory), []);
});

test("bundle: a target that exists, a file that changes while it is packed, a link that leads out: refused", async (t) => {
  const directory = await temporaryDirectory(t);
  const source = await writeTree(path.join(directory, "p"), PACKAGE);
  const plan = await planPackageBundle(source);
  await assert.rejects(unpackBundle(packBundle(plan), source), { code: "DIKAST_BUNDLE_TARGET_EXISTS" });
  await writeFile(path.join(source, "data/secret/1.in"), "y\n");
  await assert.rejects(collect(packBundle(plan)), { code: "DIKAST_BUNDLE_CHANGED" });
  await symlink("/etc/hostname", path.join(source, "data/secret/2.in"));
  await assert.rejects(planPackageBundle(source), { code: "DIKAST_PACKAGE_LINK_ESCAPES" });
});

test("bundle: files that are made: stand beside those that are read, or in their place", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeTree(directory, { a: "old", b: "kept" });
  const plan = await planBundle(directory, ["a", "b"], { a: Buffer.from("new"), c: Buffer.from("more") });
  const files = await readBundle(packBundle(plan), 100);
  assert.deepEqual(
    [...files].map(([name, content]) => [name, Buffer.from(content).toString()]),
    [
      ["a", "new"],
      ["b", "kept"],
      ["c", "more"],
    ],
  );
  await assert.rejects(readBundle(packBundle(plan), 10), { code: "DIKAST_BUNDLE_TOO_LARGE" });
});
