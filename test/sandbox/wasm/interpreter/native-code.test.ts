import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { DiskCache } from "../../../../sandbox/wasm/interpreter/disk-cache.ts";
import { LearningModule } from "../../../../sandbox/wasm/interpreter/native-code.ts";

/** `(func (export "answer") (result i32) (i32.const 42))` */
const WIRE = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 10, 1, 6, 0x61, 0x6e, 0x73, 0x77, 0x65,
  0x72, 0, 0, 10, 6, 1, 4, 0, 0x41, 42, 0x0b,
]);

function bench(t: TestContext) {
  const directory = mkdtempSync(path.join(tmpdir(), "dikast-native-code-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const open = (wireHash = "answer") => {
    const learning = { cache: new DiskCache(directory), kind: "answer-code", wireHash, keptAfter: new Set([2, 4]) };
    const code = new LearningModule(WIRE, learning);
    const use = (): number => {
      const instance = new WebAssembly.Instance(code.module);
      code.learn(instance);
      return (instance.exports["answer"] as () => number)();
    };
    return { code, use };
  };
  return { open, entries: () => readdirSync(directory).map((name) => path.join(directory, name)) };
}

test("machine code: used often enough: later processes start with it and go on counting", (t) => {
  const { open, entries } = bench(t);
  const first = open();
  first.use();
  assert.deepEqual(entries(), []);
  first.use();
  assert.equal(entries().length, 1);
  const second = open();
  assert.equal(second.code.uses, 2);
  assert.equal(second.use(), 42);
  second.use();
  assert.equal(open().code.uses, 4);
});

test("machine code: of another module, or damaged: compiled anew", (t) => {
  const { open, entries } = bench(t);
  const first = open();
  first.use();
  first.use();
  assert.equal(open("question").code.uses, 0);
  const [entry = ""] = entries();
  const bytes = readFileSync(entry);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(entry, bytes);
  const again = open();
  assert.equal(again.code.uses, 0);
  assert.equal(again.use(), 42);
});

test("machine code: warming up: as often as nothing is known, else once", (t) => {
  const { open } = bench(t);
  const runs = (): number => {
    const { code, use } = open();
    let count = 0;
    code.warm(4, () => {
      use();
      count++;
    });
    return count;
  };
  assert.equal(runs(), 4);
  assert.equal(runs(), 1);
});
