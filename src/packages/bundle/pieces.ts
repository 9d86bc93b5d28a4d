/** Names of a file and of its pieces by hash, so that each piece can be checked when it is fetched from a stranger. */
import { createHash } from "node:crypto";
import type { Hash } from "../../model/ids.ts";

/** Small enough to be fetched in well under a second, large enough that a list of hashes stays short (4 GiB: 512 KiB of hashes). */
export const PIECE_BYTES = 256 * 1024;

export interface FileNames {
  readonly sha256: Hash;
  readonly sizeBytes: number;
  /** SHA-256 of each run of `PIECE_BYTES` bytes, the last one shorter. */
  readonly pieces: readonly Hash[];
}

/** Hashes a stream on its way through; `names` is complete when the stream has ended. */
export function hashing(): {
  readonly transform: (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;
  readonly names: () => FileNames;
} {
  const whole = createHash("sha256");
  const pieces: Hash[] = [];
  let piece = createHash("sha256");
  let pieceBytes = 0;
  let sizeBytes = 0;
  const endPiece = (): void => {
    pieces.push(piece.digest("hex") as Hash);
    piece = createHash("sha256");
    pieceBytes = 0;
  };
  let names: FileNames | undefined;
  return {
    transform: async function* (source) {
      for await (const bytes of source) {
        whole.update(bytes);
        sizeBytes += bytes.length;
        for (let offset = 0; offset < bytes.length; ) {
          const part = bytes.subarray(offset, offset + PIECE_BYTES - pieceBytes);
          piece.update(part);
          pieceBytes += part.length;
          offset += part.length;
          if (pieceBytes === PIECE_BYTES) endPiece();
        }
        yield bytes;
      }
      if (pieceBytes > 0) endPiece();
      names = { sha256: whole.digest("hex") as Hash, sizeBytes, pieces };
    },
    names: () => {
      if (names === undefined) throw new TypeError("the stream has not ended");
      return names;
    },
  };
}
