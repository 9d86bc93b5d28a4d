/**
 * Whether others can dial this node (`/dikast/reach/1`): a sage tries, over a connection of its own. libp2p's AutoNAT asks only for public
 * addresses and only across several networks; contests are held in lecture halls too. A sage dials nobody but the asker: the address must
 * be the one that the question came from.
 */
import type { Connection, Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import { multiaddr } from "@multiformats/multiaddr";
import { codec, type NodeId } from "../../model/index.ts";
import type { Host } from "./host.ts";
import { peerIdOf } from "./peer-ids.ts";

export const REACH_PROTOCOL = "/dikast/reach/1";
const PORTS_MAX = 4;
const DIAL_TIMEOUT_MS = 2_000;
const TIMEOUT_MS = 10_000;
const BYTES_MAX = 512;
/** A peer that asks more often is not answered. */
const ASK_EVERY_MS = 1_000;
const ASKERS_MAX = 2_000;

const question = codec.list(codec.integer(1, 65_535), PORTS_MAX);
const answer = codec.struct({
  /** The address that the asker has for the sage. */
  observed: codec.text(100),
  /** Ports that could be dialled there. */
  open: codec.list(codec.integer(1, 65_535), PORTS_MAX),
});
export type Reachability = codec.ShapeOf<typeof answer>;

export async function answerReachability(host: Host): Promise<void> {
  const lastMs = new Map<string, number>();
  const reply = async (stream: Stream, connection: Connection): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const frames = lpStream(stream, { maxDataLength: BYTES_MAX });
      const ports = codec.decode(question, (await frames.read({ signal })).subarray(), BYTES_MAX);
      const asker = connection.remotePeer.toString();
      const ip = ipOf(connection.remoteAddr.toString());
      if (ports === undefined || ip === undefined) throw new Error("malformed question");
      if (Date.now() - (lastMs.get(asker) ?? 0) < ASK_EVERY_MS) throw new Error("asked too often");
      if (lastMs.size >= ASKERS_MAX) lastMs.clear();
      lastMs.set(asker, Date.now());
      const open: number[] = [];
      for (const port of ports) if (await canDial(host, `${ip}/tcp/${port}/p2p/${asker}`)) open.push(port);
      await frames.write(codec.encode(answer, { observed: ip, open }), { signal });
      await stream.close({ signal });
    } catch (error) {
      stream.abort(error as Error);
    }
  };
  await host.handle(REACH_PROTOCOL, reply, { maxInboundStreams: 2, maxOutboundStreams: 2 });
}

/** `/ip4/192.0.2.7` of a direct connection's address. */
function ipOf(address: string): string | undefined {
  return /^(\/ip[46]\/[^/]+)\/tcp\/\d+(?:\/p2p\/[^/]+)?$/.exec(address)?.[1];
}

async function canDial(host: Host, address: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(DIAL_TIMEOUT_MS);
    // A connection of its own: the one that is there proves nothing.
    const connection = await host.dial(multiaddr(address), { signal, force: true });
    await connection.close({ signal }).catch(() => connection.abort(new Error("done")));
    return true;
  } catch {
    return false;
  }
}

/** Undefined when the peer does not answer. `ports`: where this node listens. */
export async function askReachability(
  host: Host,
  sage: NodeId,
  ports: readonly number[],
): Promise<Reachability | undefined> {
  const connection = host
    .getConnections(peerIdOf(sage))
    .find(({ status, limits }) => status === "open" && limits === undefined);
  if (connection === undefined) return undefined;
  let stream: Stream | undefined;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    stream = await connection.newStream(REACH_PROTOCOL, { signal });
    const frames = lpStream(stream, { maxDataLength: BYTES_MAX });
    await frames.write(codec.encode(question, [...new Set(ports)].slice(0, PORTS_MAX)), { signal });
    return codec.decode(answer, (await frames.read({ signal })).subarray(), BYTES_MAX);
  } catch {
    return undefined;
  } finally {
    stream?.abort(new Error("done"));
  }
}

/** Of addresses such as `/ip4/10.0.0.7/tcp/9000/…`. */
export function portsOf(addresses: readonly string[]): readonly number[] {
  return addresses.flatMap((address) => {
    const port = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/(\d+)(?:\/p2p\/[^/]+)?$/.exec(address)?.[1];
    return port === undefined ? [] : [Number(port)];
  });
}
