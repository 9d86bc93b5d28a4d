/** The node's one database: LevelDB in the data directory; every write is synced, writes that come together share one sync. */
import { Level } from "level";
import type { StoredRecord, StoreWrite } from "../../model/index.ts";
import { type RecordRange, type Store, StoreError } from "./store.ts";

/** One batch; more waits for the next sync. */
const BATCH_BYTES_MAX = 16 * 1024 * 1024;

interface WaitingWrite {
  readonly writes: readonly StoreWrite[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class LevelStore implements Store {
  readonly #level: Level<string, Uint8Array>;
  #waiting: WaitingWrite[] = [];
  #flushing: Promise<void> | undefined;

  /** Use `openStore`. */
  constructor(level: Level<string, Uint8Array>) {
    this.#level = level;
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ writes, resolve, reject });
    this.#flushing ??= this.#flush();
    await promise;
  }

  async read(range: RecordRange): Promise<readonly StoredRecord[]> {
    // What was asked for before must be seen.
    await this.#flushing;
    const records: StoredRecord[] = [];
    let bytes = 0;
    try {
      const limit = range.countMax ?? -1;
      for await (const [key, value] of this.#level.iterator({ gte: range.from, lt: range.to, limit })) {
        records.push({ key, value: new Uint8Array(value) });
        bytes += value.length;
        if (range.bytesMax !== undefined && bytes >= range.bytesMax) break;
      }
    } catch (error) {
      throw new StoreError("DIKAST_STORE_READ", "the store cannot be read", { cause: error });
    }
    return records;
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#level.close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#level.batch(
          batch.flatMap(({ writes }) =>
            writes.map(({ key, value }) =>
              value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
            ),
          ),
          { sync: true },
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const failure = new StoreError("DIKAST_STORE_WRITE", "the store cannot be written to (is the disk full?)", {
          cause: error,
        });
        for (const { reject } of batch) reject(failure);
      }
    }
    this.#flushing = undefined;
  }

  #takeBatch(): readonly WaitingWrite[] {
    let bytes = 0;
    let count = 0;
    for (const { writes } of this.#waiting) {
      for (const { key, value } of writes) bytes += key.length + (value?.length ?? 0);
      if (count > 0 && bytes > BATCH_BYTES_MAX) break;
      count += 1;
    }
    const batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return batch;
  }
}

/** @throws StoreError `DIKAST_STORE_LOCKED` when another process has it open, `DIKAST_STORE_OPEN` otherwise. */
export async function openStore(directory: string): Promise<Store> {
  const level = new Level<string, Uint8Array>(directory, { keyEncoding: "utf8", valueEncoding: "view" });
  try {
    await level.open();
  } catch (error) {
    const locked = (error as { cause?: { code?: string } }).cause?.code === "LEVEL_LOCKED";
    if (locked)
      throw new StoreError("DIKAST_STORE_LOCKED", `another process has the store ${directory} open`, { cause: error });
    throw new StoreError("DIKAST_STORE_OPEN", `cannot open the store ${directory}`, { cause: error });
  }
  return new LevelStore(level);
}
