/**
 * Bundles on disk. A bundle is named by the hash of its index, the index holds the hash of every chunk: so each chunk is
 * verified by itself, from whomever it came, and a broken-off fetch goes on where it stopped.
 */
import { hash as digest, randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipe } from "it-pipe";
import { codec, fromHex, type Hash, hashOf, toHex } from "../../model/index.ts";
import { BUNDLE_BYTES_MAX, BUNDLE_CHUNK_BYTES, BUNDLE_CHUNKS_MAX } from "../network/limits.ts";

const indexShape = codec.struct({
  length: codec.integer(1, BUNDLE_BYTES_MAX + BUNDLE_CHUNK_BYTES),
  /** SHA-256 of each chunk of `BUNDLE_CHUNK_BYTES`, one after the other. */
  chunks: codec.bytes(32 * (BUNDLE_CHUNKS_MAX + 1), 32),
});
export const BUNDLE_INDEX_BYTES_MAX = 32 * (BUNDLE_CHUNKS_MAX + 1) + 64;

export interface BundleIndex {
  readonly id: Hash;
  readonly length: number;
  readonly chunkHashes: readonly string[];
}

/** Undefined unless the bytes are a well-formed index that hashes to `id`. */
export function openIndex(id: Hash, encoded: Uint8Array): BundleIndex | undefined {
  if (encoded.length > BUNDLE_INDEX_BYTES_MAX || hashOf(encoded) !== id) return undefined;
  const value = codec.decode(indexShape, encoded, BUNDLE_INDEX_BYTES_MAX);
  if (value === undefined || value.chunks.length !== 32 * Math.ceil(value.length / BUNDLE_CHUNK_BYTES))
    return undefined;
  const hex = toHex(value.chunks);
  const chunkHashes = Array.from({ length: value.chunks.length / 32 }, (_, at) => hex.slice(at * 64, at * 64 + 64));
  return { id, length: value.length, chunkHashes };
}

const SMALL_BYTES = 4 * 1024 * 1024;

export function chunkLength(index: BundleIndex, chunk: number): number {
  return Math.min(BUNDLE_CHUNK_BYTES, index.length - chunk * BUNDLE_CHUNK_BYTES);
}

export class BundleFiles {
  readonly #directory: string;
  /** Bundles that are being fetched: what is there of them is given to others already. */
  readonly #partials = new Map<Hash, PartialBundle>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What this node can give of a bundle, complete or not; undefined: nothing. */
  async holding(id: Hash): Promise<Holding | undefined> {
    const partial = this.#partials.get(id);
    if (partial !== undefined) return partial;
    if (!(await this.isComplete(id))) return undefined;
    const known = await this.index(id);
    if (known === undefined) return undefined;
    const { index, encoded } = known;
    const name = this.#data(id);
    return {
      index,
      encodedIndex: encoded,
      has: () => true,
      read: async (chunk) => {
        const file = await open(name, "r");
        try {
          return await readChunk(file, index, chunk);
        } finally {
          await file.close();
        }
      },
    };
  }

  /** Takes in a stream (already sealed); answers the bundle's name. */
  async add(source: AsyncIterable<Uint8Array>): Promise<Hash> {
    await mkdir(this.#directory, { recursive: true });
    const temporary = path.join(this.#directory, `new-${randomUUID()}`);
    const file = await open(temporary, "wx");
    let length = 0;
    let hashes = "";
    try {
      await pipe(
        source,
        (parts) => regrouped(parts, BUNDLE_CHUNK_BYTES),
        async function* hashed(chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            hashes += digest("sha256", chunk);
            length += chunk.length;
            yield chunk;
          }
        },
        async (chunks: AsyncIterable<Uint8Array>) => {
          for await (const chunk of chunks) await file.write(chunk);
        },
      );
      await file.sync();
    } finally {
      await file.close();
    }
    const index = codec.encode(indexShape, { length, chunks: fromHex(hashes) });
    const id = hashOf(index);
    await rename(temporary, this.#data(id));
    await writeFile(this.#index(id), index);
    return id;
  }

  /** The index, if this node has it (the data may be incomplete). */
  async index(id: Hash): Promise<{ readonly index: BundleIndex; readonly encoded: Uint8Array } | undefined> {
    const encoded = await readFile(this.#index(id)).catch(() => undefined);
    if (encoded === undefined) return undefined;
    const index = openIndex(id, new Uint8Array(encoded));
    return index === undefined ? undefined : { index, encoded: new Uint8Array(encoded) };
  }

  async isComplete(id: Hash): Promise<boolean> {
    const known = await this.index(id);
    if (known === undefined) return false;
    const found = await stat(this.#data(id)).catch(() => undefined);
    return found?.size === known.index.length;
  }

  /** Whether every chunk is there and unaltered. Reads it all. */
  async verify(id: Hash): Promise<boolean> {
    const known = await this.index(id);
    if (known === undefined || !(await this.isComplete(id))) return false;
    let at = 0;
    for await (const chunk of this.chunks(id)) {
      if (digest("sha256", chunk) !== known.index.chunkHashes[at]) return false;
      at += 1;
    }
    return at === known.index.chunkHashes.length;
  }

  /**
   * The chunks of a complete bundle. A small one is read in one go: at the start of a contest all nodes of a lab open theirs at once, and
   * with more processes than cores each turn through the thread pool costs tens of milliseconds.
   */
  async *chunks(id: Hash, from = 0, count = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
    const whole = this.#readSmall(id);
    if (whole !== undefined) {
      const to = Math.min(whole.length, (from + count) * BUNDLE_CHUNK_BYTES);
      for (let at = from * BUNDLE_CHUNK_BYTES; at < to; at += BUNDLE_CHUNK_BYTES)
        yield whole.subarray(at, Math.min(to, at + BUNDLE_CHUNK_BYTES));
      return;
    }
    const known = await this.index(id);
    if (known === undefined) return;
    const file = await open(this.#data(id), "r");
    try {
      const end = Math.min(known.index.chunkHashes.length, from + count);
      for (let chunk = from; chunk < end; chunk += 1) yield await readChunk(file, known.index, chunk);
    } finally {
      await file.close();
    }
  }

  /** Begins or goes on with a fetch: which chunks are missing, and where to put them. */
  async resume(id: Hash, encodedIndex: Uint8Array): Promise<PartialBundle | undefined> {
    const index = openIndex(id, encodedIndex);
    if (index === undefined) return undefined;
    await mkdir(this.#directory, { recursive: true });
    // A full disk must not cost the index that is there.
    if ((await this.index(id)) === undefined) await writeFile(this.#index(id), encodedIndex);
    const name = `${this.#data(id)}.partial`;
    const file = await open(name, "a+").then(async (handle) => {
      await handle.close();
      return await open(name, "r+");
    });
    const missing = new Set<number>();
    const { size } = await file.stat();
    for (let chunk = 0; chunk < index.chunkHashes.length; chunk += 1) {
      const isThere =
        chunk * BUNDLE_CHUNK_BYTES + chunkLength(index, chunk) <= size &&
        digest("sha256", await readChunk(file, index, chunk)) === index.chunkHashes[chunk];
      if (!isThere) missing.add(chunk);
    }
    const partial = new PartialBundle(index, encodedIndex, file, missing, async (complete) => {
      this.#partials.delete(id);
      if (complete) await rename(name, this.#data(id));
    });
    this.#partials.set(id, partial);
    return partial;
  }

  async remove(id: Hash): Promise<void> {
    for (const file of [this.#data(id), this.#index(id), `${this.#data(id)}.partial`]) await rm(file, { force: true });
  }

  /** Undefined if it is large, incomplete or not there. */
  #readSmall(id: Hash): Uint8Array | undefined {
    try {
      const { size } = statSync(this.#data(id));
      if (size > SMALL_BYTES) return undefined;
      const index = openIndex(id, new Uint8Array(readFileSync(this.#index(id))));
      const whole = new Uint8Array(readFileSync(this.#data(id)));
      return index?.length === whole.length ? whole : undefined;
    } catch {
      return undefined;
    }
  }

  #data(id: Hash): string {
    return path.join(this.#directory, `${id}.bundle`);
  }

  #index(id: Hash): string {
    return path.join(this.#directory, `${id}.index`);
  }
}

/** What a node can give of a bundle. */
export interface Holding {
  readonly index: BundleIndex;
  readonly encodedIndex: Uint8Array;
  has(chunk: number): boolean;
  /** A chunk that is there. */
  read(chunk: number): Promise<Uint8Array>;
}

/** A bundle that is being fetched. */
export class PartialBundle implements Holding {
  readonly index: BundleIndex;
  readonly encodedIndex: Uint8Array;
  /** Not there yet; a chunk leaves it when it was verified and written. */
  readonly missing: Set<number>;
  readonly #file: FileHandle;
  readonly #onClosed: (complete: boolean) => Promise<void>;
  readonly #writing = new Set<number>();

  constructor(
    index: BundleIndex,
    encodedIndex: Uint8Array,
    file: FileHandle,
    missing: Set<number>,
    onClosed: (complete: boolean) => Promise<void>,
  ) {
    this.index = index;
    this.encodedIndex = encodedIndex;
    this.missing = missing;
    this.#file = file;
    this.#onClosed = onClosed;
  }

  has(chunk: number): boolean {
    return chunk < this.index.chunkHashes.length && !this.missing.has(chunk);
  }

  async read(chunk: number): Promise<Uint8Array> {
    return await readChunk(this.#file, this.index, chunk);
  }

  /** False when the bytes are not that chunk: nothing is written. */
  async put(chunk: number, bytes: Uint8Array): Promise<boolean> {
    if (digest("sha256", bytes) !== this.index.chunkHashes[chunk]) return false;
    if (!this.missing.has(chunk) || this.#writing.has(chunk)) return true;
    this.#writing.add(chunk);
    try {
      await writeWhole(this.#file, bytes, chunk * BUNDLE_CHUNK_BYTES);
      this.missing.delete(chunk);
    } finally {
      this.#writing.delete(chunk);
    }
    return true;
  }

  /** Makes it a complete bundle if nothing is missing; otherwise it stays to be resumed. */
  async close(): Promise<void> {
    const complete = this.missing.size === 0;
    if (complete) await this.#file.sync();
    await this.#onClosed(complete);
    await this.#file.close();
  }
}

/** A write may take less than was given, on a disk that is filling up. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

async function readChunk(file: FileHandle, index: BundleIndex, chunk: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(chunkLength(index, chunk));
  await file.read(bytes, 0, bytes.length, chunk * BUNDLE_CHUNK_BYTES);
  return bytes;
}

/** Chunks of exactly `size` bytes, the last one shorter. */
async function* regrouped(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(size);
  let filled = 0;
  for await (const part of source) {
    for (let at = 0; at < part.length; ) {
      const count = Math.min(size - filled, part.length - at);
      buffer.set(part.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled === size) {
        yield buffer;
        buffer = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
