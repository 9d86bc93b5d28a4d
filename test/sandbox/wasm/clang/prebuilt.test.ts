import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { hashOfFile } from "../../../../sandbox/wasm/clang/installation.ts";
import { packRuntime, prebuiltRuntime } from "../../../../sandbox/wasm/clang/prebuilt.ts";
import { hasPrebuiltRuntime } from "../../../../sandbox/wasm/clang/toolchain.ts";
import { DiskCache } from "../../../../sandbox/wasm/interpreter/disk-cache.ts";
import { temporaryDirectory } from "../../../support/directories.ts";

test("clang: shipped objects of the runtime: are those of this version (else run scripts/prebuild-runtime.ts)", async (t) => {
  assert.equal(hasPrebuiltRuntime(await temporaryDirectory(t)), true);
});

test("clang: shipped objects, another profile: none are used", () => {
  assert.equal(prebuiltRuntime("another").size, 0);
});

test("clang: packing: the same bytes for the same objects", () => {
  const objects = new Map([["a.o", Uint8Array.of(1, 2, 3)]]);
  assert.deepEqual(packRuntime("profile", objects), packRuntime("profile", objects));
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

test("clang: hash of a shipped file: remembered, and computed anew for another content of the same length", async (t) => {
  const directory = await temporaryDirectory(t);
  const file = path.join(directory, "shipped");
  const cache = new DiskCache(path.join(directory, "cache"));
  writeFileSync(file, "one");
  assert.equal(hashOfFile(file, cache), sha256("one"));
  assert.equal(hashOfFile(file, cache), sha256("one"));
  writeFileSync(file, "two");
  assert.equal(hashOfFile(file, cache), sha256("two"));
});
