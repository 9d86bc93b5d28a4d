import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as fc from "fast-check";
import { DiskCache } from "../../../../sandbox/wasm/interpreter/disk-cache.ts";
import { slim } from "../../../../sandbox/wasm/interpreter/sections.ts";
import {
  decodeSnapshot,
  encodeSnapshot,
  restoreSnapshot,
  takeSnapshot,
} from "../../../../sandbox/wasm/interpreter/snapshot.ts";

const directory = mkdtempSync(join(tmpdir(), "dikast-cache-"));
after(() => rmSync(directory, { recursive: true, force: true }));

test("prepared runtimes: an entry: is made once and read later, also by another process's cache", () => {
  assert.deepEqual([...new DiskCache(directory).readOrMake("once", () => Uint8Array.of(1, 2, 3))], [1, 2, 3]);
  const again = new DiskCache(directory).readOrMake("once", () => assert.fail("made twice"));
  assert.deepEqual([...again], [1, 2, 3]);
});

test("prepared runtimes: a damaged entry: is made anew", () => {
  const cache = new DiskCache(directory);
  for (const damage of [
    (bytes: Buffer) => bytes.subarray(0, -1),
    (bytes: Buffer) => bytes.subarray(0, 10),
    (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)]),
    (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte))),
    () => Buffer.alloc(0),
  ]) {
    cache.write("key", new Uint8Array(100).fill(7));
    const path = join(directory, "key.bin");
    writeFileSync(path, damage(readFileSync(path)));
    assert.equal(cache.read("key"), undefined);
    assert.equal(cache.readOrMake("key", () => Uint8Array.of(9))[0], 9);
    assert.equal(cache.read("key")?.[0], 9);
  }
});

test("prepared runtimes: an entry under another's name: counts as absent", () => {
  const cache = new DiskCache(directory);
  cache.write("a", Uint8Array.of(1));
  writeFileSync(join(directory, "b.bin"), readFileSync(join(directory, "a.bin")));
  assert.equal(cache.read("b"), undefined);
});

test("prepared runtimes: a directory that cannot be written: costs time only", () => {
  const cache = new DiskCache("/dev/null/nowhere");
  assert.equal(cache.readOrMake("key", () => Uint8Array.of(5))[0], 5);
  assert.deepEqual(
    readdirSync(directory).filter((name) => !name.endsWith(".bin")),
    [],
  );
});

test("prepared runtimes: many versions of one kind: the newest four stay, other kinds are not touched", () => {
  const cache = new DiskCache(join(directory, "versions"));
  cache.write("other-1", Uint8Array.of(1));
  for (let version = 0; version < 7; version += 1) {
    cache.write(`kind-${version}`, Uint8Array.of(version));
    utimesSync(join(directory, "versions", `kind-${version}.bin`), version + 1, version + 1);
  }
  cache.write("kind-7", Uint8Array.of(7));
  assert.deepEqual(readdirSync(join(directory, "versions")).sort(), [
    "kind-4.bin",
    "kind-5.bin",
    "kind-6.bin",
    "kind-7.bin",
    "other-1.bin",
  ]);
});

test("snapshot: any memory: comes back byte for byte, and only its used pages are kept", () => {
  const patch = fc.record({ at: fc.nat(8 * 65_536 - 1), byte: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(fc.array(patch, { maxLength: 20 }), (patches) => {
      const memory = new Uint8Array(8 * 65_536);
      for (const { at, byte } of patches) memory[at] = byte;
      const encoded = encodeSnapshot(takeSnapshot(memory, { pointer: 12 }));
      const decoded = decodeSnapshot(encoded);
      const restored = new Uint8Array(decoded.memoryBytes);
      restoreSnapshot(restored, decoded);
      assert.deepEqual(restored, memory);
      assert.equal(decoded.state["pointer"], 12);
      assert.ok(encoded.length < 2_000 + patches.length * 4_096);
    }),
    { seed: 20_261_121 },
  );
});

test("slimming: exports and data that are not wanted: are gone, the module stays valid", () => {
  // (module (memory (export "memory") 1) (func (export "f") (result i32) i32.const 7) (data (i32.const 0) "x"))
  const module = Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 14, 2, 6, 0x6d, 0x65,
    0x6d, 0x6f, 0x72, 0x79, 2, 0, 1, 0x66, 0, 0, 10, 6, 1, 4, 0, 0x41, 7, 0x0b, 11, 7, 1, 0, 0x41, 0, 0x0b, 1, 0x78,
  ]);
  const slimmed = new WebAssembly.Module(slim(module, { keepExport: (name) => name === "memory", dropData: true }));
  const { exports } = new WebAssembly.Instance(slimmed);
  assert.deepEqual(Object.keys(exports), ["memory"]);
  assert.equal(new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer)[0], 0);
  assert.throws(() => slim(module.subarray(0, 30), { keepExport: () => true, dropData: false }), RangeError);
});
