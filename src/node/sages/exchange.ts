/** `/dikast/sage/1`: one question and one answer a stream. Noise proves who asks; only holders of a seat are told secrets. */
import type { Connection, Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import {
  AUTHORITIES_MAX,
  codec,
  type ContestId,
  type NodeId,
  PROBLEMS_MAX,
  SHORT_NAME,
  type SignedMessage,
  signedMessage,
} from "../../model/index.ts";
import type { Host } from "../network/host.ts";
import { nodeIdOf, peerIdOf } from "../network/peer-ids.ts";

export const SAGE_PROTOCOL = "/dikast/sage/1";
const TIMEOUT_MS = 5_000;
const QUESTION_BYTES_MAX = 256;
const ANSWER_BYTES_MAX = 1024 * 1024;

const question = codec.struct({
  contest: codec.hash,
  ask: codec.oneOf(["credentials", "give-back", "status"]),
});

const credentials = codec.struct({
  manifest: signedMessage,
  /** The transfers of seats so far. */
  chain: codec.list(signedMessage, AUTHORITIES_MAX),
  keys: codec.list(codec.struct({ problem: codec.text(60, SHORT_NAME), key: codec.bytes(32, 32) }), PROBLEMS_MAX),
  token: codec.nullable(codec.text(200)),
  /** Of the hash chain that belongs to the seat; null: the asker has its own. */
  secret: codec.nullable(codec.struct({ seat: codec.nodeId, bytes: codec.bytes(32, 32) })),
});
export type Credentials = codec.ShapeOf<typeof credentials>;

const status = codec.struct({
  /** Whether it speaks as a sage, with everything that belongs to it. */
  serves: codec.boolean,
  registered: codec.integer(0, 10_000_000),
});
export type SageStatus = codec.ShapeOf<typeof status>;

/** What a node has to answer with. */
export interface SageSource {
  /** Null unless the asker holds a seat and this node has the secrets. */
  credentialsFor(asker: NodeId): Credentials | null;
  /** Signs the asker's own seat back to it, if this node holds it; the transfers so far, or null. */
  giveBackTo(asker: NodeId): Promise<readonly SignedMessage[] | null>;
  status(): Promise<SageStatus>;
}

const chainAnswer = codec.list(signedMessage, AUTHORITIES_MAX);

export async function serveSages(host: Host, contest: ContestId, source: SageSource): Promise<void> {
  const answer = async (stream: Stream, connection: Connection): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const frames = lpStream(stream, { maxDataLength: QUESTION_BYTES_MAX });
      const asked = codec.decode(question, (await frames.read({ signal })).subarray(), QUESTION_BYTES_MAX);
      const asker = nodeIdOf(connection.remotePeer);
      if (asked?.contest !== contest || asker === undefined) throw new Error("malformed question");
      const body = await answerTo(asked.ask, asker, source);
      // Nothing to say: the asker finds the stream's end.
      if (body !== undefined) await frames.write(body, { signal });
      await stream.close({ signal });
    } catch (error) {
      stream.abort(error as Error);
    }
  };
  await host.handle(SAGE_PROTOCOL, answer, {
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
    runOnLimitedConnection: true,
  });
}

async function answerTo(ask: string, asker: NodeId, source: SageSource): Promise<Uint8Array | undefined> {
  if (ask === "status") return codec.encode(status, await source.status());
  if (ask === "give-back") {
    const chain = await source.giveBackTo(asker);
    return chain === null ? undefined : codec.encode(chainAnswer, chain);
  }
  const found = source.credentialsFor(asker);
  return found === null ? undefined : codec.encode(credentials, found);
}

/** Undefined when the peer is not connected, or has nothing for this node. */
export async function askForCredentials(
  host: Host,
  contest: ContestId,
  sage: NodeId,
): Promise<Credentials | undefined> {
  return await ask(host, contest, sage, "credentials", credentials);
}

export async function askToGiveBack(
  host: Host,
  contest: ContestId,
  holder: NodeId,
): Promise<readonly SignedMessage[] | undefined> {
  return await ask(host, contest, holder, "give-back", chainAnswer);
}

export async function askForStatus(host: Host, contest: ContestId, sage: NodeId): Promise<SageStatus | undefined> {
  return await ask(host, contest, sage, "status", status);
}

async function ask<T>(
  host: Host,
  contest: ContestId,
  peer: NodeId,
  what: "credentials" | "give-back" | "status",
  shape: codec.Shape<T>,
): Promise<T | undefined> {
  const connection = host.getConnections(peerIdOf(peer)).find(({ status: state }) => state === "open");
  if (connection === undefined) return undefined;
  let stream: Stream | undefined;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    stream = await connection.newStream(SAGE_PROTOCOL, { signal, runOnLimitedConnection: true });
    const frames = lpStream(stream, { maxDataLength: ANSWER_BYTES_MAX });
    await frames.write(codec.encode(question, { contest, ask: what }), { signal });
    return codec.decode(shape, (await frames.read({ signal })).subarray(), ANSWER_BYTES_MAX);
  } catch {
    return undefined;
  } finally {
    stream?.abort(new Error("done"));
  }
}
