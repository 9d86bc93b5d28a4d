/** A store in memory; passes the same compliance suite as Level. */
import type { StoredRecord, StoreWrite } from "../../src/model/index.ts";
import type { RecordRange, Store } from "../../src/node/store/index.ts";

export class MemoryStore implements Store {
  readonly records = new Map<string, Uint8Array>();
  /** Every batch in the order in which it became durable. */
  readonly batches: (readonly StoreWrite[])[] = [];

  async write(writes: readonly StoreWrite[]): Promise<void> {
    this.batches.push(writes);
    for (const { key, value } of writes) {
      if (value === undefined) this.records.delete(key);
      else this.records.set(key, value);
    }
  }

  async read({
    from,
    to,
    countMax = Number.POSITIVE_INFINITY,
    bytesMax,
  }: RecordRange): Promise<readonly StoredRecord[]> {
    const keys = [...this.records.keys()].filter((key) => key >= from && key < to).sort();
    const found: StoredRecord[] = [];
    let bytes = 0;
    for (const key of keys) {
      if (found.length >= countMax) break;
      const value = this.records.get(key) as Uint8Array;
      found.push({ key, value });
      bytes += value.length;
      if (bytesMax !== undefined && bytes >= bytesMax) break;
    }
    return found;
  }

  async close(): Promise<void> {}
}
