/**
 * Asks a peer whom it knows (`/dikast/peers/1`) and tells it where the asker listens: of two nodes that ask the same sage,
 * the later one hears of the earlier one, so a small network is fully connected within one round. Answers are hints;
 * whoever is dialled proves its identity.
 */
import type { Connection, Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import { codec, type NodeId } from "../../model/index.ts";
import type { Host } from "./host.ts";
import { ADDRESS_CHARACTERS_MAX, ADDRESSES_PER_PEER_MAX, PEERS_TOLD_MAX } from "./limits.ts";
import { nodeIdOf, peerIdOf } from "./peer-ids.ts";

export const PEERS_PROTOCOL = "/dikast/peers/1";

const addressList = codec.list(codec.text(ADDRESS_CHARACTERS_MAX), ADDRESSES_PER_PEER_MAX);
const peerList = codec.list(codec.struct({ id: codec.nodeId, addresses: addressList }), PEERS_TOLD_MAX);
export type ToldPeers = codec.ShapeOf<typeof peerList>;

const ANSWER_BYTES_MAX = PEERS_TOLD_MAX * (100 + ADDRESSES_PER_PEER_MAX * (ADDRESS_CHARACTERS_MAX + 4));
const ASK_BYTES_MAX = 16 + ADDRESSES_PER_PEER_MAX * (ADDRESS_CHARACTERS_MAX + 4);
const ASK_TIMEOUT_MS = 5_000;

/** `learn` hears where the asker listens, before `tell` is asked for the answer. */
export async function answerPeerRequests(
  host: Host,
  learn: (asker: NodeId, addresses: readonly string[]) => void,
  tell: () => ToldPeers,
): Promise<void> {
  const answer = async (stream: Stream, connection: Connection): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
      const frames = lpStream(stream, { maxDataLength: ASK_BYTES_MAX });
      const question = codec.decode(addressList, (await frames.read({ signal })).subarray(), ASK_BYTES_MAX);
      const asker = nodeIdOf(connection.remotePeer);
      if (asker === undefined || question === undefined) throw new Error("malformed question");
      learn(asker, question);
      await frames.write(codec.encode(peerList, tell().slice(0, PEERS_TOLD_MAX)), { signal });
      await stream.close({ signal });
    } catch (error) {
      stream.abort(error as Error);
    }
  };
  await host.handle(PEERS_PROTOCOL, answer, {
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
    runOnLimitedConnection: true,
  });
}

/** Whom the peer knows; an empty list when it does not answer properly. `own`: where this node listens. */
export async function askForPeers(host: Host, peer: NodeId, own: readonly string[]): Promise<ToldPeers> {
  const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
  const connection = host.getConnections(peerIdOf(peer)).find(({ status }) => status === "open");
  if (connection === undefined) return [];
  let stream: Stream | undefined;
  try {
    stream = await connection.newStream(PEERS_PROTOCOL, { signal, runOnLimitedConnection: true });
    const frames = lpStream(stream, { maxDataLength: ANSWER_BYTES_MAX });
    const usable = own.filter((address) => address.length <= ADDRESS_CHARACTERS_MAX);
    await frames.write(codec.encode(addressList, usable.slice(0, ADDRESSES_PER_PEER_MAX)), { signal });
    const answer = await frames.read({ signal });
    await stream.close({ signal });
    return codec.decode(peerList, answer.subarray(), ANSWER_BYTES_MAX) ?? [];
  } catch (error) {
    stream?.abort(error as Error);
    return [];
  }
}
