import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { FairQueue } from "../../../../sandbox/wasm/evaluator/fair-queue.ts";

test("fair queue: one client with much work: the others are served in turn", () => {
  const queue = new FairQueue<string>(10);
  for (const item of ["a1", "a2", "a3"]) queue.push("a", item);
  queue.push("b", "b1");
  queue.push("c", "c1");
  const order = Array.from({ length: 6 }, () => queue.shift());
  assert.deepEqual(order, ["a1", "b1", "c1", "a2", "a3", undefined]);
});

test("fair queue: a client beyond its bound: refused, the others not", () => {
  const queue = new FairQueue<number>(2);
  assert.deepEqual(
    [1, 2, 3].map((item) => queue.push("a", item)),
    [true, true, false],
  );
  assert.ok(queue.push("b", 4));
});

test("fair queue: any sequence: everything comes out once, each client's in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 })), (clients) => {
      const queue = new FairQueue<{ client: number; serial: number }>(1000);
      clients.forEach((client, serial) => queue.push(String(client), { client, serial }));
      const removed = new Set(queue.remove(({ serial }) => serial % 5 === 0).map(({ serial }) => serial));
      const last = new Map<number, number>();
      let count = 0;
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        assert.ok((last.get(item.client) ?? -1) < item.serial);
        assert.ok(!removed.has(item.serial));
        last.set(item.client, item.serial);
        count++;
      }
      assert.equal(count + removed.size, clients.length);
    }),
  );
});
