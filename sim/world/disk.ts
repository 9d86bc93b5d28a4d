/** A node's disk: what was synced survives a crash, what was on its way survives as a random prefix. */
import type { StoredRecord, StoreWrite } from "../../src/model/index.ts";
import type { RandomStream } from "../engine/random.ts";

export interface DiskOptions {
  /** Microseconds until a write is durable; 0 is immediate. A laptop's SSD syncs in 200–2,000, a bad disk in 50,000. */
  readonly syncMicros: number;
  /** One write in so many takes `stallMicros`; 0 never. */
  readonly stallEvery: number;
  readonly stallMicros: number;
}

export const INSTANT_DISK: DiskOptions = { syncMicros: 0, stallEvery: 0, stallMicros: 0 };

export class VirtualDisk {
  readonly options: DiskOptions;
  readonly #random: RandomStream;
  readonly #records = new Map<string, Uint8Array>();
  /** Keys by folder, so that what is appended to a long one moves nothing behind it; made when first needed, then kept up. */
  #sorted: Map<string, string[]> | undefined;
  /** Handed over, not yet durable, in order; one element is one atomic write. */
  #pending: (readonly StoreWrite[])[] = [];
  /** Added to every write while a fault lasts. */
  slowdownMicros = 0;
  /** How many atomic writes became durable. */
  syncs = 0;

  constructor(options: DiskOptions, random: RandomStream) {
    this.options = options;
    this.#random = random;
  }

  /** How long the next write takes, in microseconds. */
  drawSyncMicros(): number {
    const { syncMicros, stallEvery, stallMicros } = this.options;
    const slowdown = this.slowdownMicros;
    if (syncMicros === 0) return slowdown;
    if (stallEvery > 0 && this.#random.integer(stallEvery) === 0) return slowdown + stallMicros;
    return slowdown + Math.max(1, Math.round(syncMicros * (0.5 + this.#random.exponential() / 2)));
  }

  write(writes: readonly StoreWrite[]): void {
    this.#pending.push(writes);
  }

  /** The oldest `count` pending writes are durable now. */
  sync(count: number): void {
    for (const writes of this.#pending.splice(0, count)) this.#apply(writes);
  }

  /** Power is gone: a random prefix of what was on its way had reached the platter. Returns how many writes were lost. */
  crash(): number {
    const kept = this.#pending.length === 0 ? 0 : this.#random.integer(this.#pending.length + 1);
    const lost = this.#pending.length - kept;
    for (const writes of this.#pending.slice(0, kept)) this.#apply(writes);
    this.#pending = [];
    return lost;
  }

  /** Everything is gone. */
  wipe(): void {
    this.#pending = [];
    this.#records.clear();
    this.#sorted = undefined;
  }

  /** What a restarting node reads, in order of keys. Bytes are never changed once made, so that nothing is copied. */
  read(): (readonly [string, Uint8Array])[] {
    return [...this.#records.keys()].sort().map((key) => [key, this.#records.get(key) as Uint8Array] as const);
  }

  /** Records with from ≤ key < to, at most `countMax` and about `bytesMax` bytes, at least one if there is any. */
  range(from: string, to: string, countMax: number, bytesMax: number): StoredRecord[] {
    const keys: string[] = [];
    for (const folder of this.#folders().values()) {
      const low = firstNotBelow(folder, from);
      for (const key of folder.slice(low, low + countMax)) if (key < to) keys.push(key);
    }
    const found: StoredRecord[] = [];
    let bytes = 0;
    for (const key of keys.sort()) {
      if (found.length >= countMax || bytes >= bytesMax) break;
      const value = this.#records.get(key) as Uint8Array;
      bytes += value.length;
      found.push({ key, value });
    }
    return found;
  }

  /** Whether a record is durable. */
  has(key: string): boolean {
    return this.#records.has(key);
  }

  get recordCount(): number {
    return this.#records.size;
  }

  get recordBytes(): number {
    let bytes = 0;
    for (const [key, value] of this.#records) bytes += key.length + value.length;
    return bytes;
  }

  /** Keys are ASCII, so the order of UTF-16 units is the bytewise one. */
  #folders(): Map<string, string[]> {
    if (this.#sorted === undefined) {
      this.#sorted = new Map();
      for (const key of [...this.#records.keys()].sort()) folderOf(this.#sorted, key).push(key);
    }
    return this.#sorted;
  }

  #apply(writes: readonly StoreWrite[]): void {
    this.syncs += 1;
    for (const { key, value } of writes) {
      const isKnown = this.#records.has(key);
      if (value === undefined) this.#records.delete(key);
      else this.#records.set(key, value);
      if (this.#sorted === undefined || isKnown === (value !== undefined)) continue;
      const keys = folderOf(this.#sorted, key);
      if (isKnown) keys.splice(firstNotBelow(keys, key), 1);
      else if ((keys.at(-1) ?? "") < key) keys.push(key);
      else keys.splice(firstNotBelow(keys, key), 0, key);
    }
  }
}

function folderOf(folders: Map<string, string[]>, key: string): string[] {
  const name = key.slice(0, key.lastIndexOf("/") + 1);
  let keys = folders.get(name);
  if (keys === undefined) folders.set(name, (keys = []));
  return keys;
}

/** Where the first key ≥ `wanted` is, or the end. */
function firstNotBelow(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
