import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { KEY_END, openStore, StoreError } from "../../../src/node/store/index.ts";
import { storeCompliance } from "../../compliance/store.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { MemoryStore } from "../../support/memory-store.ts";

storeCompliance("in memory", async () => new MemoryStore());
storeCompliance("of Level", async (context) => openStore(path.join(await temporaryDirectory(context), "store")));

test("store of Level: closed and opened again: everything is still there", async (context) => {
  const directory = path.join(await temporaryDirectory(context), "store");
  const first = await openStore(directory);
  void first.write([{ key: "k", value: new Uint8Array([1, 2]) }]);
  await first.close();
  const second = await openStore(directory);
  assert.deepEqual(await second.read({ from: "", to: KEY_END }), [{ key: "k", value: new Uint8Array([1, 2]) }]);
  await second.close();
});

test("store of Level: opened twice: the second is refused with a code", async (context) => {
  const directory = path.join(await temporaryDirectory(context), "store");
  const first = await openStore(directory);
  await assert.rejects(
    openStore(directory),
    (error) => error instanceof StoreError && error.code === "DIKAST_STORE_LOCKED",
  );
  await first.close();
});
