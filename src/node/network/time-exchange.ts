/** What time is it at a peer (`/dikast/time/1`): for telling people that their clock is off. The answer is eight bytes, milliseconds since 1970. */
import type { Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import type { NodeId } from "../../model/index.ts";
import type { Host } from "./host.ts";
import { peerIdOf } from "./peer-ids.ts";

export const TIME_PROTOCOL = "/dikast/time/1";
const TIMEOUT_MS = 3_000;
const QUESTION = new Uint8Array([1]);
const ANSWER_BYTES = 8;

export async function tellTime(host: Host, now: () => number = Date.now): Promise<void> {
  const answer = async (stream: Stream): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const frames = lpStream(stream, { maxDataLength: QUESTION.length });
      await frames.read({ signal });
      const bytes = new Uint8Array(ANSWER_BYTES);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.round(now())));
      await frames.write(bytes, { signal });
      await stream.close({ signal });
    } catch (error) {
      stream.abort(error as Error);
    }
  };
  await host.handle(TIME_PROTOCOL, answer, {
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
    runOnLimitedConnection: true,
  });
}

export interface ClockReading {
  /** How far the peer's clock is ahead of the own one. */
  readonly offsetMs: number;
  /** The truth lies so far around it at most: half the round trip. */
  readonly errorMs: number;
}

/** Undefined when the peer does not answer. */
export async function readClockOf(host: Host, peer: NodeId): Promise<ClockReading | undefined> {
  const connection = host.getConnections(peerIdOf(peer)).find(({ status }) => status === "open");
  if (connection === undefined) return undefined;
  let stream: Stream | undefined;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    stream = await connection.newStream(TIME_PROTOCOL, { signal, runOnLimitedConnection: true });
    const frames = lpStream(stream, { maxDataLength: ANSWER_BYTES });
    const askedMs = performance.now();
    await frames.write(QUESTION, { signal });
    const frame = (await frames.read({ signal })).subarray();
    const roundTripMs = performance.now() - askedMs;
    if (frame.length !== ANSWER_BYTES) return undefined;
    const told = Number(new DataView(frame.buffer, frame.byteOffset, ANSWER_BYTES).getBigUint64(0));
    return { offsetMs: Math.round(told + roundTripMs / 2 - Date.now()), errorMs: Math.ceil(roundTripMs / 2) };
  } catch {
    return undefined;
  } finally {
    stream?.abort(new Error("done"));
  }
}
