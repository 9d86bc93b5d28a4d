/** Messages over a byte stream: four bytes of length (big-endian), then the value as `node:v8` serializes it. */
import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";

/** A task is a source of some KiB and a problem; a result holds outputs within their limits. */
export const FRAME_BYTES_MAX = 256 * 1024 * 1024;
const LENGTH_BYTES = 4;

export function sendFrame(socket: Socket, value: unknown): void {
  const payload = serialize(value);
  if (payload.length > FRAME_BYTES_MAX) throw new RangeError("message too long");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(payload.length);
  socket.write(length);
  socket.write(payload);
}

/**
 * Calls `onValue` with each message that arrives. A frame that is too long or damaged destroys the socket: both ends are
 * ours and of one user, so it is a bug or a different version, and `close` follows.
 */
export function receiveFrames(socket: Socket, onValue: (value: unknown) => void): void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = LENGTH_BYTES;
  let awaitingLength = true;
  const take = (): Buffer => {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks = all.length > needed ? [all.subarray(needed)] : [];
    buffered = all.length - needed;
    return all.subarray(0, needed);
  };
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.length;
    try {
      while (buffered >= needed) {
        const part = take();
        if (awaitingLength) {
          needed = part.readUInt32BE(0);
          if (needed > FRAME_BYTES_MAX) throw new RangeError("message too long");
        } else {
          needed = LENGTH_BYTES;
          onValue(deserialize(part));
        }
        awaitingLength = !awaitingLength;
      }
    } catch (error) {
      socket.destroy(error instanceof Error ? error : undefined);
    }
  });
}
