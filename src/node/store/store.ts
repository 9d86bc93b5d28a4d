/** What the driver asks of a store. The real one is Level; tests use one in memory (`test/compliance/store.ts`). */
import type { StoredRecord, StoreWrite } from "../../model/index.ts";

export interface RecordRange {
  /** First key, inclusive. */
  readonly from: string;
  /** End, exclusive. */
  readonly to: string;
  readonly countMax?: number;
  /** Stops after the record with which this is reached. */
  readonly bytesMax?: number;
}

export interface Store {
  /** All or nothing, in order, durable when the promise resolves; later writes of one key win. @throws StoreError */
  write(writes: readonly StoreWrite[]): Promise<void>;
  /** In key order (bytewise); sees every write that was asked for before. @throws StoreError */
  read(range: RecordRange): Promise<readonly StoredRecord[]>;
  /** Waits for what was asked for; idempotent. */
  close(): Promise<void>;
}

/** The store cannot work: full disk, damaged files, another process. `code` is stable. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: string;
  constructor(code: `DIKAST_STORE_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** After every key that begins with an ASCII prefix. */
export const KEY_END = "\u007f";

/** Part of a store: keys get `prefix` in front, invisibly. Closing it does not close the whole. */
export function section(store: Store, prefix: string): Store {
  return {
    write: (writes) => store.write(writes.map(({ key, value }) => ({ key: prefix + key, value }))),
    read: async ({ from, to, ...bounds }) => {
      const records = await store.read({ from: prefix + from, to: prefix + to, ...bounds });
      return records.map(({ key, value }) => ({ key: key.slice(prefix.length), value }));
    },
    close: async () => {},
  };
}
