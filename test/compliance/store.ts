/** What every `Store` must do; run on Level and on the one in memory. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as fc from "fast-check";
import type { StoreWrite } from "../../src/model/index.ts";
import { KEY_END, section, type Store } from "../../src/node/store/index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function storeCompliance(name: string, make: (context: TestContext) => Promise<Store>): void {
  test(`store ${name}: ranges: from is inclusive, to exclusive, keys in bytewise order`, async (context) => {
    const store = await make(context);
    await store.write(["b", "a/2", "a/10", "a/1", "c"].map((key) => ({ key, value: bytes(key) })));
    const keys = async (from: string, to: string): Promise<string[]> =>
      (await store.read({ from, to })).map(({ key }) => key);
    assert.deepEqual(await keys("", KEY_END), ["a/1", "a/10", "a/2", "b", "c"]);
    assert.deepEqual(await keys("a/10", "b"), ["a/10", "a/2"]);
    assert.deepEqual(await keys("x", "y"), []);
    await store.close();
  });

  test(`store ${name}: bounds: at most so many records, and at least one however large`, async (context) => {
    const store = await make(context);
    await store.write([1, 2, 3].map((n) => ({ key: `${n}`, value: new Uint8Array(100) })));
    assert.equal((await store.read({ from: "", to: KEY_END, countMax: 2 })).length, 2);
    assert.equal((await store.read({ from: "", to: KEY_END, bytesMax: 1 })).length, 1);
    assert.equal((await store.read({ from: "", to: KEY_END, bytesMax: 150 })).length, 2);
    await store.close();
  });

  test(`store ${name}: a read after writes that were not awaited: sees them`, async (context) => {
    const store = await make(context);
    const writes = [...Array(20).keys()].map((n) => store.write([{ key: `${n % 3}`, value: bytes(`${n}`) }]));
    const records = await store.read({ from: "", to: KEY_END });
    assert.deepEqual(
      records.map(({ value }) => new TextDecoder().decode(value)),
      ["18", "19", "17"],
    );
    await Promise.all(writes);
    await store.close();
  });

  test(`store ${name}: a section: sees and deletes its own keys only`, async (context) => {
    const store = await make(context);
    const [left, right] = [section(store, "left/"), section(store, "right/")];
    await left.write([{ key: "k", value: bytes("l") }]);
    await right.write([{ key: "k", value: bytes("r") }]);
    await right.write([{ key: "k", value: undefined }]);
    assert.deepEqual(
      (await left.read({ from: "", to: KEY_END })).map(({ key }) => key),
      ["k"],
    );
    assert.deepEqual(await right.read({ from: "", to: KEY_END }), []);
    await store.close();
  });

  test(`store ${name}: any sequence of writes: like a map`, async (context) => {
    const store = await make(context);
    const write = fc.record({
      key: fc.stringMatching(/^[a-c]{1,2}$/),
      value: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(write, { maxLength: 5 }), { maxLength: 6 }), async (batches) => {
        const before = await store.read({ from: "", to: KEY_END });
        await store.write(before.map(({ key }): StoreWrite => ({ key, value: undefined })));
        const model = new Map<string, Uint8Array>();
        for (const batch of batches) {
          await store.write(batch);
          for (const { key, value } of batch) {
            if (value === undefined) model.delete(key);
            else model.set(key, value);
          }
        }
        const found = (await store.read({ from: "", to: KEY_END })).map(({ key, value }) => [key, [...value]]);
        assert.deepEqual(
          found,
          [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, [...value]]),
        );
      }),
      { numRuns: 30 },
    );
    await store.close();
  });
}
