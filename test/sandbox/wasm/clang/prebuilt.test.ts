import assert from "node:assert/strict";
import { test } from "node:test";
import { packRuntime, prebuiltRuntime } from "../../../../sandbox/wasm/clang/prebuilt.ts";
import { hasPrebuiltRuntime } from "../../../../sandbox/wasm/clang/toolchain.ts";

test("clang: shipped objects of the runtime: are those of this version (else run scripts/prebuild-runtime.ts)", () => {
  assert.equal(hasPrebuiltRuntime(), true);
});

test("clang: shipped objects, another profile: none are used", () => {
  assert.equal(prebuiltRuntime("another").size, 0);
});

test("clang: packing: the same bytes for the same objects", () => {
  const objects = new Map([["a.o", Uint8Array.of(1, 2, 3)]]);
  assert.deepEqual(packRuntime("profile", objects), packRuntime("profile", objects));
});
