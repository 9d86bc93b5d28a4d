/**
 * What a node keeps: one Level database per data directory, and the lock that keeps a second process out.
 *
 * ```ts
 * const lock = await lockDirectory(directory);
 * const store = await openStore(path.join(directory, "store"));
 * await store.write([{ key: "a/1", value }]); // durable now
 * ```
 */
export { openStore } from "./level-store.ts";
export { holderOf, type Lock, LockError, lockDirectory } from "./lock.ts";
export { KEY_END, type RecordRange, section, type Store, StoreError } from "./store.ts";
