/**
 * Fetching bundles from peers (`/dikast/bundle/1`): a question names a bundle and a run of chunks (or the index), the answer
 * is a frame per chunk. Whoever has it complete answers; several peers are asked at once, each chunk is verified, what
 * is missing after a break is asked for again elsewhere.
 */
import type { Connection, Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import { codec, type Hash, type NodeId } from "../../model/index.ts";
import type { Host } from "../network/host.ts";
import {
  BUNDLE_CHUNK_BYTES,
  BUNDLE_CHUNKS_MAX,
  BUNDLE_READ_TIMEOUT_MS,
  BUNDLE_STREAMS_PER_PEER_MAX,
} from "../network/limits.ts";
import { peerIdOf } from "../network/peer-ids.ts";
import { BUNDLE_INDEX_BYTES_MAX, type BundleFiles, openIndex, type PartialBundle } from "./bundle-files.ts";

export const BUNDLE_PROTOCOL = "/dikast/bundle/1";

const question = codec.struct({
  bundle: codec.hash,
  /** −1: the index. */
  from: codec.integer(-1, BUNDLE_CHUNKS_MAX),
  count: codec.integer(1, 64),
});
const QUESTION_BYTES_MAX = 200;
/** Chunks asked for at once: 4 MiB. */
const RUN_CHUNKS = 16;
/** Peers asked at the same time for one bundle. */
const SOURCES_MAX = 3;

export async function serveBundles(host: Host, files: BundleFiles): Promise<void> {
  const answer = async (stream: Stream, _connection: Connection): Promise<void> => {
    try {
      const frames = lpStream(stream, { maxDataLength: QUESTION_BYTES_MAX });
      const asked = codec.decode(
        question,
        (await frames.read({ signal: AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS) })).subarray(),
        QUESTION_BYTES_MAX,
      );
      if (asked === undefined) throw new Error("malformed question");
      if (asked.from < 0) {
        // An index is of use only to whom the chunks can be given, too.
        const known = (await files.isComplete(asked.bundle)) ? await files.index(asked.bundle) : undefined;
        if (known !== undefined)
          await frames.write(known.encoded, { signal: AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS) });
      } else if (await files.isComplete(asked.bundle)) {
        for await (const chunk of files.chunks(asked.bundle, asked.from, asked.count)) {
          await frames.write(chunk, { signal: AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS) });
        }
      }
      await stream.close({ signal: AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS) });
    } catch (error) {
      stream.abort(error as Error);
    }
  };
  await host.handle(BUNDLE_PROTOCOL, answer, {
    maxInboundStreams: BUNDLE_STREAMS_PER_PEER_MAX,
    maxOutboundStreams: BUNDLE_STREAMS_PER_PEER_MAX,
  });
}

export interface FetchOptions {
  readonly host: Host;
  readonly files: BundleFiles;
  /** Connected peers, asked in this order; called again as peers come and go. */
  readonly sources: () => readonly NodeId[];
  readonly signal: AbortSignal;
  readonly onProgress?: (chunksDone: number, chunksTotal: number) => void;
}

/** One try with the peers that are connected now; true when the bundle is complete. What was fetched stays for the next try. */
export async function fetchBundle(id: Hash, options: FetchOptions): Promise<boolean> {
  const { files, signal } = options;
  if (await files.isComplete(id)) return true;
  const sources: NodeId[] = [];
  let encodedIndex: Uint8Array | undefined;
  for (const peer of options.sources()) {
    if (signal.aborted || sources.length >= SOURCES_MAX) break;
    const answer = await askForIndex(id, peer, options);
    if (answer === undefined) continue;
    encodedIndex = answer;
    sources.push(peer);
  }
  if (encodedIndex === undefined) return false;
  const partial = await files.resume(id, encodedIndex);
  if (partial === undefined) return false;
  try {
    const taken = new Set<number>();
    await Promise.all(sources.map((peer) => fetchFrom(peer, partial, taken, options)));
  } finally {
    await partial.close();
  }
  return partial.missing.size === 0;
}

async function askForIndex(id: Hash, peer: NodeId, options: FetchOptions): Promise<Uint8Array | undefined> {
  for await (const frame of ask(peer, { bundle: id, from: -1, count: 1 }, BUNDLE_INDEX_BYTES_MAX, options)) {
    if (openIndex(id, frame) !== undefined) return frame;
  }
  return undefined;
}

/** Takes runs of missing chunks until nothing is left or the peer fails. */
async function fetchFrom(
  peer: NodeId,
  partial: PartialBundle,
  taken: Set<number>,
  options: FetchOptions,
): Promise<void> {
  const total = partial.index.chunkHashes.length;
  for (;;) {
    const first = [...partial.missing].find((chunk) => !taken.has(chunk));
    if (first === undefined || options.signal.aborted) return;
    const run = [first];
    while (run.length < RUN_CHUNKS && partial.missing.has(first + run.length) && !taken.has(first + run.length)) {
      run.push(first + run.length);
    }
    for (const chunk of run) taken.add(chunk);
    let at = first;
    const asked = { bundle: partial.index.id, from: first, count: run.length };
    for await (const frame of ask(peer, asked, BUNDLE_CHUNK_BYTES, options)) {
      if (at >= first + run.length || !(await partial.put(at, frame))) break;
      at += 1;
      options.onProgress?.(total - partial.missing.size, total);
    }
    if (at < first + run.length) {
      // This peer has failed: leave the rest of the run to the others.
      for (const chunk of run) taken.delete(chunk);
      return;
    }
  }
}

async function* ask(
  peer: NodeId,
  asked: codec.ShapeOf<typeof question>,
  frameBytesMax: number,
  { host, signal }: FetchOptions,
): AsyncGenerator<Uint8Array> {
  const connection = host.getConnections(peerIdOf(peer)).find(({ status }) => status === "open");
  if (connection === undefined) return;
  let stream: Stream | undefined;
  const limited = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(BUNDLE_READ_TIMEOUT_MS)]);
  try {
    stream = await connection.newStream(BUNDLE_PROTOCOL, { signal: limited() });
    const frames = lpStream(stream, { maxDataLength: frameBytesMax, maxBufferSize: 64 * frameBytesMax + 65_536 });
    await frames.write(codec.encode(question, asked), { signal: limited() });
    for (let count = 0; count < asked.count; count += 1) {
      yield (await frames.read({ signal: limited() })).subarray();
    }
  } catch {
    // The peer does not have it, went away or was too slow: the caller asks another one.
  } finally {
    // Also when the caller has heard enough; a stream left open would count against the bound of streams per peer.
    stream?.abort(new Error("done"));
  }
}
