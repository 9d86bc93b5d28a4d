/**
 * Giving bundles to peers. Bounded: so many answers at a time, in the order they were asked for, and a peer has one question open a
 * stream. Fair to the swarm: of the wanted chunks those go out that this node gave least often, and a chunk that went out twice lately is
 * left to those who got it, so that a hundred peers cost a sage little more than one.
 */
import type { Connection, Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import { codec, type Hash } from "../../model/index.ts";
import type { Host } from "../network/host.ts";
import { BUNDLE_READ_TIMEOUT_MS, BUNDLE_STREAMS_PER_PEER_MAX } from "../network/limits.ts";
import type { BundleFiles, Holding } from "./bundle-files.ts";
import { answer, bitsOf, BUNDLE_PROTOCOL, CHUNKS_PER_ANSWER, question, QUESTION_BYTES_MAX } from "./wire.ts";

/** Answers with chunks at the same time: a few MiB in memory, and nobody waits long. */
const UPLOADS_MAX = 6;
/** Waiting for their turn; more are told to come back. */
const UPLOADS_WAITING_MAX = 256;
/** A chunk leaves this node so often in `GIVEN_WINDOW_MS`; whoever wants it then asks those who have got it. */
const GIVEN_MAX = 2;
const GIVEN_WINDOW_MS = 60_000;
/** Bundles whose chunks are counted; the counts of others are forgotten. */
const COUNTED_BUNDLES_MAX = 128;
/** A stream that asks nothing for so long is closed. */
const IDLE_MS_MAX = 30_000;

export interface BundleCounters {
  uploadedBytes: number;
  uploadedChunks: number;
}

export async function serveBundles(host: Host, files: BundleFiles): Promise<BundleCounters> {
  const serving = new Serving(files);
  await host.handle(BUNDLE_PROTOCOL, (stream, connection) => serving.serve(stream, connection), {
    maxInboundStreams: BUNDLE_STREAMS_PER_PEER_MAX,
    maxOutboundStreams: BUNDLE_STREAMS_PER_PEER_MAX,
    runOnLimitedConnection: true,
  });
  return serving.counters;
}

interface Given {
  readonly times: Uint32Array;
  readonly lately: Map<number, { count: number; sinceMs: number }>;
}

class Serving {
  readonly counters: BundleCounters = { uploadedBytes: 0, uploadedChunks: 0 };
  readonly #files: BundleFiles;
  readonly #given = new Map<Hash, Given>();
  readonly #turns: (() => void)[] = [];
  #uploads = 0;

  constructor(files: BundleFiles) {
    this.#files = files;
  }

  async serve(stream: Stream, _connection: Connection): Promise<void> {
    const frames = lpStream(stream, { maxDataLength: QUESTION_BYTES_MAX });
    try {
      for (;;) {
        const frame = await frames.read({ signal: AbortSignal.timeout(IDLE_MS_MAX) });
        const asked = codec.decode(question, frame.subarray(), QUESTION_BYTES_MAX);
        if (asked === undefined) throw new Error("malformed question");
        const holding = await this.#files.holding(asked.bundle);
        await this.#answer(frames, asked, holding);
      }
    } catch (error) {
      // The end of the stream is nothing special.
      stream.abort(error as Error);
    }
  }

  async #answer(
    frames: ReturnType<typeof lpStream>,
    asked: codec.ShapeOf<typeof question>,
    holding: Holding | undefined,
  ): Promise<void> {
    if (holding === undefined) {
      const nothing = { index: new Uint8Array(), have: new Uint8Array(), chunks: [] };
      return await frames.write(codec.encode(answer, nothing), limited());
    }
    const release = asked.wanted.length === 0 ? undefined : await this.#turn();
    try {
      // Chosen when it is this peer's turn: what others got meanwhile counts.
      const chunks = release === undefined ? [] : this.#choose(asked, holding);
      const index = asked.index ? holding.encodedIndex : new Uint8Array();
      const have = bitsOf(holding.index.chunkHashes.length, (chunk) => holding.has(chunk));
      await frames.write(codec.encode(answer, { index, have, chunks }), limited());
      for (const chunk of chunks) {
        const bytes = await holding.read(chunk);
        await frames.write(bytes, limited());
        this.counters.uploadedBytes += bytes.length;
        this.counters.uploadedChunks += 1;
      }
    } finally {
      release?.();
    }
  }

  #choose(asked: codec.ShapeOf<typeof question>, holding: Holding): readonly number[] {
    const given = this.#givenOf(asked.bundle, holding.index.chunkHashes.length);
    const nowMs = Date.now();
    const lately = (chunk: number): number => {
      const known = given.lately.get(chunk);
      return known === undefined || nowMs - known.sinceMs > GIVEN_WINDOW_MS ? 0 : known.count;
    };
    const chosen = [...new Set(asked.wanted)]
      .filter((chunk) => chunk < given.times.length && holding.has(chunk))
      .filter((chunk) => asked.insist || lately(chunk) < GIVEN_MAX)
      .map((chunk) => ({ chunk, times: given.times[chunk] ?? 0, random: Math.random() }))
      .sort((a, b) => a.times - b.times || a.random - b.random)
      .slice(0, CHUNKS_PER_ANSWER)
      .map(({ chunk }) => chunk);
    for (const chunk of chosen) {
      given.times[chunk] = (given.times[chunk] ?? 0) + 1;
      const count = lately(chunk);
      given.lately.set(chunk, {
        count: count + 1,
        sinceMs: count === 0 ? nowMs : (given.lately.get(chunk)?.sinceMs ?? nowMs),
      });
    }
    return chosen;
  }

  #givenOf(bundle: Hash, chunks: number): Given {
    const known = this.#given.get(bundle);
    if (known?.times.length === chunks) return known;
    if (this.#given.size >= COUNTED_BUNDLES_MAX) this.#given.clear();
    const made = { times: new Uint32Array(chunks), lately: new Map() };
    this.#given.set(bundle, made);
    return made;
  }

  /** Undefined: too many wait; the peer gets what this node has to tell, and asks again. */
  async #turn(): Promise<(() => void) | undefined> {
    if (this.#uploads >= UPLOADS_MAX) {
      if (this.#turns.length >= UPLOADS_WAITING_MAX) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#turns.push(resolve);
      await promise;
    } else this.#uploads += 1;
    return () => {
      const next = this.#turns.shift();
      if (next === undefined) this.#uploads -= 1;
      else next();
    };
  }
}

function limited(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS) };
}
