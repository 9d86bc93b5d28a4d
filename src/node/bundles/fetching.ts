/**
 * Fetching a bundle from whoever has any of it: several peers at once, in random order, each chunk verified by itself; what is there is
 * given to others at once. Peers that have only a part are preferred to those that have it all: the latter are needed by everybody.
 */
import type { Connection, Stream } from "@libp2p/interface";
import { setTimeout as delay } from "node:timers/promises";
import { lpStream } from "@libp2p/utils";
import { codec, type Hash, type NodeId } from "../../model/index.ts";
import type { Host } from "../network/host.ts";
import { BUNDLE_CHUNK_BYTES, BUNDLE_READ_TIMEOUT_MS } from "../network/limits.ts";
import { peerIdOf } from "../network/peer-ids.ts";
import { type BundleFiles, openIndex, type PartialBundle } from "./bundle-files.ts";
import { answer, ANSWER_BYTES_MAX, BUNDLE_PROTOCOL, CHUNKS_WANTED_MAX, hasBit, question } from "./wire.ts";

/** Peers asked at the same time for one bundle. */
const SOURCES_MAX = 6;
/** Named in one question, so that several peers can be asked for different ones. */
const WANTED_PER_QUESTION = 24;
/** A peer with nothing new is asked again after this. */
const AGAIN_MS = 120;
/** … and makes room for another one after so many fruitless questions; sooner where few are asked at a time. */
const FRUITLESS_MAX = 12;
const FRUITLESS_OF_FEW_MAX = 3;
/** Nobody gave anything for so long: the peers that have it all are asked for what they would leave to others. */
const INSIST_MS = 1_500;
/** Nothing came from anybody for so long: this try is over. */
const STALLED_MS = 8_000;
/** A peer that failed is left alone for so long within one try. */
const FAILED_MS = 3_000;
const TICK_MS = 100;

export interface FetchOptions {
  readonly host: Host;
  readonly files: BundleFiles;
  /** Connected peers; called again as peers come and go. */
  readonly sources: () => readonly NodeId[];
  readonly signal: AbortSignal;
  readonly onProgress?: (chunksDone: number, chunksTotal: number) => void;
}

/** One try with the peers that are connected; true when the bundle is complete. What was fetched stays for the next try. */
export async function fetchBundle(id: Hash, options: FetchOptions): Promise<boolean> {
  const { files, signal } = options;
  if (await files.isComplete(id)) return true;
  const known = await files.index(id);
  const found = known === undefined ? await findIndex(id, options) : undefined;
  const encoded = known?.encoded ?? found?.encoded;
  if (encoded === undefined || signal.aborted) return false;
  const partial = await files.resume(id, encoded);
  if (partial === undefined) return false;
  try {
    await new Fetch(partial, options, found?.peer).run();
  } finally {
    await partial.close();
  }
  return partial.missing.size === 0;
}

/** Whoever has the index has chunks as well, or is about to have some. */
async function findIndex(
  id: Hash,
  options: FetchOptions,
): Promise<{ readonly encoded: Uint8Array; readonly peer: NodeId } | undefined> {
  for (const peer of shuffled(options.sources())) {
    if (options.signal.aborted) return undefined;
    const source = await Source.open(peer, options).catch(() => undefined);
    try {
      const found = await source?.ask(id, [], { index: true, insist: false });
      if (found !== undefined && found.index.length > 0 && openIndex(id, found.index) !== undefined)
        return { encoded: found.index, peer };
    } catch {
      // Another one may have it.
    } finally {
      source?.close();
    }
  }
  return undefined;
}

class Fetch {
  readonly #partial: PartialBundle;
  readonly #options: FetchOptions;
  readonly #active = new Map<NodeId, { have: Uint8Array | undefined }>();
  readonly #restUntilMs = new Map<NodeId, number>();
  /** Named in a question that is not answered yet, or under way. */
  readonly #asked = new Set<number>();
  #progressMs = Date.now();
  #failure: Error | undefined;
  /** To be asked before others. */
  #first: NodeId | undefined;

  constructor(partial: PartialBundle, options: FetchOptions, first: NodeId | undefined) {
    this.#partial = partial;
    this.#options = options;
    this.#first = first;
  }

  /** @throws when the disk cannot be written. */
  async run(): Promise<void> {
    const working = new Set<Promise<void>>();
    while (!this.#isOver()) {
      const nowMs = Date.now();
      const free = shuffled(this.#options.sources()).filter(
        (peer) => !this.#active.has(peer) && (this.#restUntilMs.get(peer) ?? 0) <= nowMs,
      );
      if (this.#first !== undefined && free.includes(this.#first)) free.unshift(this.#first);
      this.#first = undefined;
      for (const peer of new Set(free.slice(0, Math.max(0, this.#sourcesMax() - this.#active.size)))) {
        this.#active.set(peer, { have: undefined });
        const work = this.#fetchFrom(peer).finally(() => {
          this.#active.delete(peer);
          working.delete(work);
        });
        working.add(work);
      }
      await Promise.race([...working, delay(TICK_MS)]);
      if (working.size === 0 && this.#nobodyIsLeft()) break;
    }
    await Promise.all(working);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** A few chunks are not worth a stream to everybody. */
  #sourcesMax(): number {
    return Math.min(SOURCES_MAX, this.#partial.missing.size);
  }

  #givesTooLittle(peer: NodeId, fruitless: number): boolean {
    const have = this.#active.get(peer)?.have;
    const hasNothing = have !== undefined && have.every((byte) => byte === 0);
    return fruitless >= (hasNothing || this.#sourcesMax() < SOURCES_MAX ? FRUITLESS_OF_FEW_MAX : FRUITLESS_MAX);
  }

  /** There are peers that could be asked instead. */
  #othersWait(): boolean {
    const nowMs = Date.now();
    return this.#options
      .sources()
      .some((peer) => !this.#active.has(peer) && (this.#restUntilMs.get(peer) ?? 0) <= nowMs);
  }

  /** Everybody has failed just now, or is gone. */
  #nobodyIsLeft(): boolean {
    const soonMs = Date.now() + FAILED_MS / 2;
    return this.#options.sources().every((peer) => (this.#restUntilMs.get(peer) ?? 0) > soonMs);
  }

  #isOver(): boolean {
    return (
      this.#partial.missing.size === 0 ||
      this.#options.signal.aborted ||
      this.#failure !== undefined ||
      Date.now() - this.#progressMs > STALLED_MS
    );
  }

  async #fetchFrom(peer: NodeId): Promise<void> {
    let source: Source | undefined;
    try {
      source = await Source.open(peer, this.#options);
      for (let fruitless = 0; !this.#isOver() && fruitless < FRUITLESS_MAX; ) {
        const got = await this.#askOnce(peer, source);
        if (got === "bad") return;
        if (got === "some") fruitless = 0;
        else {
          fruitless += 1;
          // The first question only asks what there is.
          if (fruitless > 1) await delay(AGAIN_MS);
          if (this.#givesTooLittle(peer, fruitless) && this.#othersWait()) break;
        }
      }
      this.#restUntilMs.set(peer, Date.now() + AGAIN_MS);
    } catch (error) {
      if (isDiskFault(error)) this.#failure = error;
      this.#restUntilMs.set(peer, Date.now() + FAILED_MS);
    } finally {
      source?.close();
    }
  }

  async #askOnce(peer: NodeId, source: Source): Promise<"some" | "none" | "bad"> {
    const state = this.#active.get(peer);
    const wanted = this.#wantedFrom(peer);
    for (const chunk of wanted) this.#asked.add(chunk);
    try {
      const insist = Date.now() - this.#progressMs > INSIST_MS;
      const found = await source.ask(this.#partial.index.id, wanted, { index: false, insist });
      if (found === undefined) return this.#rest(peer);
      if (state !== undefined) state.have = found.have;
      const coming = new Set(found.chunks);
      if (found.chunks.some((chunk) => !wanted.includes(chunk))) return this.#rest(peer);
      for (const chunk of wanted) if (!coming.has(chunk)) this.#asked.delete(chunk);
      for (const chunk of found.chunks) {
        const good = await this.#partial.put(chunk, await source.chunk());
        this.#asked.delete(chunk);
        if (!good) return this.#rest(peer);
        this.#progressMs = Date.now();
        const total = this.#partial.index.chunkHashes.length;
        this.#options.onProgress?.(total - this.#partial.missing.size, total);
      }
      return found.chunks.length > 0 ? "some" : "none";
    } finally {
      for (const chunk of wanted) this.#asked.delete(chunk);
    }
  }

  /** It lies, or has a broken disk: others have it as well. */
  #rest(peer: NodeId): "bad" {
    this.#restUntilMs.set(peer, Date.now() + STALLED_MS);
    return "bad";
  }

  /** Random ones that the peer has and nobody was asked for; nothing while what it has is unknown, or others can give enough. */
  #wantedFrom(peer: NodeId): readonly number[] {
    const have = this.#active.get(peer)?.have;
    if (have === undefined) return [];
    const free = [...this.#partial.missing].filter((chunk) => !this.#asked.has(chunk) && hasBit(have, chunk));
    if (this.#isWhole(have) && Date.now() - this.#progressMs < AGAIN_MS * 4 && this.#othersCanGive()) return [];
    return shuffled(free).slice(0, Math.min(WANTED_PER_QUESTION, CHUNKS_WANTED_MAX));
  }

  #isWhole(have: Uint8Array): boolean {
    const chunks = this.#partial.index.chunkHashes.length;
    for (let chunk = 0; chunk < chunks; chunk += 1) if (!hasBit(have, chunk)) return false;
    return true;
  }

  #othersCanGive(): boolean {
    const missing = [...this.#partial.missing];
    return [...this.#active.values()].some(
      ({ have }) =>
        have !== undefined &&
        have.length > 0 &&
        !this.#isWhole(have) &&
        missing.some((chunk) => hasBit(have, chunk) && !this.#asked.has(chunk)),
    );
  }
}

function isDiskFault(error: unknown): error is Error {
  const { code } = error as { readonly code?: unknown };
  return error instanceof Error && typeof code === "string" && /^(ENOSPC|EDQUOT|EIO|EROFS|EACCES)$/.test(code);
}

/** One stream to one peer: a question, an answer, its chunks. */
class Source {
  readonly #stream: Stream;
  readonly #frames: ReturnType<typeof lpStream>;
  readonly #signal: AbortSignal;

  private constructor(stream: Stream, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    const largest = Math.max(ANSWER_BYTES_MAX, BUNDLE_CHUNK_BYTES);
    this.#frames = lpStream(stream, { maxDataLength: largest, maxBufferSize: 8 * largest });
  }

  static async open(peer: NodeId, { host, signal }: FetchOptions): Promise<Source> {
    const connection = connectionTo(host, peer);
    if (connection === undefined) throw new Error("not connected");
    const limited = AbortSignal.any([signal, AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS)]);
    const stream = await connection.newStream(BUNDLE_PROTOCOL, { signal: limited, runOnLimitedConnection: true });
    return new Source(stream, signal);
  }

  async ask(
    bundle: Hash,
    wanted: readonly number[],
    flags: { readonly index: boolean; readonly insist: boolean },
  ): Promise<codec.ShapeOf<typeof answer> | undefined> {
    const options = { signal: this.#limited() };
    await this.#frames.write(codec.encode(question, { bundle, wanted, ...flags }), options);
    const frame = await this.#frames.read(options);
    return codec.decode(answer, frame.subarray(), ANSWER_BYTES_MAX);
  }

  async chunk(): Promise<Uint8Array> {
    return (await this.#frames.read({ signal: this.#limited() })).subarray();
  }

  close(): void {
    this.#stream.abort(new Error("done"));
  }

  #limited(): AbortSignal {
    return AbortSignal.any([this.#signal, AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS)]);
  }
}

/** Direct ones before those through a relay. */
function connectionTo(host: Host, peer: NodeId): Connection | undefined {
  const open = host.getConnections(peerIdOf(peer)).filter(({ status }) => status === "open");
  return open.find(({ limits }) => limits === undefined) ?? open[0];
}

function shuffled<T>(values: readonly T[]): T[] {
  const mixed = [...values];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T];
  }
  return mixed;
}
